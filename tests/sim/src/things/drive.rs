//! A hard drive: well with what well ones count, on a bad cable, dying over weeks, or dead of a sudden.
//!
//! How many do what, and what they count meanwhile, is taken from published populations and from no rule that judges
//! drives: Pinheiro, Weber and Barroso, "Failure Trends in a Large Disk Drive Population", FAST 2007 (9 % of all drives
//! have set sectors aside, 2 % had scan errors, 36 % of those that failed showed nothing at all); Bairavasundaram et
//! al., "An Analysis of Latent Sector Errors in Disk Drives", SIGMETRICS 2007 (1.3 % of drives a year, in bursts); Ma et
//! al., "RAIDShield", FAST 2015 (sectors set aside grow for weeks, ever faster); Murray, Hughes and Kreutz-Delgado, JMLR
//! 6, 2005 (the makers' own thresholds say so beforehand for 3 to 10 % of failing drives).

use super::{Deed, Tick, days};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    drive::{Drive, DriveKind, Trouble, Verdict, code},
    ids::HostId,
    time::{Millis, Timestamp},
};

/// Of drives that are in use for years; the papers have 2 to 9 %.
const FAIL_A_YEAR: f64 = 0.06;
const SUDDEN: f64 = 0.36;
const SAYS_SO: f64 = 0.08;
/// Plugs that come loose, a year and drive.
const LOOSE_A_YEAR: f64 = 0.01;
/// Bursts of bad sectors on drives that stay well, a year and drive: of all that show a first error, three in ten fail
/// within eight months (Pinheiro et al.), and four in five never show fifty (Bairavasundaram et al.).
const BENIGN_A_YEAR: f64 = 0.08;
const BENIGN_BURST: (f64, f64) = (6.0, 2.0);
/// Of drives that die: sectors of a burst, the spread of a log-normal.
const DYING_BURST: (f64, f64) = (4.0, 1.1);
/// Dying takes so many days as a rule; the spread is that of a log-normal.
const DYING_DAYS: (f64, f64) = (30.0, 0.8);
/// Somebody of the office buys another at last.
const ENDURED: Millis = Millis::days(4);

#[derive(Debug, Clone, Copy)]
enum Fate {
    Well,
    /// Damaged transfers a day.
    Loose {
        per_day: f64,
    },
    Dying {
        since: Timestamp,
        until: Timestamp,
        says_so: bool,
    },
    Dead {
        /// The machine does not see it any more; else it gives errors alone.
        gone: bool,
    },
}

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    reallocated: f64,
    pending: f64,
    media: f64,
    cable: f64,
}

#[derive(Debug, Clone)]
pub struct Hdd {
    host: HostId,
    device: String,
    serial: String,
    terabytes: u64,
    /// Of a mirror: nobody notices when it goes.
    is_member: bool,
    hours: f64,
    counts: Counts,
    fate: Fate,
    next_trouble: Timestamp,
    trouble: f64,
    dead_for: Millis,
    random: Random,
}

impl Hdd {
    pub(crate) fn new(host: HostId, device: &str, trouble: f64, start: Timestamp, mut random: Random) -> Self {
        let mut drive = Self {
            host,
            device: device.to_owned(),
            serial: serial(&mut random),
            terabytes: random.whole(1, 8),
            is_member: false,
            hours: random.between(500.0, 40_000.0),
            counts: Counts::default(),
            fate: Fate::Well,
            next_trouble: start,
            trouble: trouble.max(0.01),
            dead_for: Millis(0),
            random,
        };
        drive.counts = drive.past();
        drive.next_trouble = drive.some_time(start);
        drive
    }

    #[must_use]
    pub(crate) const fn member(mut self) -> Self {
        self.is_member = true;
        self
    }

    /// What one that is well has counted before anybody looked.
    fn past(&mut self) -> Counts {
        let random = &mut self.random;
        let some =
            |random: &mut Random, share, most| if random.chance(share) { random.whole(1, most) as f64 } else { 0.0 };
        Counts {
            reallocated: some(random, 0.09, 24),
            pending: 0.0,
            media: some(random, 0.02, 4),
            cable: some(random, 0.05, 40),
        }
    }

    fn some_time(&mut self, from: Timestamp) -> Timestamp {
        from.plus(days(self.random.exponential(365.0 / ((FAIL_A_YEAR + LOOSE_A_YEAR) * self.trouble))))
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::Drive, self.host, &self.named().keyed(None).key)
    }

    pub(crate) const fn host(&self) -> HostId {
        self.host
    }

    /// Device, serial number, and whether it gives data.
    pub(crate) fn slot(&self) -> (&str, &str, bool) {
        (&self.device, &self.serial, !self.is_dead())
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        let step = tick.step.as_days();
        self.hours += tick.step.as_hours();
        match self.fate {
            Fate::Well => {
                self.be_well(step);
                if tick.at >= self.next_trouble {
                    self.begin(tick.at);
                }
            }
            Fate::Loose { per_day } => self.counts.cable += self.random.about(per_day * step),
            Fate::Dying { until, .. } if tick.at >= until => self.die(),
            Fate::Dying { since, until, .. } => {
                let part = tick.at.since(since).0 as f64 / until.since(since).0.max(1) as f64;
                self.decay(0.1 + 0.9 * part * part, DYING_BURST, step);
            }
            Fate::Dead { .. } => {
                self.counts.media += self.random.about(300.0 * step);
                self.dead_for = Millis(self.dead_for.0 + tick.step.0);
                if self.dead_for > ENDURED && !self.is_member {
                    self.replace(tick.at);
                }
            }
        }
    }

    fn begin(&mut self, at: Timestamp) {
        self.next_trouble = self.some_time(at);
        if self.random.chance(LOOSE_A_YEAR / (FAIL_A_YEAR + LOOSE_A_YEAR)) {
            self.fate = Fate::Loose { per_day: self.random.between(2.0, 60.0) };
        } else if self.random.chance(SUDDEN) {
            self.die();
        } else {
            let (median, spread) = DYING_DAYS;
            let length = (median * (spread * self.random.normal()).exp()).clamp(2.0, 150.0);
            let says_so = self.random.chance(SAYS_SO);
            self.fate = Fate::Dying { since: at, until: at.plus(days(length)), says_so };
        }
    }

    fn be_well(&mut self, step: f64) {
        self.decay(BENIGN_A_YEAR / 365.0, BENIGN_BURST, step);
    }

    /// Bursts of sectors that cannot be read, so many a day and of such a size; reads find them, writes set them aside.
    fn decay(&mut self, bursts_a_day: f64, (size, spread): (f64, f64), step: f64) {
        if self.random.chance(1.0 - (-bursts_a_day * step).exp()) {
            self.counts.pending += (size * (spread * self.random.normal()).exp()).ceil();
        }
        let pending = self.counts.pending;
        if pending > 0.0 {
            self.counts.media += self.random.about(0.04 * pending * step);
            let written = self.random.about(0.25 * pending * step).min(pending);
            self.counts.pending -= written;
            // Some can be written again and are kept.
            self.counts.reallocated += self.random.about(0.7 * written);
        }
    }

    fn die(&mut self) {
        self.fate = Fate::Dead { gone: self.random.chance(0.6) };
    }

    fn replace(&mut self, at: Timestamp) {
        self.serial = serial(&mut self.random);
        (self.hours, self.counts, self.fate, self.dead_for) = (0.0, Counts::default(), Fate::Well, Millis(0));
        self.next_trouble = self.some_time(at);
    }

    pub(crate) const fn is_dead(&self) -> bool {
        matches!(self.fate, Fate::Dead { .. })
    }

    pub(crate) const fn is_broken(&self) -> bool {
        self.is_dead() && !self.is_member
    }

    pub(crate) const fn is_foreseeable(&self) -> bool {
        self.counts.pending + self.counts.reallocated > 0.0
    }

    pub(crate) const fn needs_help(&self) -> bool {
        !matches!(self.fate, Fate::Well)
    }

    pub(crate) fn act(&mut self, at: Timestamp) -> Deed {
        if let Fate::Loose { .. } = self.fate {
            self.fate = Fate::Well;
            return Deed::did("Replaced the data cable of the drive.", 30);
        }
        self.replace(at);
        Deed::did("Put in a new drive and copied back what was on the old one.", 120)
    }

    fn named(&self) -> Drive {
        Drive {
            device: self.device.clone(),
            model: Some(format!("Example Disk {}TB", self.terabytes)),
            serial: Some(self.serial.clone()),
            kind: DriveKind::Hdd,
            bus: Some("SATA".to_owned()),
            ..Drive::default()
        }
    }

    pub(crate) fn observe(&self, at: Timestamp) -> Option<Drive> {
        let count = |value: f64| Some(value as u64);
        let verdict = match self.fate {
            Fate::Dead { gone: true } => return None,
            Fate::Dead { gone: false } => failing(),
            Fate::Dying { until, says_so: true, .. } if until.since(at) < Millis::days(5) => failing(),
            _ => Verdict::Passed,
        };
        let drive = Drive {
            bytes: Some(self.terabytes * 1_000_000_000_000),
            verdict,
            temperature_c: Some(36),
            power_on_hours: count(self.hours),
            media_errors: count(self.counts.media),
            reallocated_sectors: count(self.counts.reallocated),
            pending_sectors: count(self.counts.pending),
            crc_errors: count(self.counts.cable),
            ..self.named()
        };
        Some(drive.keyed(None))
    }
}

fn failing() -> Verdict {
    Verdict::Failing { reasons: vec![Trouble::new(code::SELF_ASSESSMENT)] }
}

pub(super) fn serial(random: &mut Random) -> String {
    format!("SIM{:08X}", random.bits() as u32)
}
