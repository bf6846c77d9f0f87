//! One fault: where, how bad, and what a sincere engineer would call its place.

use super::office::{Office, Part, Weather};
use super::segment::Segment;
use crate::random::Random;

#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub name: String,
    pub truth: Segment,
    part: Option<Part>,
    how: How,
    /// Minutes after it broke at which it is over; nothing while it lasts.
    until: Option<i64>,
}

#[derive(Debug, Clone, Copy, PartialEq)]
enum How {
    /// Nothing comes through. Of a wire: whether the machine sees that nothing is at the other end.
    Down {
        seen: bool,
    },
    Lossy(f64),
    Slow(f64),
    /// A machine sends all that the line carries.
    Filled {
        machine: usize,
        queue_ms: f64,
        loss: f64,
    },
}

const KINDS: u64 = 20;

impl Fault {
    /// Kinds take turns by seed, so that each comes as often.
    pub(super) fn any(seed: u64, office: &Office, random: &mut Random) -> Self {
        let machine = random.whole(0, office.machines.len() as u64 - 1) as usize;
        let branch = office.machines.iter().filter(|machine| machine.behind_branch).count();
        let (loss, ms) = (random.between(0.05, 0.6), random.between(20.0, 250.0));
        let (kind, how) = (seed % KINDS, (How::Lossy(loss), How::Slow(ms)));
        match kind {
            0..=8 => Self::in_the_office(kind, (machine, branch > 1), how.0),
            _ => Self::behind_the_gateway(kind, machine, how, random),
        }
    }

    fn in_the_office(kind: u64, (machine, has_branch): (usize, bool), lossy: How) -> Self {
        let (own, down) = (Some(Part::Wire(machine)), How::Down { seen: false });
        let branch = Some(Part::Branch).filter(|_| has_branch);
        match (kind, branch) {
            (0, _) => Self::new("nothing", Segment::None, None, down),
            (1, _) => {
                let line = Self::new("one lost round of the line", Segment::None, Some(Part::Access), down);
                Self { until: Some(1), ..line }
            }
            (2, _) => Self::new("a cable is pulled", Segment::Own, own, How::Down { seen: true }),
            (3, _) => Self::new("a port is dead", Segment::Own, own, down),
            (4, _) => Self::new("a cable or radio loses", Segment::Own, own, lossy),
            (5, Some(_)) => Self::new("the second switch is dead", Segment::Lan, branch, down),
            (6, Some(_)) => Self::new("the cable of the second switch loses", Segment::Lan, branch, lossy),
            (5, None) => Self::new("the switch is dead", Segment::Lan, Some(Part::Switch), down),
            (6, None) => Self::new("the cable from switch to gateway loses", Segment::Lan, Some(Part::Uplink), lossy),
            (7, _) => Self::new("the gateway is dead", Segment::Gateway, Some(Part::Gateway), down),
            _ => Self::new("the gateway loses", Segment::Gateway, Some(Part::Gateway), lossy),
        }
    }

    fn behind_the_gateway(kind: u64, machine: usize, (lossy, slow): (How, How), random: &mut Random) -> Self {
        let (access, provider, down) = (Some(Part::Access), Some(Part::Provider), How::Down { seen: false });
        let mut one_of = |count: u64| random.whole(0, count - 1) as usize;
        match kind {
            9 => Self::new("the line is dead", Segment::AccessLine, access, down),
            10 | 11 => Self::new("the line loses", Segment::AccessLine, access, lossy),
            12 => Self::new("the line is slow", Segment::AccessLine, access, slow),
            13 => Self::new("the provider is dead", Segment::Isp, provider, down),
            14 => Self::new("the provider loses", Segment::Isp, provider, lossy),
            15 => Self::new("the provider is slow", Segment::Isp, provider, slow),
            16 => Self::new("a name server is dead", Segment::Dns, Some(Part::Resolver(one_of(2))), down),
            17 => Self::new("the web address is dead", Segment::RemoteService, Some(Part::Service), down),
            18 => Self::new("an anchor is dead", Segment::RemoteService, Some(Part::Anchor(one_of(3))), down),
            _ => {
                let (queue_ms, loss) = (random.between(60.0, 300.0), random.between(0.0, 0.12));
                Self::new(
                    "a machine fills the line",
                    Segment::Saturated,
                    access,
                    How::Filled { machine, queue_ms, loss },
                )
            }
        }
    }

    fn new(name: &str, truth: Segment, part: Option<Part>, how: How) -> Self {
        Self { name: name.to_owned(), truth, part, how, until: None }
    }

    fn is_on(&self, minute: i64) -> bool {
        minute >= 0 && self.until.is_none_or(|until| minute < until)
    }

    /// What it makes of the usual weather of a part.
    pub(super) fn weather(&self, part: Part, minute: i64, usual: Weather) -> Weather {
        if self.part != Some(part) || !self.is_on(minute) {
            return usual;
        }
        match self.how {
            How::Down { .. } => Weather { loss: 1.0, ..usual },
            How::Lossy(loss) => Weather { loss, ..usual },
            How::Slow(ms) => Weather { delay_ms: usual.delay_ms + ms, jitter_ms: usual.jitter_ms + ms / 10.0, ..usual },
            How::Filled { queue_ms, loss, .. } => {
                Weather { loss, delay_ms: usual.delay_ms + queue_ms, jitter_ms: usual.jitter_ms + queue_ms / 5.0 }
            }
        }
    }

    /// Whether a machine sees that nothing is at the other end of its cable.
    pub(super) fn unplugs(&self, machine: usize, minute: i64) -> bool {
        self.is_on(minute) && self.part == Some(Part::Wire(machine)) && self.how == How::Down { seen: true }
    }

    /// Whether the gateway tells a machine its hardware address: anything does that holds the cables together.
    pub(super) fn hides_gateway(&self, way: &[Part], minute: i64) -> bool {
        let down = matches!(self.how, How::Down { .. }) && self.is_on(minute);
        down && self.part.is_some_and(|part| way.contains(&part))
    }

    /// What a machine sends of its own accord, in kbit/s.
    pub(super) fn sends(&self, machine: usize, minute: i64, carries_kbit: f64) -> Option<f64> {
        match self.how {
            How::Filled { machine: who, .. } if who == machine && self.is_on(minute) => Some(0.95 * carries_kbit),
            _ => None,
        }
    }
}
