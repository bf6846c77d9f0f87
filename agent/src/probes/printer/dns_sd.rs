//! Asks every network of this machine which printers there are, by one-shot multicast questions (RFC 6762,
//! section 5.1): from a port of the moment, so that nothing listens between two runs, and nothing on port 5353 ever.

use super::{
    announcements::{self, Announcements},
    found::Announced,
};
use crate::probe::ProbeError;
use socket2::SockRef;
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    time::Duration,
};
use tokio::{
    net::UdpSocket,
    task::JoinSet,
    time::{Instant, timeout_at},
};

/// The group that every responder hears (RFC 6762, section 3).
const GROUP: (Ipv4Addr, u16) = (Ipv4Addr::new(224, 0, 0, 251), 5353);
/// Responders believe nobody from farther away (RFC 6762, section 11).
const ONE_LINK: u32 = 255;
const LARGEST: usize = 9_000;
/// Queries to one network in one run, however much is announced there.
const MOST_QUERIES: usize = 50;
/// The opening is said twice: one packet may be lost.
const AGAIN: Duration = Duration::from_secs(1);

/// Asks in every network of `own` addresses, and takes answers for `length`.
///
/// # Errors
/// [`ProbeError::Failed`] where the system lets none of the networks be asked.
pub(super) async fn ask(own: Vec<Ipv4Addr>, length: Duration) -> Result<Vec<Announced>, ProbeError> {
    let mut networks: JoinSet<io::Result<Vec<Announced>>> =
        own.into_iter().map(|address| async move { one_network(address, length).await }).collect();
    let (mut all, mut refused, mut answered) = (Vec::new(), None, false);
    while let Some(asked) = networks.join_next().await {
        match asked.map_err(io::Error::other).flatten() {
            Ok(announced) => {
                answered = true;
                all.extend(announced);
            }
            Err(error) => refused = Some(error),
        }
    }
    match refused {
        Some(error) if !answered => Err(ProbeError::Failed(format!("printers cannot be asked for: {error}"))),
        _ => Ok(all),
    }
}

async fn one_network(own: Ipv4Addr, length: Duration) -> io::Result<Vec<Announced>> {
    let socket = UdpSocket::bind((own, 0)).await?;
    socket.set_multicast_ttl_v4(ONE_LINK)?;
    SockRef::from(&socket).set_multicast_if_v4(&own)?;
    let (start, opening) = (Instant::now(), announcements::opening());
    socket.send_to(&opening, GROUP).await?;
    let (mut heard, mut queries, mut buffer) = (Announcements::default(), 1, vec![0; LARGEST]);
    for (until, last_words) in [(AGAIN.min(length), Some(opening)), (length, None)] {
        while let Ok(received) = timeout_at(start + until, socket.recv_from(&mut buffer)).await {
            let Some(answer) = received.ok().and_then(|(size, from)| on_port(from).then(|| buffer.get(..size))?) else {
                continue;
            };
            heard.read(answer);
            for query in heard.missing().iter().take(MOST_QUERIES.saturating_sub(queries)) {
                queries += 1;
                socket.send_to(query, GROUP).await?;
            }
        }
        if let Some(words) = last_words {
            socket.send_to(&words, GROUP).await?;
        }
    }
    Ok(heard.announced())
}

/// Answers come from the port of multicast DNS (RFC 6762, section 6).
fn on_port(from: SocketAddr) -> bool {
    from.port() == GROUP.1
}
