//! The parts of the way from each machine to what it asks.

use crate::random::Random;

/// What a packet meets on one part, there and back.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weather {
    /// Chance of being lost.
    pub loss: f64,
    pub delay_ms: f64,
    /// Mean of what comes on top, exponentially.
    pub jitter_ms: f64,
}

impl Weather {
    const fn calm(delay_ms: f64, jitter_ms: f64) -> Self {
        Self { loss: 0.0, delay_ms, jitter_ms }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// From a machine to its switch or access point.
    Wire(usize),
    /// From the second switch to the first.
    Branch,
    /// The first switch.
    Switch,
    /// From the switch to the gateway.
    Uplink,
    /// The gateway itself.
    Gateway,
    /// From the gateway to the provider's first router.
    Access,
    /// From there to all others.
    Provider,
    Anchor(usize),
    /// Of two: that of the gateway, and a public one.
    Resolver(usize),
    Service,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    Gateway,
    /// The provider's first router.
    Hop,
    Anchor(usize),
    Neighbour(usize),
    Resolver(usize),
    Service,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Machine {
    pub is_wireless: bool,
    /// Behind the second switch.
    pub behind_branch: bool,
    pub wire: Weather,
}

/// How a router can be asked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Router {
    Pinged,
    /// It answers no pings, but says of packets that end at it that their time is over, less this share: routers make such
    /// answers when they have nothing better to do.
    InPassing {
        loss: f64,
    },
    Mute,
}

impl Router {
    pub fn answers(self) -> bool {
        self != Self::Mute
    }

    /// Chance that no answer comes though the way is well.
    pub(super) const fn loss(self) -> f64 {
        match self {
            Self::Pinged => 0.0,
            Self::InPassing { loss } => loss,
            Self::Mute => 1.0,
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Office {
    pub machines: Vec<Machine>,
    pub gateway: Router,
    /// Of the provider.
    pub first_router: Router,
    pub access: Weather,
    pub provider: Weather,
    pub anchors: [Weather; 3],
    /// What the line carries, in kbit/s each way.
    pub carries_kbit: f64,
}

pub const ANCHORS: usize = 3;

impl Office {
    pub(super) fn new(random: &mut Random) -> Self {
        let count = random.whole(1, 8) as usize;
        let has_branch = count >= 3 && random.chance(0.5);
        let machine = |number: usize, random: &mut Random| {
            let is_wireless = number > 0 && random.chance(0.3);
            let wire = if is_wireless {
                Weather { loss: random.between(0.0, 0.01), delay_ms: random.between(1.0, 4.0), jitter_ms: 2.0 }
            } else {
                Weather::calm(0.2, 0.1)
            };
            Machine { is_wireless, behind_branch: has_branch && !is_wireless && number.is_multiple_of(2), wire }
        };
        let machines = (0..count).map(|number| machine(number, random)).collect();
        let line_loss = if random.chance(0.2) { random.between(0.0, 0.004) } else { 0.0 };
        let mut office = Self {
            machines,
            gateway: if random.chance(0.1) { Router::Mute } else { Router::Pinged },
            first_router: if random.chance(0.7) { Router::Pinged } else { Router::Mute },
            access: Weather {
                loss: line_loss,
                delay_ms: random.between(2.0, 25.0),
                jitter_ms: random.between(0.2, 2.0),
            },
            provider: Weather::calm(random.between(1.0, 8.0), 0.3),
            anchors: [(); ANCHORS].map(|()| Weather::calm(random.between(0.5, 12.0), random.between(0.1, 0.8))),
            carries_kbit: random.between(5_000.0, 100_000.0),
        };
        // Last, so that all else is as it was before agents asked in passing.
        for router in [&mut office.first_router, &mut office.gateway] {
            if *router == Router::Mute && random.chance(2.0 / 3.0) {
                *router = Router::InPassing { loss: random.between(0.0, 0.02) };
            }
        }
        office
    }

    /// The parts on the way of a machine to a target, each once: there and back.
    pub(super) fn way(&self, machine: usize, target: Target) -> Vec<Part> {
        let own = |number: usize| {
            let branch = self.machines.get(number).is_some_and(|machine| machine.behind_branch);
            [Some(Part::Wire(number)), branch.then_some(Part::Branch)].into_iter().flatten()
        };
        let out = || own(machine).chain([Part::Switch, Part::Uplink, Part::Gateway]);
        let far = |last: Part| out().chain([Part::Access, Part::Provider, last]).collect();
        match target {
            Target::Gateway => out().collect(),
            Target::Resolver(0) => out().chain([Part::Resolver(0)]).collect(),
            Target::Resolver(other) => far(Part::Resolver(other)),
            Target::Hop => out().chain([Part::Access]).collect(),
            Target::Anchor(number) => far(Part::Anchor(number)),
            Target::Service => far(Part::Service),
            Target::Neighbour(other) => {
                let both = own(machine).chain(own(other)).collect::<Vec<_>>();
                let shared = both.iter().filter(|part| **part == Part::Branch).count() == 2;
                let through = both.into_iter().filter(|part| !(shared && *part == Part::Branch));
                through.chain((!shared).then_some(Part::Switch)).collect()
            }
        }
    }

    pub(super) fn weather(&self, part: Part) -> Weather {
        match part {
            Part::Wire(number) => self.machines.get(number).map_or(Weather::calm(0.0, 0.0), |machine| machine.wire),
            Part::Access => self.access,
            Part::Provider => self.provider,
            Part::Anchor(number) => self.anchors.get(number).copied().unwrap_or(Weather::calm(0.0, 0.0)),
            Part::Branch | Part::Switch | Part::Uplink | Part::Gateway => Weather::calm(0.1, 0.05),
            Part::Resolver(_) | Part::Service => Weather::calm(3.0, 1.0),
        }
    }

    /// How who stands at the end is asked.
    pub(super) fn router(&self, target: Target) -> Router {
        match target {
            Target::Gateway => self.gateway,
            Target::Hop => self.first_router,
            Target::Anchor(_) | Target::Neighbour(_) | Target::Resolver(_) | Target::Service => Router::Pinged,
        }
    }
}
