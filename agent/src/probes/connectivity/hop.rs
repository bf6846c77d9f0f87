//! The first router behind the gateway that is not of a local network. A trace finds it, and from then on it is pinged
//! like any other target: what it loses is lost on the access line. Pure.

use beforehand_shared::{route::Occasion, settings::is_local};
use std::{collections::BTreeSet, net::IpAddr};

/// Routers farther away are none of the access line.
const FARTHEST: usize = 8;
/// Many routers answer no pings: then the one behind is asked.
const CANDIDATES: usize = 2;
/// Runs in which it was silent while what lies behind answered.
const SILENT: u32 = 3;
/// Runs from a trace that found nothing, or in a fault that lasts, to the next.
const AGAIN: u64 = 15;
/// Runs after which the way may have changed behind the same gateway: an hour of minutes.
const AGAIN_FOUND: u64 = 60;

/// What came of the last trace.
#[derive(Debug, Default)]
pub struct Known {
    /// Behind which gateway it was made, on what occasion, and when, in milliseconds of the monotonic clock.
    traced: Option<(IpAddr, Occasion, u64)>,
    candidates: Vec<IpAddr>,
    /// Routers that answer no pings.
    mute: BTreeSet<IpAddr>,
    silent: u32,
    /// The one that is pinged, and at which distance it was found.
    current: Option<(IpAddr, usize)>,
    /// Whether it answered pings last.
    answers: bool,
}

fn is_candidate(router: IpAddr, gateway: IpAddr) -> bool {
    router != gateway && !is_local(router) && !router.is_unspecified() && !router.is_multicast()
}

impl Known {
    /// Whether a trace is worth its packets now: the first one in a fault is.
    pub fn is_trace_due(&self, gateway: IpAddr, occasion: Occasion, (now_ms, every_ms): (u64, u64)) -> bool {
        self.traced.is_none_or(|(known, before, at_ms)| {
            let seldom = occasion == Occasion::Usual && !self.candidates.is_empty();
            let again = if seldom { AGAIN_FOUND } else { AGAIN };
            let in_time = now_ms.saturating_sub(at_ms) >= again.saturating_mul(every_ms);
            known != gateway || in_time || (occasion == Occasion::Fault && before != occasion)
        })
    }

    /// Notes that a trace is made: one that takes too long must not be begun again in every run.
    pub fn tracing(&mut self, gateway: IpAddr, occasion: Occasion, now_ms: u64) {
        if self.traced.is_none_or(|(known, ..)| known != gateway) {
            *self = Self::default();
        }
        self.traced = Some((gateway, occasion, now_ms));
    }

    /// Takes what a trace found. In a fault it does not get far, and what was found before stays.
    pub fn traced(&mut self, hops: &[Option<IpAddr>]) {
        let Some((gateway, Occasion::Usual, _)) = self.traced else { return };
        let routers = hops.iter().take(FARTHEST).flatten().copied();
        let mut found: Vec<IpAddr> = Vec::new();
        for router in routers.filter(|router| is_candidate(*router, gateway)).take(CANDIDATES) {
            if !found.contains(&router) && !self.mute.contains(&router) {
                found.push(router);
            }
        }
        // One that goes on answering pings stays, unless another answered at its distance: many routers answer a trace only
        // now and then.
        let stays = self.current.filter(|(router, distance)| {
            self.answers && hops.get(*distance).copied().flatten().is_none_or(|answered| answered == *router)
        });
        if let Some((router, _)) = stays {
            found.retain(|other| *other != router);
            found.insert(0, router);
            found.truncate(CANDIDATES);
        }
        self.candidates = found;
        self.choose(hops);
    }

    /// Takes the first candidate as the one to ping.
    fn choose(&mut self, hops: &[Option<IpAddr>]) {
        let before = self.current.map(|(router, _)| router);
        let first = self.candidates.first().copied();
        if first == before {
            return;
        }
        let distance = |router: IpAddr| hops.iter().position(|hop| *hop == Some(router)).unwrap_or(usize::MAX);
        self.current = first.map(|router| (router, distance(router)));
        (self.silent, self.answers) = (0, false);
    }

    /// The router to ping, while the gateway is the one that it was found behind.
    pub fn hop(&self, gateway: Option<IpAddr>) -> Option<IpAddr> {
        let (known, ..) = self.traced?;
        self.candidates.first().copied().filter(|_| gateway.is_none_or(|gateway| gateway == known))
    }

    /// Learns from one run whether the router is of use.
    pub fn heard(&mut self, hop_answered: bool, anchor_answered: bool) {
        self.answers = hop_answered;
        if hop_answered {
            self.silent = 0;
        } else if anchor_answered {
            self.silent += 1;
        }
        if self.silent >= SILENT && !self.candidates.is_empty() {
            self.mute.insert(self.candidates.remove(0));
            self.choose(&[]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATEWAY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 1));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 7, 1));
    const MINUTE: u64 = 60_000;

    fn ip(address: &str) -> IpAddr {
        address.parse().unwrap()
    }

    fn hops(routers: &[&str]) -> Vec<Option<IpAddr>> {
        [Some(GATEWAY), None].into_iter().chain(routers.iter().map(|it| Some(ip(it)))).collect()
    }

    fn known(routers: &[&str]) -> Known {
        let mut known = Known::default();
        known.tracing(GATEWAY, Occasion::Usual, 0);
        known.traced(&hops(routers));
        known
    }

    #[test]
    fn a_router_of_a_local_network_is_not_behind_the_line_and_one_of_shared_addresses_is() {
        let is = |router: &str| is_candidate(ip(router), GATEWAY);
        assert!(is("100.64.0.1") && is("203.0.113.9"));
        assert!(!is("192.168.1.1") && !is("10.0.0.1") && !is("169.254.1.1") && !is("0.0.0.0"));
    }

    #[test]
    fn a_trace_is_made_at_first_behind_another_gateway_every_hour_and_more_often_where_it_finds_nothing() {
        let due = |known: &Known, gateway, minutes: u64| {
            known.is_trace_due(gateway, Occasion::Usual, (minutes * MINUTE, MINUTE))
        };
        let (found, nothing) = (known(&["203.0.113.9"]), known(&[]));
        assert!(due(&Known::default(), GATEWAY, 0));
        assert!(!due(&found, GATEWAY, 59) && due(&found, GATEWAY, 60) && due(&found, OTHER, 1));
        assert_eq!(found.hop(Some(OTHER)), None, "that is another line");
        assert!(!due(&nothing, GATEWAY, 14) && due(&nothing, GATEWAY, 15));
    }

    #[test]
    fn a_router_that_answers_pings_stays_though_it_does_not_answer_every_trace() {
        let mut known = known(&["203.0.113.9", "203.0.113.17"]);
        known.heard(true, true);
        known.traced(&[Some(GATEWAY), None, None, Some(ip("203.0.113.17"))]);
        assert_eq!(known.hop(None), Some(ip("203.0.113.9")));
        known.traced(&hops(&["203.0.113.33", "203.0.113.17"]));
        assert_eq!(known.hop(None), Some(ip("203.0.113.33")), "another stands in its place");
    }

    #[test]
    fn a_fault_is_traced_at_once_and_again_while_it_lasts_and_changes_nothing_of_what_is_known() {
        let due =
            |known: &Known, minutes: u64| known.is_trace_due(GATEWAY, Occasion::Fault, (minutes * MINUTE, MINUTE));
        let mut known = known(&["203.0.113.9"]);
        assert!(due(&known, 1));
        known.tracing(GATEWAY, Occasion::Fault, MINUTE);
        known.traced(&[Some(GATEWAY)]);
        assert!(!due(&known, 15) && due(&known, 16));
        assert_eq!(known.hop(None), Some(ip("203.0.113.9")));
    }

    #[test]
    fn a_router_that_answers_no_pings_makes_room_for_the_one_behind_and_is_not_tried_again() {
        let mut known = known(&["203.0.113.9", "203.0.113.17"]);
        (0..10).for_each(|_| known.heard(false, false));
        assert_eq!(known.hop(None), Some(ip("203.0.113.9")), "nothing answered: that is an outage");
        (0..3).for_each(|_| known.heard(false, true));
        assert_eq!(known.hop(None), Some(ip("203.0.113.17")));
        (0..3).for_each(|_| known.heard(false, true));
        assert_eq!(known.hop(None), None);
        known.traced(&hops(&["203.0.113.9", "203.0.113.17"]));
        assert_eq!(known.hop(None), None, "both are mute");
        known.tracing(OTHER, Occasion::Usual, MINUTE);
        known.traced(&hops(&["203.0.113.9"]));
        assert_eq!(known.hop(None), Some(ip("203.0.113.9")), "another line, where it may answer");
    }
}
