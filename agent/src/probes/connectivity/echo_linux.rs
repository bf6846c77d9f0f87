//! Linux: echo requests through sockets for ICMP.

use super::ping::PAYLOAD;
use crate::{probe::ProbeError, random};
use std::{io, net::IpAddr, time::Duration};
use surge_ping::{Client, Config, ICMP, PingIdentifier, PingSequence};

/// One socket for each kind of address that is pinged.
pub(super) struct Sockets {
    v4: Option<Client>,
    v6: Option<Client>,
}

impl Sockets {
    pub(super) fn open(targets: &[IpAddr]) -> Result<Self, ProbeError> {
        let v4 = if targets.iter().any(IpAddr::is_ipv4) { Some(client(ICMP::V4)?) } else { None };
        let v6 = if targets.iter().any(IpAddr::is_ipv6) { Some(client(ICMP::V6)?) } else { None };
        Ok(Self { v4, v6 })
    }

    /// `timeout` is how long each answer may take.
    pub(super) async fn pinger(&self, address: IpAddr, timeout: Duration) -> Option<Pinger> {
        let client = if address.is_ipv4() { self.v4.as_ref() } else { self.v6.as_ref() };
        let mut pinger = client?.pinger(address, PingIdentifier(random::question_id())).await;
        pinger.timeout(timeout);
        Some(Pinger(pinger))
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

pub(super) struct Pinger(surge_ping::Pinger);

impl Pinger {
    /// The round trip; nothing if no answer came in time.
    pub(super) async fn ping(&mut self, number: u16) -> Option<Duration> {
        let answer = self.0.ping(PingSequence(number), &PAYLOAD).await;
        answer.ok().map(|(_, round_trip)| round_trip)
    }
}
