//! Sends the pings of one run, evenly spread over it.

use super::{echo, parse, trace::Answer};
use crate::{probe::ProbeError, time};
use beforehand_shared::{link::LinkRole, observation::Observation};
use std::{net::IpAddr, time::Duration};
use tokio::{
    task::JoinSet,
    time::{MissedTickBehavior, interval},
};

/// How the pings of one run are spread.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    pub pings: u32,
    /// From one ping to the next.
    pub spacing: Duration,
    /// How long an answer may take.
    pub timeout: Duration,
}

/// Who is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Target {
    pub address: IpAddr,
    pub role: LinkRole,
    pub passing: Option<Passing>,
}

/// Pings to somebody else that end at the target, which tells that it did not pass them on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Passing {
    pub towards: IpAddr,
    pub distance: u8,
}

pub(super) const PAYLOAD: [u8; 32] = *b"beforehand connectivity probe ..";

/// Pings all targets side by side. Observations keep the order of `targets`.
pub(super) async fn all(targets: &[Target], plan: &Plan) -> Result<Vec<Observation>, ProbeError> {
    let addresses: Vec<IpAddr> = targets.iter().map(|target| target.address).collect();
    let sockets = echo::Sockets::open(&addresses)?;
    // Dropped with the run at its deadline, which ends every task in it.
    let mut tasks = JoinSet::new();
    for (position, Target { address, role, passing }) in targets.iter().copied().enumerate() {
        let Some(pinger) = sockets.pinger(address, plan.timeout).await else { continue };
        let (plan, way) = (*plan, passing.map_or(Way::Itself(pinger), Way::Passing));
        tasks.spawn(async move { (position, series(way, plan).await, address, role) });
    }
    let mut links = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        let (position, pings, address, role) = ended.map_err(|error| ProbeError::Failed(error.to_string()))?;
        let link = parse::link(address.to_string(), role, &pings);
        let seen = match role {
            LinkRole::Access => Observation::Hop(link),
            LinkRole::Neighbour => Observation::Neighbour(link),
            LinkRole::Gateway | LinkRole::Anchor | LinkRole::Other => Observation::Link(link),
        };
        links.push((position, seen));
    }
    links.sort_by_key(|(position, _)| *position);
    Ok(links.into_iter().map(|(_, link)| link).collect())
}

enum Way {
    Itself(echo::Pinger),
    Passing(Passing),
}

impl Way {
    /// The round trip; nothing if no answer came in time.
    async fn ask(&mut self, number: u16, timeout: Duration) -> Option<Duration> {
        match self {
            Self::Itself(pinger) => pinger.ping(number).await,
            Self::Passing(Passing { towards, distance }) => {
                let (answer, took) = echo::within(*towards, *distance, timeout).await;
                matches!(answer, Answer::Router(_)).then_some(took)
            }
        }
    }
}

/// Round trips in microseconds in the order of sending; nothing for a ping that was lost or could not
/// even be sent.
async fn series(mut way: Way, plan: Plan) -> Vec<Option<u32>> {
    let mut ticks = interval(plan.spacing.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut pings = Vec::new();
    for number in 0..plan.pings {
        ticks.tick().await;
        let round_trip = way.ask(u16::try_from(number).unwrap_or(u16::MAX), plan.timeout).await;
        pings.push(round_trip.map(time::micros));
    }
    pings
}
