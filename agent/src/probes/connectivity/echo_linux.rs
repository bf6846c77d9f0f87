//! Linux: echo requests through sockets for ICMP.

use super::{ping::PAYLOAD, trace::Answer};
use crate::{probe::ProbeError, random};
use socket2::Type;
use std::{
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
    time::Duration,
};
use surge_ping::{Client, Config, ICMP, IcmpPacket, PingIdentifier, PingSequence};

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
    /// The round trip; nothing if no answer came in time. That the target cannot be reached, as a router says, is no
    /// answer of the target.
    pub(super) async fn ping(&mut self, number: u16) -> Option<Duration> {
        let (answer, round_trip) = self.0.ping(PingSequence(number), &PAYLOAD).await.ok()?;
        is_reply(&answer).then_some(round_trip)
    }
}

/// Types of ICMP (RFC 792, RFC 4443).
const ECHO_REPLY: u8 = 0;
const TIME_EXCEEDED: u8 = 11;
const ECHO_REPLY_V6: u8 = 129;

fn is_reply(answer: &IcmpPacket) -> bool {
    match answer {
        IcmpPacket::V4(packet) => packet.get_icmp_type().0 == ECHO_REPLY,
        IcmpPacket::V6(packet) => packet.get_icmpv6_type().0 == ECHO_REPLY_V6,
    }
}

/// Who answers one echo request that at most `distance` routers pass on, and after what time. Only the raw kind of socket
/// hears routers, so without `CAP_NET_RAW` nobody answers.
pub(super) async fn within(target: IpAddr, distance: u8, timeout: Duration) -> (Answer, Duration) {
    let nobody = (Answer::Nobody, Duration::ZERO);
    let config = Config::builder().kind(ICMP::V4).sock_type_hint(Type::RAW).ttl(u32::from(distance)).build();
    let Ok(client) = Client::new(&config) else { return nobody };
    let mut pinger = client.pinger(target, PingIdentifier(random::question_id())).await;
    pinger.timeout(timeout);
    match pinger.ping(PingSequence(u16::from(distance)), &PAYLOAD).await {
        Ok((IcmpPacket::V4(packet), took)) => match packet.get_icmp_type().0 {
            ECHO_REPLY => (Answer::Target, took),
            TIME_EXCEEDED => (Answer::Router(packet.get_source().into()), took),
            _ => nobody,
        },
        _ => nobody,
    }
}

/// What fills a frame of Ethernet together with its headers (RFC 894, RFC 791, RFC 792).
const FULL: [u8; 1_472] = [0; 1_472];
const ETHERNET: u32 = 1_500;
const TRIES: u16 = 3;

/// The largest packet that reaches the target in one piece. Whoever cannot pass a full one on says so, the system
/// remembers it and sends the next in pieces (RFC 1191): asked afterwards, it tells what it remembers.
pub(super) async fn path_mtu(target: IpAddr, timeout: Duration) -> Option<u16> {
    // Kept: without it no answer arrives.
    let client = client(ICMP::V4).ok()?;
    let mut pinger = client.pinger(target, PingIdentifier(random::question_id())).await;
    pinger.timeout(timeout);
    for number in 0..TRIES {
        let answered = pinger.ping(PingSequence(number), &FULL).await.is_ok_and(|(answer, _)| is_reply(&answer));
        if answered {
            let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
            // Sends nothing.
            socket.connect(SocketAddr::new(target, 9)).ok()?;
            let mtu = rustix::net::sockopt::ip_mtu(&socket).ok()?;
            return u16::try_from(mtu.min(ETHERNET)).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_full_frame_of_ethernet_reaches_this_machine_itself_in_one_piece() {
        if client(ICMP::V4).is_ok() {
            assert_eq!(path_mtu([127, 0, 0, 1].into(), Duration::from_secs(2)).await, Some(1_500));
        }
    }
}
