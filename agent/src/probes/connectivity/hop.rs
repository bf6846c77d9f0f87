//! The first router behind the gateway that is not of a local network. A trace finds it, and from then on it is pinged
//! like any other target: what it loses is lost on the access line. Many such routers answer no pings, but tell who sent a
//! packet that its time is over (RFC 792), which the trace found them by: they are asked so, in passing, and so is a gateway
//! that answers no pings. Pure.

use beforehand_shared::{route::Occasion, settings::is_local};
use std::{collections::BTreeSet, net::IpAddr};

/// Routers farther away are none of the access line.
const FARTHEST: usize = 8;
/// Some routers answer nothing at all: then the one behind is asked.
const CANDIDATES: usize = 2;
/// Runs in which somebody was silent while what lies behind answered.
const SILENT: u32 = 3;
/// Runs from a trace that found nothing, or in a fault that lasts, to the next.
const AGAIN: u64 = 15;
/// Runs after which the way may have changed behind the same gateway: an hour of minutes.
const AGAIN_FOUND: u64 = 60;

/// A router that is worth asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hop {
    pub router: IpAddr,
    /// Routers on the way to it, itself included.
    pub distance: u8,
    /// By packets to an anchor that end at it, as it answers no pings.
    pub in_passing: bool,
}

/// What came of the last trace.
#[derive(Debug, Default)]
pub struct Known {
    /// Behind which gateway it was made, on what occasion, and when, in milliseconds of the monotonic clock.
    traced: Option<(IpAddr, Occasion, u64)>,
    /// The first one is asked.
    candidates: Vec<Hop>,
    /// Routers that answer no pings, and those that answer in no way.
    pingless: BTreeSet<IpAddr>,
    mute: BTreeSet<IpAddr>,
    silence: Silence,
    /// Whether the first one answered last.
    answers: bool,
    gateway: Gateway,
}

#[derive(Debug, Default)]
struct Gateway {
    /// Whether the trace passed it, and was told so.
    is_traced: bool,
    in_passing: bool,
    silence: Silence,
}

/// Runs in a row in which somebody was silent while what lies behind answered.
#[derive(Debug, Default)]
struct Silence(u32);

impl Silence {
    /// Whether that was one too many.
    const fn hears(&mut self, answered: bool, behind_answered: bool) -> bool {
        match (answered, behind_answered) {
            (true, _) => self.0 = 0,
            (false, true) => self.0 += 1,
            (false, false) => {}
        }
        self.0 >= SILENT
    }
}

/// Who answered in a run; nothing of whom was not asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Heard {
    pub gateway: Option<bool>,
    pub hop: Option<bool>,
    pub anchors: bool,
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
        self.gateway.is_traced |= hops.first() == Some(&Some(gateway));
        let routers = (1..).zip(hops.iter().take(FARTHEST)).filter_map(|(distance, hop)| Some((distance, (*hop)?)));
        let mut found: Vec<Hop> = Vec::new();
        for (distance, router) in routers.filter(|(_, router)| is_candidate(*router, gateway)).take(CANDIDATES) {
            if !found.iter().any(|hop| hop.router == router) && !self.mute.contains(&router) {
                found.push(Hop { router, distance, in_passing: self.pingless.contains(&router) });
            }
        }
        // One that goes on answering stays, unless another answered at its distance: many routers answer a trace only now
        // and then.
        let answered = |hop: &Hop| hops.get(usize::from(hop.distance) - 1).copied().flatten();
        let is_there = |hop: &Hop| answered(hop).is_none_or(|router| router == hop.router);
        let before = self.candidates.first().copied();
        if let Some(hop) = before.filter(|hop| self.answers && is_there(hop)) {
            let place = found.iter().position(|other| other.router == hop.router);
            let hop = place.map_or(hop, |place| found.remove(place));
            found.insert(0, hop);
            found.truncate(CANDIDATES);
        }
        self.candidates = found;
        if self.candidates.first().map(|hop| hop.router) != before.map(|hop| hop.router) {
            self.begin();
        }
    }

    /// Another one is asked from now on, or in another way.
    const fn begin(&mut self) {
        (self.silence, self.answers) = (Silence(0), false);
    }

    /// The router to ask, while the gateway is the one that it was found behind.
    pub fn hop(&self, gateway: Option<IpAddr>) -> Option<Hop> {
        let (known, ..) = self.traced?;
        self.candidates.first().copied().filter(|_| gateway.is_none_or(|gateway| gateway == known))
    }

    /// Whether the gateway is asked by pings to an anchor that end at it.
    pub fn asks_in_passing(&self, gateway: IpAddr) -> bool {
        self.gateway.in_passing && self.traced.is_some_and(|(known, ..)| known == gateway)
    }

    /// Learns from one run in which way each answers, if in any.
    pub fn heard(&mut self, heard: Heard) {
        let behind = heard.anchors || heard.hop == Some(true);
        if let Some(answered) = heard.gateway
            && self.gateway.silence.hears(answered, behind)
        {
            // It may answer pings again one day, so both ways take turns while neither is of use.
            self.gateway.in_passing = !self.gateway.in_passing && self.gateway.is_traced;
            self.gateway.silence = Silence(0);
        }
        let Some(answered) = heard.hop else { return };
        self.answers = answered;
        if self.silence.hears(answered, heard.anchors) {
            self.begin();
            self.try_another_way();
        }
    }

    fn try_another_way(&mut self) {
        match self.candidates.first_mut() {
            Some(hop) if !hop.in_passing => {
                hop.in_passing = true;
                self.pingless.insert(hop.router);
            }
            Some(hop) => {
                self.mute.insert(hop.router);
                self.candidates.remove(0);
            }
            None => {}
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

    fn hear(known: &mut Known, hop: bool, anchors: bool) {
        known.heard(Heard { gateway: Some(true), hop: Some(hop), anchors });
    }

    fn asked(known: &Known) -> Option<(IpAddr, bool)> {
        known.hop(None).map(|hop| (hop.router, hop.in_passing))
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
        hear(&mut known, true, true);
        known.traced(&[Some(GATEWAY), None, None, Some(ip("203.0.113.17"))]);
        assert_eq!(asked(&known), Some((ip("203.0.113.9"), false)));
        known.traced(&hops(&["203.0.113.33", "203.0.113.17"]));
        assert_eq!(asked(&known), Some((ip("203.0.113.33"), false)), "another stands in its place");
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
        assert_eq!(asked(&known), Some((ip("203.0.113.9"), false)));
    }

    #[test]
    fn a_router_that_answers_no_pings_is_asked_in_passing_at_its_distance_and_so_after_each_trace() {
        let mut known = known(&["203.0.113.9", "203.0.113.17"]);
        (0..10).for_each(|_| hear(&mut known, false, false));
        assert_eq!(asked(&known), Some((ip("203.0.113.9"), false)), "nothing answered: that is an outage");
        (0..3).for_each(|_| hear(&mut known, false, true));
        let hop = Hop { router: ip("203.0.113.9"), distance: 3, in_passing: true };
        assert_eq!(known.hop(None), Some(hop));
        hear(&mut known, true, true);
        known.traced(&[Some(GATEWAY), Some(ip("203.0.113.9"))]);
        assert_eq!(known.hop(None), Some(Hop { distance: 2, ..hop }));
    }

    #[test]
    fn a_router_that_answers_in_no_way_makes_room_for_the_one_behind_and_is_not_tried_again() {
        let mut known = known(&["203.0.113.9", "203.0.113.17"]);
        (0..6).for_each(|_| hear(&mut known, false, true));
        assert_eq!(asked(&known), Some((ip("203.0.113.17"), false)));
        (0..6).for_each(|_| hear(&mut known, false, true));
        assert_eq!(known.hop(None), None);
        known.traced(&hops(&["203.0.113.9", "203.0.113.17"]));
        assert_eq!(known.hop(None), None, "both are mute");
        known.tracing(OTHER, Occasion::Usual, MINUTE);
        known.traced(&hops(&["203.0.113.9"]));
        assert_eq!(asked(&known), Some((ip("203.0.113.9"), false)), "another line, where it may answer");
    }

    #[test]
    fn a_gateway_that_answers_no_pings_is_asked_in_passing_where_the_trace_passed_it() {
        let silent = Heard { gateway: Some(false), hop: None, anchors: true };
        let mut known = known(&["203.0.113.9"]);
        (0..10).for_each(|_| known.heard(Heard { anchors: false, ..silent }));
        assert!(!known.asks_in_passing(GATEWAY), "nothing answered: that is an outage");
        (0..3).for_each(|_| known.heard(silent));
        assert!(known.asks_in_passing(GATEWAY) && !known.asks_in_passing(OTHER));
        (0..3).for_each(|_| known.heard(silent));
        assert!(!known.asks_in_passing(GATEWAY), "it may have learnt to answer pings");
        let mut unseen = Known::default();
        unseen.tracing(GATEWAY, Occasion::Usual, 0);
        unseen.traced(&[None, Some(ip("203.0.113.9"))]);
        (0..9).for_each(|_| unseen.heard(silent));
        assert!(!unseen.asks_in_passing(GATEWAY));
    }
}
