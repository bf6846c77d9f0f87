//! Alarms beside marked points.

use super::Marked;
use crate::online::events::spans;

#[derive(Debug, Clone, Default)]
pub(super) struct Points {
    marked: u32,
    found: u32,
    alarming: u32,
    spells: u32,
    spells_found: u32,
    false_alarms: u32,
    weeks: f64,
    /// Files without any mark in which there was an alarm.
    pub(super) quiet_alarming: u32,
}

impl Points {
    pub(super) fn add(&mut self, file: &Marked, on: &[bool]) {
        let both = || file.marks.iter().zip(on);
        self.marked += both().filter(|(mark, _)| **mark).count() as u32;
        self.found += both().filter(|(mark, on)| **mark && **on).count() as u32;
        self.alarming += on.iter().filter(|on| **on).count() as u32;
        self.weeks += file.series.weeks();
        let touched = |from: usize, to: usize, of: &[bool]| of[from..=to].contains(&true);
        let alarms = spans(on);
        self.false_alarms += alarms.iter().filter(|alarm| !touched(alarm.from, alarm.to, &file.marks)).count() as u32;
        for spell in spans(&file.marks) {
            self.spells += 1;
            self.spells_found += u32::from(touched(spell.from, spell.to, on));
        }
        let quiet = !file.marks.contains(&true);
        self.quiet_alarming += u32::from(quiet && on.contains(&true));
    }

    pub(super) fn found(&self) -> Option<f64> {
        share(self.found, self.marked)
    }

    pub(super) fn spells_found(&self) -> Option<f64> {
        share(self.spells_found, self.spells)
    }

    pub(super) fn f1(&self) -> Option<f64> {
        share(2 * self.found, self.marked + self.alarming)
    }

    pub(super) fn false_a_week(&self) -> Option<f64> {
        (self.weeks > 0.0).then(|| f64::from(self.false_alarms) / self.weeks)
    }
}

fn share(part: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| f64::from(part) / f64::from(of))
}
