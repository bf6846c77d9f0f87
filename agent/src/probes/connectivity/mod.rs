//! Paths out of this machine, and the services that people reach over them.

pub mod certificate;
pub mod dns;
pub mod hop;
pub mod parse;
mod ping;
mod service;
mod trace;

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

use crate::{
    config,
    probe::{Looking, Probe, ProbeError},
    time::Reading,
};
use beforehand_shared::{link::LinkRole, observation::Observation};
use std::{
    net::IpAddr,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Pings to the gateway, to the first router behind it that is the provider's, and to public anchors.
pub struct Links {
    settings: config::Connectivity,
    known: Mutex<hop::Known>,
}

impl Links {
    pub fn new(settings: &config::Connectivity) -> Self {
        Self { settings: settings.clone(), known: Mutex::default() }
    }

    fn known(&self) -> MutexGuard<'_, hop::Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn targets(&self, gateway: Option<IpAddr>) -> Vec<(IpAddr, LinkRole)> {
        let anchors = self.settings.anchors.iter().map(|anchor| (*anchor, LinkRole::Anchor));
        let hop = self.known().hop(gateway).filter(|_| self.settings.access);
        let gateway = gateway.filter(|_| self.settings.gateway);
        let near = [gateway.map(|it| (it, LinkRole::Gateway)), hop.map(|it| (it, LinkRole::Access))];
        let mut targets: Vec<_> = near.into_iter().flatten().chain(anchors).collect();
        // Answers are told apart by address, so each is asked once.
        let mut seen = Vec::new();
        targets.retain(|(address, _)| {
            let new = !seen.contains(address);
            seen.push(*address);
            new
        });
        targets
    }
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
            let targets = self.targets(gateway);
            if targets.is_empty() {
                let why = "this machine has no default gateway, and [connectivity] anchors is empty";
                return Err(ProbeError::NoData(why.to_owned()));
            }
            // Beside the pings, so that they keep their time; what it finds is pinged from the next run on.
            let plan = self.plan();
            let (links, ()) = tokio::join!(ping::all(&targets, &plan), self.trace(gateway, now));
            let links = links?;
            self.learn(&links);
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

    async fn trace(&self, gateway: Option<IpAddr>, now: Reading) {
        let settings = &self.settings;
        let target = settings.anchors.iter().copied().find(IpAddr::is_ipv4);
        let (Some(gateway), Some(target), true) = (gateway, target, settings.access) else { return };
        if self.known().is_trace_due(gateway, now.mono_ms, settings.every.ms()) {
            // Noted before: one that takes too long must not be begun again in every run.
            self.known().traced(gateway, now.mono_ms, []);
            let trace = trace::routers(target, gateway, settings.timeout.get());
            let routers = tokio::time::timeout(settings.every.get(), trace).await.unwrap_or_default();
            tracing::debug!(?routers, "traced");
            self.known().traced(gateway, now.mono_ms, routers);
        }
    }

    fn learn(&self, links: &[Observation]) {
        let hop = links.iter().find_map(|seen| if let Observation::Hop(link) = seen { Some(link) } else { None });
        let is_answer = |seen: &Observation| matches!(seen, Observation::Link(link) if link.role == LinkRole::Anchor && link.lost < link.sent);
        if let Some(hop) = hop {
            self.known().heard(hop.lost < hop.sent, links.iter().any(is_answer));
        }
    }
}
