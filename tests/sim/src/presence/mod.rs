//! An office of twenty machines, minute by minute, of which it is known why each is absent. Made before any rule was
//! judged by it, from what is commonly known of offices:
//!
//! - Days ([`calendar`]): a week of five days in a zone with daylight saving time, whose change lies in the judged
//!   thirty days; one public holiday; in half of the offices one afternoon on which everybody goes home early.
//! - People ([`habit`]): come and go with a spread of a quarter of an hour or more, stay away now and then, put their
//!   machine to sleep at lunch, restart it, leave it on over night. They end their day by shutting down or
//!   suspending with a goodbye, or without one: by a power strip, by the fast startup of Windows, by a goodbye that
//!   got lost. Two machines are worked on in shifts, two laptops report from elsewhere on some days, one machine is
//!   never switched off by its owner but for a week of holidays; a server and a NAS run always and restart on Sundays.
//! - Trouble ([`trouble`]): two power cuts, about 03:00 and about 10:00, a cut of the internet line in working hours
//!   during which machines go on measuring, a server that dies, a NAS and a desk machine whose plugs a cleaner pulls in
//!   the evening. Laptops live through a power cut, but their network does not.
//! - What arrives ([`wire`]): one report a minute from each machine; what could not be sent comes later. Each says at its
//!   start whether it has a desktop, as all have but the server and the NAS.

mod calendar;
mod habit;
mod trouble;
mod wire;

pub use habit::{Machine, Stretch};
pub use trouble::{Cause, Cut, Fault};
pub use wire::Wire;

use crate::random::Random;
use beforehand_shared::time::{Millis, Timestamp};
use calendar::Days;

/// Days before the judged ones, from which is learned.
pub const LEARNED: i64 = 28;
pub const JUDGED: i64 = 30;

#[derive(Debug, Clone, PartialEq)]
pub struct Office {
    /// IANA name.
    pub zone: &'static str,
    pub start: Timestamp,
    pub judged_from: Timestamp,
    pub end: Timestamp,
    pub machines: Vec<Machine>,
    pub cuts: Vec<Cut>,
    /// Of machines that are always on.
    pub faults: Vec<Fault>,
}

impl Office {
    /// # Errors
    /// When a zone is no IANA name.
    pub fn new(seed: u64) -> Result<Self, jiff::Error> {
        let mut random = Random::named(seed, "presence");
        let days = Days::any(&mut random)?;
        let mut machines = habit::machines(&days, &mut random);
        let trouble = trouble::happen(&days, &mut machines, &mut random);
        let (start, judged_from) = (days.midnight(0), days.midnight(LEARNED));
        let end = days.midnight(LEARNED + JUDGED);
        Ok(Self { zone: days.zone, start, judged_from, end, machines, cuts: trouble.cuts, faults: trouble.faults })
    }

    /// Whether the collector cannot be reached from the office.
    pub fn is_cut_off(&self, at: Timestamp) -> bool {
        self.cuts.iter().any(|cut| (cut.from..cut.to).contains(&at))
    }

    /// Absences of more than `least` in the judged days of machines that were switched off or put to sleep: of all, and of
    /// those without a goodbye.
    pub fn switched_off(&self, least: Millis) -> (usize, usize) {
        let mut counted = (0, 0);
        for (number, machine) in self.machines.iter().enumerate() {
            for pair in machine.stretches.windows(2) {
                let (from, to) = (pair[0].to, pair[1].from);
                let broken = self.faults.iter().any(|fault| fault.machine == number && fault.from == from);
                let cut = self.cuts.iter().any(|cut| cut.cause == Cause::Power && cut.from == from);
                if from >= self.judged_from && to.since(from) > least && !broken && !cut {
                    counted.0 += 1;
                    counted.1 += usize::from(pair[0].goodbye.is_none());
                }
            }
        }
        counted
    }
}
