//! What the agents of an office report, a report a minute each.

use super::{
    fault::Fault,
    office::{ANCHORS, Office, Part, Target},
};
use crate::random::Random;
use beforehand_shared::{
    PROTOCOL_VERSION,
    ids::{BootId, HostId, Incarnation},
    interface::{Interface, InterfaceState, Traffic},
    link::{Endpoint, Link, LinkRole, Resolver},
    observation::Observation,
    report::Report,
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
};
use std::net::IpAddr;
use uuid::Uuid;

const PINGS: u32 = 5;
/// Pings without an answer after this are lost.
const TIMEOUT_MS: f64 = 2_000.0;
/// Machines that ask anchors in every round; the others do in every fifth.
const WATCHERS: usize = 3;
const SELDOM: i64 = 5;
/// Rounds after a heavy loss before they are asked seldom again.
const WATCHFUL: u32 = 10;
const NEIGHBOURS: usize = 2;
const GATEWAY: &str = "192.168.1.1";
const HOP: &str = "100.64.0.1";
const ADDRESSES: [&str; ANCHORS] = ["192.0.2.1", "198.51.100.1", "203.0.113.1"];

pub(super) struct Agent {
    machine: usize,
    random: Random,
    seq: u64,
    /// Since it started there was no boot, no restart.
    phase: i64,
    /// For so many rounds more it asks all: since an anchor, or the gateway, lost something last.
    anchors: u32,
    gateway: u32,
}

pub(super) fn agents(office: &Office, random: &mut Random) -> Vec<Agent> {
    let agent = |machine: usize| Agent {
        machine,
        random: Random::new(random.bits()),
        seq: 0,
        phase: (machine as i64) % SELDOM,
        anchors: 0,
        gateway: 0,
    };
    (0..office.machines.len()).map(agent).collect()
}

/// The world as one machine meets it in one minute.
struct Scene<'a> {
    office: &'a Office,
    fault: &'a Fault,
    minute: i64,
}

impl Agent {
    /// The report of a minute.
    pub(super) fn look(&mut self, office: &Office, fault: &Fault, (minute, at): (i64, Timestamp)) -> Option<Report> {
        let scene = Scene { office, fault, minute };
        self.seq += 1;
        let at = at.plus(Millis(700 * self.machine as i64));
        let mono_ms = u64::try_from(at.0).ok()?;
        let run = |probe: &str, observations| ProbeRun {
            probe: probe.to_owned(),
            at,
            mono_ms,
            took_ms: 1,
            outcome: Outcome::Seen { observations },
        };
        let runs = vec![
            run("connectivity", self.pings(&scene)),
            run("service", self.services(&scene)),
            run("interfaces", vec![Observation::Interface(self.interface(&scene))]),
        ];
        let number = self.machine as u128 + 1;
        Some(Report {
            protocol: PROTOCOL_VERSION,
            host: HostId(Uuid::from_u128(number)),
            incarnation: Incarnation(Uuid::from_u128(number)),
            seq: self.seq,
            boot: BootId(Uuid::from_u128(number)),
            made_at: at,
            mono_ms,
            goodbye: None,
            gaps: Vec::new(),
            runs,
        })
    }

    fn pings(&mut self, scene: &Scene) -> Vec<Observation> {
        let turn = (scene.minute + self.phase).rem_euclid(SELDOM) == 0;
        let mut seen = Vec::new();
        // A machine without a cable has no route, and no gateway to ask.
        let mut watch = WATCHFUL;
        if !scene.fault.unplugs(self.machine, scene.minute) {
            let gateway = self.link(scene, Target::Gateway, (GATEWAY.to_owned(), LinkRole::Gateway));
            watch = if scene.office.gateway.answers() { watch_after(&gateway) } else { 0 };
            seen.push(Observation::Link(gateway));
        }
        self.gateway = watch.max(self.gateway.saturating_sub(1));
        let was_watchful = self.anchors > 0;
        self.anchors = self.anchors.saturating_sub(1);
        if self.machine < WATCHERS || was_watchful || self.gateway > 0 || turn {
            if scene.office.first_router.answers() {
                seen.push(Observation::Hop(self.link(scene, Target::Hop, (HOP.to_owned(), LinkRole::Access))));
            }
            let anchors: Vec<Link> = (0..ANCHORS)
                .map(|n| self.link(scene, Target::Anchor(n), (ADDRESSES[n].to_owned(), LinkRole::Anchor)))
                .collect();
            self.anchors = anchors.iter().map(watch_after).max().unwrap_or(0).max(self.anchors);
            seen.extend(anchors.into_iter().map(Observation::Link));
        }
        if self.gateway > 0 || turn {
            let own = self.machine;
            for other in (0..scene.office.machines.len()).filter(|other| *other != own).take(NEIGHBOURS) {
                let name = (address(other).to_string(), LinkRole::Neighbour);
                seen.push(Observation::Neighbour(self.link(scene, Target::Neighbour(other), name)));
            }
        }
        seen
    }

    fn link(&mut self, scene: &Scene, target: Target, (name, role): (String, LinkRole)) -> Link {
        let mut trips: Vec<f64> = (0..PINGS).filter_map(|_| self.trip(scene, target)).collect();
        let lost = PINGS - trips.len() as u32;
        let steps = trips.windows(2).map(|pair| (pair[1] - pair[0]).abs());
        let jitter = (trips.len() > 1).then(|| steps.sum::<f64>() / (trips.len() - 1) as f64);
        trips.sort_by(f64::total_cmp);
        let us = |ms: f64| (ms * 1e3) as u32;
        Link {
            target: name,
            role,
            sent: PINGS,
            lost,
            median_us: trips.get(trips.len() / 2).copied().map(us),
            jitter_us: jitter.map(us),
        }
    }

    /// Milliseconds there and back; nothing if it was lost.
    fn trip(&mut self, scene: &Scene, target: Target) -> Option<f64> {
        let mut ms = 0.0;
        for part in scene.office.way(self.machine, target) {
            let weather = scene.fault.weather(part, scene.minute, scene.office.weather(part));
            if self.random.chance(weather.loss) {
                return None;
            }
            ms += weather.delay_ms + self.random.exponential(weather.jitter_ms.max(0.001));
        }
        let loss = scene.office.router(target).loss();
        let unanswered = loss > 0.0 && self.random.chance(loss);
        (!unanswered && ms < TIMEOUT_MS).then_some(ms)
    }

    /// Asked twice, as resolvers and browsers do.
    fn services(&mut self, scene: &Scene) -> Vec<Observation> {
        let mut ask = |target| self.trip(scene, target).or_else(|| self.trip(scene, target));
        let resolver = |number: usize, trip: Option<f64>| {
            Observation::Resolver(Resolver {
                server: [GATEWAY, "198.18.53.53"][number].to_owned(),
                question: "example.com".to_owned(),
                took_us: (trip.unwrap_or(TIMEOUT_MS) * 1e3) as u32,
                error: trip.is_none().then(|| "no answer".to_owned()),
            })
        };
        let service = ask(Target::Service);
        let endpoint = Observation::Endpoint(Endpoint {
            url: "https://shop.example/".to_owned(),
            status: service.map(|_| 200),
            took_us: (3.0 * service.unwrap_or(TIMEOUT_MS) * 1e3) as u32,
            error: service.is_none().then(|| "no answer".to_owned()),
            certificate: None,
        });
        let resolvers = [0, 1].map(|number| resolver(number, ask(Target::Resolver(number))));
        resolvers.into_iter().chain([endpoint]).collect()
    }

    fn interface(&mut self, scene: &Scene) -> Interface {
        let unplugged = scene.fault.unplugs(self.machine, scene.minute);
        let way = scene.office.way(self.machine, Target::Gateway);
        let wire =
            scene.fault.weather(Part::Wire(self.machine), scene.minute, scene.office.weather(Part::Wire(self.machine)));
        let own = scene.office.machines.get(self.machine);
        let is_wireless = own.is_some_and(|own| own.is_wireless);
        let usual = self.random.exponential(0.01 * scene.office.carries_kbit);
        let sent_kbit = scene.fault.sends(self.machine, scene.minute, scene.office.carries_kbit).unwrap_or(usual);
        // Where a cable damages frames, some arrive and are counted as damaged.
        let errors = if wire.loss < 1.0 && !is_wireless { self.random.of(40, wire.loss / 2.0) } else { 0 };
        Interface {
            name: if is_wireless { "wlan0" } else { "eth0" }.to_owned(),
            state: if unplugged { InterfaceState::NoCarrier } else { InterfaceState::Up },
            speed_mbit: (!is_wireless).then_some(1_000),
            full_duplex: (!is_wireless).then_some(true),
            address: Some(address(self.machine)),
            gateway: GATEWAY.parse().ok(),
            access_point: None,
            signal_dbm: is_wireless.then_some(-60),
            traffic: Some(Traffic {
                over_ms: 60_000,
                received_bytes: (usual * 7_500.0) as u64,
                sent_bytes: (sent_kbit * 7_500.0) as u64,
                errors: errors.into(),
                dropped: 0,
                retries: None,
            }),
            gateway_known: Some(!scene.fault.hides_gateway(&way, scene.minute)),
        }
    }
}

/// For how many rounds more all are asked after this.
const fn watch_after(link: &Link) -> u32 {
    match link.lost {
        0 => 0,
        1 => 1,
        _ => WATCHFUL,
    }
}

fn address(machine: usize) -> IpAddr {
    [192, 168, 1, 20 + machine as u8].into()
}
