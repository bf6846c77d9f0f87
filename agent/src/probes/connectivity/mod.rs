//! Paths out of this machine, and the services that people reach over them.

pub mod address;
pub mod certificate;
pub mod dns;
mod endpoint;
pub mod hop;
mod mail;
pub mod parse;
mod ping;
mod service;
mod trace;
pub mod turns;

#[cfg(unix)]
mod echo_linux;
#[cfg(unix)]
mod linux;
#[cfg(unix)]
use {echo_linux as echo, linux as system};
#[cfg(windows)]
mod echo_windows;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use {echo_windows as echo, windows as system};

pub use self::service::Services;

use self::ping::{Passing, Target};
use crate::{
    config,
    handed::Handed,
    probe::{Looking, Probe, ProbeError},
    time::Reading,
};
use beforehand_shared::{
    link::{Link, LinkRole},
    observation::Observation,
    route::{Occasion, Route},
    settings::HandedNetwork,
};
use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Pings to the gateway, to the first router behind it that is the provider's, to public anchors and to neighbours; and
/// now and then the whole way to an anchor.
pub struct Links {
    settings: config::Connectivity,
    handed: Option<Handed>,
    learnt: Mutex<Learnt>,
}

/// What earlier runs found.
#[derive(Default)]
struct Learnt {
    known: hop::Known,
    turns: turns::Turns,
}

impl Links {
    pub fn new(settings: &config::Connectivity) -> Self {
        Self { settings: settings.clone(), handed: None, learnt: Mutex::default() }
    }

    /// Shares the work with others of its office, as the collector says.
    #[must_use]
    pub fn with(self, handed: &Handed) -> Self {
        Self { handed: Some(handed.clone()), ..self }
    }

    fn learnt(&self) -> MutexGuard<'_, Learnt> {
        self.learnt.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn targets(&self, route: Option<IpAddr>, network: &HandedNetwork) -> Vec<Target> {
        let settings = &self.settings;
        let learnt = self.learnt();
        // Without an address of that kind nothing can be said of the way there.
        let has_v6 = settings.anchors.iter().any(IpAddr::is_ipv6) && has_global_v6();
        let anchors = settings.anchors.iter().filter(|anchor| anchor.is_ipv4() || has_v6);
        let of = |role: LinkRole| move |address: &IpAddr| Target { address: *address, role, passing: None };
        let gateway = route.filter(|_| settings.gateway);
        let near = gateway.map(|address| {
            let distance = learnt.known.asks_in_passing(address).then_some(1);
            Target { passing: self.passing(distance), ..of(LinkRole::Gateway)(&address) }
        });
        let hop = learnt.known.hop(route).filter(|_| settings.access);
        let first = hop.map(|hop| {
            let distance = hop.in_passing.then_some(hop.distance);
            Target { passing: self.passing(distance), ..of(LinkRole::Access)(&hop.router) }
        });
        let near = near.into_iter().chain(first);
        let neighbours = network.neighbours.iter().map(of(LinkRole::Neighbour));
        let mut targets: Vec<Target> = near.chain(anchors.map(of(LinkRole::Anchor))).chain(neighbours).collect();
        targets.retain(|target| learnt.turns.asks(target.role, network));
        // Answers are told apart by address, so each is asked once.
        let mut seen = Vec::new();
        targets.retain(|target| {
            let new = !seen.contains(&target.address);
            seen.push(target.address);
            new
        });
        targets
    }

    /// Pings to an anchor that end at somebody on the way.
    fn passing(&self, distance: Option<u8>) -> Option<Passing> {
        Some(Passing { towards: self.traced_anchor()?, distance: distance? })
    }

    /// Traces go towards it.
    fn traced_anchor(&self) -> Option<IpAddr> {
        self.settings.anchors.iter().copied().find(IpAddr::is_ipv4)
    }
}

/// Whether the machine has an IPv6 address of the internet (2000::/3, RFC 4291).
fn has_global_v6() -> bool {
    let own = if_addrs::get_if_addrs().unwrap_or_default();
    own.iter().any(|own| matches!(own.ip(), IpAddr::V6(address) if address.segments()[0] >> 13 == 1))
}

impl Probe for Links {
    fn name(&self) -> &'static str {
        "connectivity"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    fn deadline(&self) -> Duration {
        self.settings.every.get() + self.settings.timeout.get() * 2 + Duration::from_secs(5)
    }

    fn run(&self, now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let gateway = system::gateway();
            let network = self.handed.as_ref().map(Handed::network).unwrap_or_default();
            let targets = self.targets(gateway, &network);
            if targets.is_empty() && self.settings.anchors.is_empty() {
                let why = "this machine has no default gateway, and [connectivity] anchors is empty";
                return Err(ProbeError::NoData(why.to_owned()));
            }
            // Beside the pings, so that they keep their time; what it finds is pinged from the next run on.
            let plan = self.plan();
            let (links, route) = tokio::join!(ping::all(&targets, &plan), self.trace(gateway, now));
            let mut links = links?;
            self.learn(&links);
            links.extend(route.map(Observation::Route));
            Ok(links)
        })
    }
}

impl Links {
    /// The last answer must be in before the next run starts.
    fn plan(&self) -> ping::Plan {
        let settings = &self.settings;
        let room = settings.every.get().saturating_sub(settings.timeout.get()).max(settings.every.get() / 2);
        ping::Plan { pings: settings.pings, spacing: room / settings.pings.max(1), timeout: settings.timeout.get() }
    }

    async fn trace(&self, gateway: Option<IpAddr>, now: Reading) -> Option<Route> {
        let settings = &self.settings;
        let target = self.traced_anchor()?;
        let gateway = gateway.filter(|_| settings.access)?;
        let occasion = self.begin_trace(gateway, now)?;
        let (every, timeout) = (settings.every.get(), settings.timeout.get());
        let mut trace = trace::Trace::default();
        // How far it came is of use, too.
        let _ = tokio::time::timeout(every, trace.follow(target, timeout)).await;
        tracing::debug!(?trace, "traced");
        self.learnt().known.traced(&trace.hops);
        if trace.hops.is_empty() && !trace.reached {
            return None;
        }
        let mtu = match occasion {
            Occasion::Usual if trace.reached => echo::path_mtu(target, timeout).await,
            _ => None,
        };
        Some(Route { occasion, target: target.to_string(), hops: trace.hops, reached: trace.reached, mtu })
    }

    /// The occasion for a trace, where there is one.
    fn begin_trace(&self, gateway: IpAddr, now: Reading) -> Option<Occasion> {
        let mut learnt = self.learnt();
        let occasion = learnt.turns.occasion();
        let is_due = learnt.known.is_trace_due(gateway, occasion, (now.mono_ms, self.settings.every.ms()));
        is_due.then(|| learnt.known.tracing(gateway, occasion, now.mono_ms))?;
        Some(occasion)
    }

    fn learn(&self, seen: &[Observation]) {
        let links = seen.iter().filter_map(link);
        let of = |role: LinkRole| links.clone().filter(move |link| link.role == role);
        let answers = |link: &Link| link.lost < link.sent;
        let mut learnt = self.learnt();
        let answered = |role: LinkRole| of(role).next().map(answers);
        learnt.known.heard(hop::Heard {
            gateway: answered(LinkRole::Gateway),
            hop: answered(LinkRole::Access),
            anchors: of(LinkRole::Anchor).any(answers),
        });
        learnt.turns.seen(links.clone());
    }
}

const fn link(seen: &Observation) -> Option<&Link> {
    match seen {
        Observation::Link(link) | Observation::Hop(link) | Observation::Neighbour(link) => Some(link),
        _ => None,
    }
}
