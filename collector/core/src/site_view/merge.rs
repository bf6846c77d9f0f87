//! Several machines' view of the same moments as one.
//!
//! A part counts as disturbed as far as most machines see it: one machine with a bad cable is no fault of the gateway.
//! Nor is a router that answers no pings and passes them on: nothing nearer can be worse than what came through it, as
//! in reading a traceroute.

use super::Part;
use beforehand_shared::{ids::HostId, link::LinkRole, time::Timestamp};
use std::collections::{BTreeMap, BTreeSet};

/// Per cent from which a round is lost altogether.
const ALL: f64 = 99.0;

/// What the machines saw, by slot of time.
#[derive(Debug, Default)]
pub(super) struct Slots(BTreeMap<Timestamp, BTreeMap<HostId, Targets>>);

/// Per cent lost on the way to each target of one machine.
#[derive(Debug, Default)]
struct Targets {
    gateways: Vec<f64>,
    hops: Vec<f64>,
    anchors: Vec<f64>,
}

/// Per cent lost up to and including each part.
#[derive(Debug, Clone, Copy, Default)]
struct Reach {
    gateway: Option<f64>,
    line: Option<f64>,
    internet: Option<f64>,
}

/// One slot of time as most machines saw it.
#[derive(Debug, Clone)]
pub(super) struct Merged {
    pub(super) at: Timestamp,
    reach: Reach,
    /// Machines that did not come through.
    pub(super) cut_off: BTreeSet<HostId>,
}

impl Slots {
    pub(super) fn add(&mut self, at: Timestamp, (host, role): (HostId, LinkRole), loss_pct: f64) {
        let targets = self.0.entry(at).or_default().entry(host).or_default();
        match role {
            LinkRole::Gateway => targets.gateways.push(loss_pct),
            LinkRole::Access => targets.hops.push(loss_pct),
            LinkRole::Anchor => targets.anchors.push(loss_pct),
            LinkRole::Neighbour | LinkRole::Other => {}
        }
    }

    /// Oldest first.
    pub(super) fn merged(&self) -> Vec<Merged> {
        let merged = |(at, machines): (&Timestamp, &BTreeMap<HostId, Targets>)| {
            let seen: Vec<(HostId, Reach)> = machines.iter().map(|(host, targets)| (*host, targets.reach())).collect();
            let most = |part: fn(&Reach) -> Option<f64>| middle(seen.iter().filter_map(|(_, reach)| part(reach)));
            Merged {
                at: *at,
                reach: Reach {
                    gateway: most(|reach| reach.gateway),
                    line: most(|reach| reach.line),
                    internet: most(|reach| reach.internet),
                },
                cut_off: seen.iter().filter(|(_, reach)| reach.is_cut_off()).map(|(host, _)| *host).collect(),
            }
        };
        self.0.iter().map(merged).collect()
    }
}

impl Targets {
    fn reach(&self) -> Reach {
        let least = |all: &[f64]| all.iter().copied().min_by(f64::total_cmp);
        let through = least(&self.anchors);
        let passed = |loss: f64| through.map_or(loss, |through| loss.min(through));
        // With a single address nobody knows whether it is the line.
        let common = through.filter(|_| self.anchors.len() > 1);
        Reach {
            gateway: least(&self.gateways).map(passed),
            line: least(&self.hops).map(passed).or(common),
            internet: middle(self.anchors.iter().copied()),
        }
    }
}

impl Reach {
    fn is_cut_off(&self) -> bool {
        self.internet.or(self.line).or(self.gateway).is_some_and(|loss| loss >= ALL)
    }
}

impl Merged {
    /// Whether most machines came nowhere.
    pub(super) fn is_cut_off(&self) -> bool {
        self.reach.is_cut_off()
    }

    /// Per cent lost in this part alone; nothing where it was not measured.
    pub(super) fn own(&self, part: Part) -> Option<f64> {
        let Reach { gateway, line, internet } = self.reach;
        let beyond = |loss: f64, before: Option<f64>| (loss - before.unwrap_or(0.0)).max(0.0);
        match part {
            Part::Gateway => gateway,
            Part::Line => line.map(|loss| beyond(loss, gateway)),
            Part::Internet => internet.map(|loss| beyond(loss, line.or(gateway))),
            Part::Office | Part::Services => None,
        }
    }

    /// Per cent lost on the whole way as far as it was measured.
    pub(super) fn whole(&self) -> Option<f64> {
        self.reach.internet.or(self.reach.line).or(self.reach.gateway)
    }

    /// The part in which most is lost.
    pub(super) fn place(&self) -> Part {
        let lost = |part: &Part| self.own(*part).unwrap_or(0.0);
        // Of equals the nearest.
        Part::PINGED.into_iter().rev().max_by(|a, b| lost(a).total_cmp(&lost(b))).unwrap_or(Part::Internet)
    }
}

/// The middle one; of an even number the lower of the two.
fn middle(values: impl Iterator<Item = f64>) -> Option<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_unstable_by(f64::total_cmp);
    values.get(values.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    /// Each machine as losses of gateway and of anchors; gives the losses of the three parts.
    fn own(machines: &[(Option<f64>, &[f64])]) -> [Option<f64>; 3] {
        let mut slots = Slots::default();
        for (n, (gateway, anchors)) in machines.iter().enumerate() {
            let host = HostId(Uuid::from_u128(n as u128));
            gateway.iter().for_each(|loss| slots.add(Timestamp(0), (host, LinkRole::Gateway), *loss));
            anchors.iter().for_each(|loss| slots.add(Timestamp(0), (host, LinkRole::Anchor), *loss));
        }
        let merged = slots.merged().remove(0);
        Part::PINGED.map(|part| merged.own(part))
    }

    #[test]
    fn what_every_address_loses_behind_a_sound_gateway_is_lost_on_the_line() {
        assert_eq!(own(&[(Some(0.0), &[100.0, 100.0, 100.0])]), [Some(0.0), Some(100.0), Some(0.0)]);
        assert_eq!(own(&[(Some(100.0), &[100.0, 100.0])]), [Some(100.0), Some(0.0), Some(0.0)]);
        assert_eq!(own(&[(Some(0.0), &[0.0, 100.0, 100.0])]), [Some(0.0), Some(0.0), Some(100.0)]);
    }

    #[test]
    fn a_gateway_that_answers_nothing_and_passes_everything_is_sound() {
        assert_eq!(own(&[(Some(100.0), &[0.0, 0.0, 20.0])]), [Some(0.0), Some(0.0), Some(0.0)]);
    }

    #[test]
    fn one_machine_with_a_bad_cable_is_no_fault_of_the_way() {
        let well: (Option<f64>, &[f64]) = (Some(0.0), &[0.0, 0.0]);
        let alone: (Option<f64>, &[f64]) = (Some(100.0), &[100.0, 100.0]);
        assert_eq!(own(&[alone, well]), [Some(0.0), Some(0.0), Some(0.0)]);
        assert_eq!(own(&[alone, alone, well]), [Some(100.0), Some(0.0), Some(0.0)]);
    }

    #[test]
    fn with_a_single_address_nobody_says_that_it_is_the_line() {
        assert_eq!(own(&[(Some(0.0), &[100.0])]), [Some(0.0), None, Some(100.0)]);
    }
}
