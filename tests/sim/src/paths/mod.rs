//! Offices whose way to the internet breaks at a place that only the world knows, as their agents see it minute by minute.
//!
//! - The way ([`office`]): one to eight machines, some by radio, some behind a second switch; a gateway, of ten of which
//!   one answers no pings; an access line of 2 to 25 ms; a provider's router, of ten of which three answer none, and two
//!   thirds of these and those in passing; three anchors, two name servers and a web address behind it. Every part has
//!   its usual delay, jitter and loss; radios lose up to one per cent.
//! - What breaks ([`fault`]): one kind of fault at one part, from a few per cent of loss to nothing at all coming through,
//!   from 20 ms more to 250; or nothing, or something that is none: one lost round, a gateway that answers no pings.
//! - What is seen ([`look`]): five pings a minute to every target, each lost or late by chance on every part it passes;
//!   of more than three machines three ask anchors in every round, the others in every fifth, as agents do.
//!
//! Made from what is commonly known of such networks, before any rule was judged by it.

pub mod fault;
mod look;
pub mod office;
mod segment;

pub use fault::Fault;
pub use office::{Office, Router};
pub use segment::Segment;

use crate::random::Random;
use beforehand_shared::{
    report::Report,
    time::{Millis, Timestamp},
};

/// Minutes that are known before it breaks, and for how many it is broken.
const BEFORE: i64 = 8 * 60;
const BROKEN: i64 = 45;

#[derive(Debug, Clone)]
pub struct World {
    pub office: Office,
    pub fault: Fault,
    /// By time.
    pub reports: Vec<Report>,
    pub broke_at: Timestamp,
    pub ended_at: Timestamp,
}

impl World {
    /// The world of a seed, whose fault begins then.
    pub fn new(seed: u64, broke_at: Timestamp) -> Self {
        let office = Office::new(&mut Random::named(seed, "office of paths"));
        let fault = Fault::any(seed, &office, &mut Random::named(seed, "fault of paths"));
        let mut agents = look::agents(&office, &mut Random::named(seed, "looks of paths"));
        let mut reports = Vec::new();
        for minute in -BEFORE..=BROKEN {
            let at = broke_at.plus(Millis::minutes(minute));
            reports.extend(agents.iter_mut().filter_map(|agent| agent.look(&office, &fault, (minute, at))));
        }
        reports.sort_by_key(|report| (report.made_at, report.host));
        Self { office, fault, reports, broke_at, ended_at: broke_at.plus(Millis::minutes(BROKEN)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn the_same_seed_gives_the_same_world_and_all_kinds_of_faults_come() {
        let at = Timestamp(1_772_445_600_000);
        assert_eq!(World::new(3, at).reports, World::new(3, at).reports);
        let office = |seed| Office::new(&mut Random::named(seed, "office of paths"));
        let fault = |seed| Fault::any(seed, &office(seed), &mut Random::named(seed, "fault of paths"));
        let truths: BTreeSet<Segment> = (0..200).map(|seed| fault(seed).truth).collect();
        assert_eq!(truths.len(), 9, "{truths:?}");
    }
}
