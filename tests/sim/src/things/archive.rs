//! A volume whose file system goes wrong and is then mounted for reading only, often after it has noted errors for a
//! while (Bairavasundaram et al., "An Analysis of Data Corruption in the Storage Stack", FAST 2008: corruption comes in
//! clusters, and most of it is found by checks in the background before somebody reads it).

use super::{Deed, Tick, days};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    ids::HostId,
    time::{Millis, Timestamp},
    volume::Volume,
};

const MOUNT: &str = "/srv/archive";
const TOTAL: u64 = 2_000_000_000_000;
/// Share that notes errors before it stops, and how many days before.
const NOTED_BEFORE: f64 = 0.6;
const NOTED_DAYS: (f64, f64) = (0.2, 12.0);
/// Then somebody starts the machine again, which checks it.
const ENDURED: Millis = Millis::days(2);

#[derive(Debug, Clone, Copy, PartialEq)]
enum State {
    Sound,
    Damaged { stops_at: Timestamp },
    Stopped,
}

#[derive(Debug, Clone)]
pub struct Archive {
    host: HostId,
    state: State,
    errors: f64,
    /// It noted something before it stopped.
    announced: bool,
    next: Timestamp,
    mean_days: f64,
    stopped_for: Millis,
    free: f64,
    random: Random,
}

impl Archive {
    pub(crate) fn new(host: HostId, mean_days: f64, start: Timestamp, mut random: Random) -> Self {
        let next = start.plus(days(5.0 + random.exponential(mean_days)));
        let (state, stopped_for, free) = (State::Sound, Millis(0), TOTAL as f64 * random.between(0.6, 0.75));
        Self { host, state, errors: 0.0, announced: false, next, mean_days, stopped_for, free, random }
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::Volume, self.host, MOUNT)
    }

    pub(crate) const fn host(&self) -> HostId {
        self.host
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        match self.state {
            State::Sound if tick.at >= self.next => self.begin(tick.at),
            State::Sound => {
                self.free = (self.free + 2e9 * tick.step.as_days().sqrt() * self.random.normal())
                    .clamp(0.55 * TOTAL as f64, 0.8 * TOTAL as f64);
            }
            State::Damaged { stops_at } if tick.at >= stops_at => {
                self.errors += 1.0 + self.random.about(5.0);
                self.state = State::Stopped;
            }
            State::Damaged { .. } => self.errors += self.random.about(0.8 * tick.step.as_days()),
            State::Stopped => {
                self.stopped_for = Millis(self.stopped_for.0 + tick.step.0);
                if self.stopped_for > ENDURED {
                    self.repair(tick.at);
                }
            }
        }
    }

    fn begin(&mut self, at: Timestamp) {
        self.announced = self.random.chance(NOTED_BEFORE);
        let (least, most) = NOTED_DAYS;
        self.state = if self.announced {
            self.errors = 1.0;
            State::Damaged { stops_at: at.plus(days(self.random.between(least, most))) }
        } else {
            self.errors = 1.0;
            State::Stopped
        };
    }

    fn repair(&mut self, at: Timestamp) {
        (self.state, self.errors, self.stopped_for, self.announced) = (State::Sound, 0.0, Millis(0), false);
        self.next = at.plus(days(5.0 + self.random.exponential(self.mean_days)));
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.state == State::Stopped
    }

    pub(crate) const fn is_foreseeable(&self) -> bool {
        self.announced
    }

    pub(crate) fn needs_help(&self) -> bool {
        self.state != State::Sound
    }

    pub(crate) fn act(&mut self, at: Timestamp) -> Deed {
        self.repair(at);
        Deed::did("Checked and repaired the file system, and mounted it again.", 50)
    }

    pub(crate) fn observe(&self) -> Volume {
        Volume {
            mount: MOUNT.to_owned(),
            device: "/dev/md0".to_owned(),
            fs: "ext4".to_owned(),
            total_bytes: TOTAL,
            free_bytes: self.free as u64,
            turned_read_only: self.is_broken(),
            fs_errors: Some(self.errors as u64),
            ..Volume::default()
        }
    }
}
