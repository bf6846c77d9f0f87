//! By which interface this machine is on the network, what went over it, and whether its gateway is a neighbour.

pub mod parse;

#[cfg(unix)]
mod linux;
#[cfg(unix)]
use linux as system;
#[cfg(unix)]
mod radio_linux;
#[cfg(windows)]
mod radio_windows;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use self::parse::{Counters, State};
use crate::{
    config,
    probe::{Blocking, Looking, Probe, ProbeError},
    time::Reading,
};
use beforehand_shared::{interface::Interface, observation::Observation};
use std::{
    net::Ipv4Addr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// The way out of this machine, now or when it last had one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Way {
    interface: String,
    gateway: Ipv4Addr,
}

/// What the system says of a way out.
struct Seen {
    state: State,
    address: Option<Ipv4Addr>,
    gateway_known: Option<bool>,
}

/// What was read last.
#[derive(Clone)]
struct Last {
    way: Way,
    counters: Counters,
    mono_ms: u64,
}

pub struct Interfaces {
    settings: config::Connectivity,
    blocking: Blocking,
    last: Mutex<Option<Last>>,
}

impl Interfaces {
    pub fn new(settings: &config::Connectivity) -> Self {
        Self { settings: settings.clone(), blocking: Blocking::default(), last: Mutex::default() }
    }

    async fn look(&self, now: Reading) -> Result<Interface, ProbeError> {
        let last = self.last.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let before = last.as_ref().map(|last| last.way.clone());
        let look = move || {
            // A machine that lost its route is asked about the one it had.
            let way = system::way().or(before);
            Ok(way.map(|way| (system::see(&way), way)))
        };
        let Some((seen, way)) = self.blocking.run(look).await? else {
            return Err(ProbeError::NoData("this machine has no default route over IPv4".to_owned()));
        };
        let counters = seen.state.counters;
        let traffic = last
            .filter(|last| last.way.interface == way.interface)
            .and_then(|last| parse::between(&last.counters, &counters, now.mono_ms.saturating_sub(last.mono_ms)));
        let (name, gateway) = (way.interface.clone(), way.gateway);
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Last { way, counters, mono_ms: now.mono_ms });
        Ok(Interface {
            name,
            state: seen.state.state,
            speed_mbit: seen.state.speed_mbit,
            full_duplex: seen.state.full_duplex,
            address: seen.address.map(Into::into),
            gateway: Some(gateway.into()),
            access_point: seen.state.access_point,
            signal_dbm: seen.state.signal_dbm,
            traffic,
            gateway_known: seen.gateway_known,
        })
    }
}

impl Probe for Interfaces {
    fn name(&self) -> &'static str {
        "interfaces"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn run(&self, now: Reading) -> Looking<'_> {
        Box::pin(async move { Ok(vec![Observation::Interface(self.look(now).await?)]) })
    }
}
