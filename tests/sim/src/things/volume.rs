//! A volume: ordinary churn, a backup sawtooth that never fills, or one of three ways to fill.

use super::{Deed, Tick};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    ids::HostId,
    time::{Millis, Timestamp},
    volume::Volume,
};

const GIB: f64 = 1_073_741_824.0;
/// Users lose files below this: PREVENTION.md, section 1.
const FLOOR_SHARE: f64 = 0.005;
const FLOOR_BYTES: f64 = 200.0 * 1_048_576.0;
/// Working hours are this much denser than the mean hour of a week.
const BUSY_WEIGHT: f64 = 3.4;

/// How a volume fills.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// The same every working day; full after weeks.
    Steady,
    /// Ever faster; full after a week or two.
    Accelerating,
    /// A program gone wild; full within hours.
    Runaway,
}

#[derive(Debug, Clone, Copy)]
enum Life {
    Ordinary,
    Sawtooth,
    Filling {
        bytes_per_day: f64,
        /// Factor of the rate per day.
        growth: f64,
        whole_day: bool,
        /// Used share at which somebody of the office tidies up unasked.
        tidied_at: Option<f64>,
    },
}

#[derive(Debug, Clone)]
pub struct Disk {
    host: HostId,
    mount: String,
    fs: &'static str,
    total: f64,
    used: f64,
    /// Where ordinary churn returns to.
    level: f64,
    life: Life,
    /// When it starts to fill next, and how.
    due: Vec<(Timestamp, Pace)>,
    full_for: Millis,
    random: Random,
}

impl Disk {
    pub(crate) fn new(host: HostId, mount: &str, size_gib: f64, mut random: Random) -> Self {
        let total = size_gib * GIB;
        let level = total * random.between(0.35, 0.6);
        let fs = if mount.starts_with('/') { "ext4" } else { "NTFS" };
        let life = Life::Ordinary;
        let full_for = Millis(0);
        Self { host, mount: mount.to_owned(), fs, total, used: level, level, life, due: Vec::new(), full_for, random }
    }

    /// Backups every night, the oldest thrown away every Sunday: up and down between half and
    /// seven eighths for ever.
    #[must_use]
    pub(crate) const fn sawtooth(mut self) -> Self {
        self.used = self.total * 0.5;
        self.life = Life::Sawtooth;
        self
    }

    /// Starts to fill at each of these instants (ascending).
    #[must_use]
    pub(crate) fn filling(mut self, due: Vec<(Timestamp, Pace)>) -> Self {
        self.due = due;
        self
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::Volume, self.host, &self.mount)
    }

    pub(crate) const fn host(&self) -> HostId {
        self.host
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        while self.due.first().is_some_and(|(at, _)| *at <= tick.at) {
            let (_, pace) = self.due.remove(0);
            self.begin(pace);
        }
        let days = tick.step.as_days();
        match self.life {
            Life::Ordinary => self.churn(days),
            Life::Sawtooth => self.back_up(tick, days),
            Life::Filling { bytes_per_day, growth, whole_day, tidied_at } => {
                let weight = if whole_day { 1.0 } else { f64::from(u8::from(tick.busy)) * BUSY_WEIGHT };
                self.used += bytes_per_day * days * weight * self.random.between(0.6, 1.4);
                let bytes_per_day = bytes_per_day * growth.powf(days);
                self.life = Life::Filling { bytes_per_day, growth, whole_day, tidied_at };
                if tidied_at.is_some_and(|share| self.used > share * self.total) {
                    self.tidy();
                }
            }
        }
        self.used = self.used.clamp(0.0, self.total);
        self.full_for = if self.is_broken() { Millis(self.full_for.0 + tick.step.0) } else { Millis(0) };
        // Nobody endures a full disk for ever: in the end someone deletes what he can.
        if self.full_for > Millis::days(3) {
            self.tidy();
        }
    }

    fn begin(&mut self, pace: Pace) {
        let left = self.total - self.used;
        let tidied_at = self.random.chance(0.2).then(|| self.random.between(0.9, 0.97));
        self.life = match pace {
            Pace::Steady => Life::Filling {
                bytes_per_day: left / self.random.between(14.0, 40.0),
                growth: 1.0,
                whole_day: false,
                tidied_at,
            },
            Pace::Accelerating => {
                let growth: f64 = self.random.between(1.2, 1.4);
                let days = self.random.between(9.0, 16.0);
                let bytes_per_day = left * growth.ln() / (growth.powf(days) - 1.0);
                Life::Filling { bytes_per_day, growth, whole_day: true, tidied_at }
            }
            Pace::Runaway => Life::Filling {
                bytes_per_day: left / (self.random.between(3.0, 12.0) / 24.0),
                growth: 1.0,
                whole_day: true,
                tidied_at: None,
            },
        };
    }

    fn churn(&mut self, days: f64) {
        let pull = (self.level - self.used) * (0.2 * days).min(1.0);
        self.used += (self.total * 0.004 * days.sqrt()).mul_add(self.random.normal(), pull);
    }

    fn back_up(&mut self, tick: &Tick, days: f64) {
        let hour = tick.local.minute / 60;
        if tick.local.weekday() == 6 && hour == 12 {
            self.used = self.total * self.random.between(0.49, 0.51);
        } else if (1..4).contains(&hour) {
            // Seven nights of three hours: 5 % of the volume each.
            self.used += self.total * 0.05 * (days * 8.0) * self.random.between(0.9, 1.1);
        }
    }

    fn tidy(&mut self) {
        self.used = self.used.min(self.total * self.random.between(0.5, 0.62));
        self.level = self.used;
        self.life = Life::Ordinary;
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.total - self.used < (self.total * FLOOR_SHARE).max(FLOOR_BYTES)
    }

    pub(crate) const fn needs_help(&self) -> bool {
        matches!(self.life, Life::Filling { .. })
    }

    pub(crate) fn act(&mut self) -> Deed {
        let before = self.used;
        self.tidy();
        let freed = ((before - self.used) / GIB).round();
        Deed::did(&format!("Removed old files and moved archives away: {freed} GiB freed."), 35)
    }

    pub(crate) fn observe(&self) -> Volume {
        Volume {
            mount: self.mount.clone(),
            device: if self.fs == "ext4" { "/dev/sdb1".to_owned() } else { self.mount.clone() },
            fs: self.fs.to_owned(),
            total_bytes: self.total as u64,
            free_bytes: ((self.total - self.used) / 4096.0).floor() as u64 * 4096,
            inodes_total: (self.fs == "ext4").then_some(13_107_200),
            inodes_free: (self.fs == "ext4").then_some(12_400_000),
            ..Volume::default()
        }
    }
}
