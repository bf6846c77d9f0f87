//! Paths out of this machine, and the services that people reach over them.

pub mod certificate;
pub mod dns;
pub mod parse;
mod ping;
mod service;

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
use beforehand_shared::link::LinkRole;
use std::{net::IpAddr, time::Duration};

/// Pings to the gateway and to public anchors.
pub struct Links {
    settings: config::Connectivity,
}

impl Links {
    pub fn new(settings: &config::Connectivity) -> Self {
        Self { settings: settings.clone() }
    }

    fn targets(&self) -> Vec<(IpAddr, LinkRole)> {
        let gateway = if self.settings.gateway { system::gateway() } else { None };
        let anchors = self.settings.anchors.iter().map(|anchor| (*anchor, LinkRole::Anchor));
        let mut targets: Vec<_> =
            gateway.map(|gateway| (gateway, LinkRole::Gateway)).into_iter().chain(anchors).collect();
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

    fn run(&self, _now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let targets = self.targets();
            if targets.is_empty() {
                let why = "this machine has no default gateway, and [connectivity] anchors is empty";
                return Err(ProbeError::NoData(why.to_owned()));
            }
            ping::all(&targets, &self.plan()).await
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
}
