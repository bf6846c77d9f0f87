//! Sends the pings of one run, evenly spread over it.

use super::parse;
use crate::{probe::ProbeError, random, time};
use beforehand_shared::{link::LinkRole, observation::Observation};
use std::{io, net::IpAddr, time::Duration};
use surge_ping::{Client, Config, ICMP, PingIdentifier, PingSequence};
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

const PAYLOAD: [u8; 32] = *b"beforehand connectivity probe ..";

/// Pings all targets side by side. Observations keep the order of `targets`.
pub(super) async fn all(targets: &[(IpAddr, LinkRole)], plan: &Plan) -> Result<Vec<Observation>, ProbeError> {
    let clients = Clients::open(targets)?;
    // Dropped with the run at its deadline, which ends every task in it.
    let mut tasks = JoinSet::new();
    for (position, (address, role)) in targets.iter().copied().enumerate() {
        let Some(client) = clients.of(address).cloned() else { continue };
        let plan = *plan;
        tasks.spawn(async move { (position, series(&client, address, plan).await, address, role) });
    }
    let mut links = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        let (position, pings, address, role) = ended.map_err(|error| ProbeError::Failed(error.to_string()))?;
        links.push((position, Observation::Link(parse::link(address.to_string(), role, &pings))));
    }
    links.sort_by_key(|(position, _)| *position);
    Ok(links.into_iter().map(|(_, link)| link).collect())
}

struct Clients {
    v4: Option<Client>,
    v6: Option<Client>,
}

impl Clients {
    fn open(targets: &[(IpAddr, LinkRole)]) -> Result<Self, ProbeError> {
        let any = |is: fn(&IpAddr) -> bool| targets.iter().any(|(address, _)| is(address));
        let v4 = if any(IpAddr::is_ipv4) { Some(client(ICMP::V4)?) } else { None };
        let v6 = if any(IpAddr::is_ipv6) { Some(client(ICMP::V6)?) } else { None };
        Ok(Self { v4, v6 })
    }

    const fn of(&self, address: IpAddr) -> Option<&Client> {
        match address {
            IpAddr::V4(_) => self.v4.as_ref(),
            IpAddr::V6(_) => self.v6.as_ref(),
        }
    }
}

fn client(kind: ICMP) -> Result<Client, ProbeError> {
    Client::new(&Config::builder().kind(kind).build()).map_err(|error| match error.kind() {
        io::ErrorKind::PermissionDenied => ProbeError::Denied(
            "pings need CAP_NET_RAW, or a net.ipv4.ping_group_range that includes the agent's group; the packaged \
             service has the former"
                .to_owned(),
        ),
        _ => ProbeError::Failed(format!("no socket for pings: {error}")),
    })
}

/// Round trips in microseconds in the order of sending; nothing for a ping that was lost or could not
/// even be sent.
async fn series(client: &Client, address: IpAddr, plan: Plan) -> Vec<Option<u32>> {
    let mut pinger = client.pinger(address, PingIdentifier(random::question_id())).await;
    pinger.timeout(plan.timeout);
    let mut ticks = interval(plan.spacing.max(Duration::from_millis(1)));
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut pings = Vec::new();
    for sequence in 0..plan.pings {
        ticks.tick().await;
        let number = PingSequence(u16::try_from(sequence).unwrap_or(u16::MAX));
        let answer = pinger.ping(number, &PAYLOAD).await;
        pings.push(answer.ok().map(|(_, round_trip)| time::micros(round_trip)));
    }
    pings
}
