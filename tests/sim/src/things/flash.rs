//! A flash drive that wears: most so slowly that nobody lives to see it, one that much is written to within a year or two.
//!
//! They take more than their makers promise before they stop (Gasior, "The SSD Endurance Experiment", 2015: all six did);
//! how much more is a guess here. Some then go on for reading only.

use super::{Deed, Tick, drive::serial};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    drive::{Drive, DriveKind, Trouble, Verdict, code},
    ids::HostId,
    time::Millis,
};

const TERABYTES: u64 = 1;
/// Days: who knows that one has taken what was promised within half a year puts another into the budget.
const NEAR: f64 = 180.0;
const ENDURED: Millis = Millis::days(3);

#[derive(Debug, Clone)]
pub struct Flash {
    host: HostId,
    device: String,
    serial: String,
    /// Per cent of the writes that are promised: taken, more each day, and at the end.
    used: f64,
    per_day: f64,
    endures: f64,
    stopped_for: Millis,
    hours: f64,
    random: Random,
}

impl Flash {
    /// `heavy` is the chance that much is written to it.
    pub(crate) fn new(host: HostId, device: &str, heavy: f64, mut random: Random) -> Self {
        let is_heavy = random.chance(heavy);
        let per_day = if is_heavy { random.between(0.1, 0.35) } else { random.between(0.001, 0.02) };
        // As much as now was written to it all its life, more or less.
        let days = if is_heavy { random.between(5.0, 90.0) / per_day } else { random.between(30.0, 1_500.0) };
        let (used, hours) = (days * per_day, 24.0 * days * random.between(0.8, 1.4));
        Self {
            host,
            device: device.to_owned(),
            serial: serial(&mut random),
            used,
            per_day,
            endures: random.between(95.0, 160.0),
            stopped_for: Millis(0),
            hours,
            random,
        }
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::Drive, self.host, &self.named().keyed(None).key)
    }

    pub(crate) const fn host(&self) -> HostId {
        self.host
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        self.hours += tick.step.as_hours();
        if self.is_broken() {
            self.stopped_for = Millis(self.stopped_for.0 + tick.step.0);
            if self.stopped_for > ENDURED {
                self.replace();
            }
            return;
        }
        let weight = if tick.busy { 2.0 } else { 0.6 };
        self.used += self.per_day * tick.step.as_days() * weight * self.random.between(0.7, 1.3);
    }

    fn replace(&mut self) {
        self.serial = serial(&mut self.random);
        (self.used, self.hours, self.stopped_for) = (0.0, 0.0, Millis(0));
        self.endures = self.random.between(95.0, 160.0);
    }

    pub(crate) fn is_broken(&self) -> bool {
        self.used >= self.endures
    }

    pub(crate) fn needs_help(&self) -> bool {
        self.used + NEAR * self.per_day >= 100.0
    }

    pub(crate) fn act(&mut self) -> Deed {
        self.replace();
        Deed::did("Copied the worn drive to a new one and put that in.", 90)
    }

    fn named(&self) -> Drive {
        Drive {
            device: self.device.clone(),
            model: Some(format!("Example Flash {TERABYTES}TB")),
            serial: Some(self.serial.clone()),
            kind: DriveKind::Ssd,
            bus: Some("SATA".to_owned()),
            ..Drive::default()
        }
    }

    pub(crate) fn observe(&self) -> Drive {
        let verdict = match self.is_broken() {
            true => Verdict::Failing { reasons: vec![Trouble::new(code::READ_ONLY)] },
            false => Verdict::Passed,
        };
        let drive = Drive {
            bytes: Some(TERABYTES * 1_000_000_000_000),
            verdict,
            temperature_c: Some(38),
            power_on_hours: Some(self.hours as u64),
            wear_used_pct: Some(self.used.min(255.0) as u8),
            media_errors: Some(0),
            reallocated_sectors: Some(0),
            ..self.named()
        };
        drive.keyed(None)
    }
}
