//! Finds the routers that packets to an anchor pass first: echo requests that may not go far, one after another.

use super::{echo, hop};
use std::{net::IpAddr, time::Duration};

/// Who answered an echo request that may not go far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// A router that did not pass it on (ICMP time exceeded, RFC 792).
    Router(IpAddr),
    Target,
    Nobody,
}

/// The first routers behind `gateway` that are not of a local network, the nearest first.
pub(super) async fn routers(target: IpAddr, gateway: IpAddr, timeout: Duration) -> Vec<IpAddr> {
    let mut routers = Vec::new();
    for distance in 1..=hop::FARTHEST {
        match echo::within(target, distance, timeout).await {
            Answer::Router(router) if hop::is_candidate(router, gateway) && !routers.contains(&router) => {
                routers.push(router);
            }
            Answer::Target => break,
            Answer::Router(_) | Answer::Nobody => {}
        }
        if routers.len() == hop::CANDIDATES {
            break;
        }
    }
    routers
}
