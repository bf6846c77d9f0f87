//! The first router behind the gateway that is not of a local network. A short trace finds it, and from then on it is
//! pinged like any other target: what it loses is lost on the access line. Pure.

use beforehand_shared::settings::is_local;
use std::{collections::VecDeque, net::IpAddr};

/// Routers farther away are none of the access line.
pub const FARTHEST: u8 = 8;
/// Many routers answer no pings: then the one behind is asked.
pub const CANDIDATES: usize = 2;
/// Runs in which it was silent while what lies behind answered.
const SILENT: u32 = 3;
/// Runs from a trace that found nothing, or whose finds are used up, to the next.
const AGAIN: u64 = 15;
/// Runs after which the way may have changed behind the same gateway: a day of minutes.
const AGAIN_FOUND: u64 = 1_440;

/// What came of the last trace.
#[derive(Debug, Default)]
pub struct Known {
    /// Behind which gateway it was made, and when, in milliseconds of the monotonic clock.
    traced: Option<(IpAddr, u64)>,
    candidates: VecDeque<IpAddr>,
    silent: u32,
}

/// Whether routers are passed on to, as a trace goes on.
pub fn is_candidate(router: IpAddr, gateway: IpAddr) -> bool {
    router != gateway && !is_local(router) && !router.is_unspecified() && !router.is_multicast()
}

impl Known {
    /// Whether a trace is worth its packets now.
    pub fn is_trace_due(&self, gateway: IpAddr, now_ms: u64, every_ms: u64) -> bool {
        self.traced.is_none_or(|(known, at_ms)| {
            let again = if self.candidates.is_empty() { AGAIN } else { AGAIN_FOUND };
            known != gateway || now_ms.saturating_sub(at_ms) >= again.saturating_mul(every_ms)
        })
    }

    pub fn traced(&mut self, gateway: IpAddr, now_ms: u64, routers: impl IntoIterator<Item = IpAddr>) {
        *self = Self {
            traced: Some((gateway, now_ms)),
            candidates: routers.into_iter().take(CANDIDATES).collect(),
            silent: 0,
        };
    }

    /// The router to ping, while the gateway is the one that it was found behind.
    pub fn hop(&self, gateway: Option<IpAddr>) -> Option<IpAddr> {
        let (known, _) = self.traced?;
        self.candidates.front().copied().filter(|_| gateway.is_none_or(|gateway| gateway == known))
    }

    /// Learns from one run whether the router is of use.
    pub fn heard(&mut self, hop_answered: bool, anchor_answered: bool) {
        if hop_answered {
            self.silent = 0;
        } else if anchor_answered {
            self.silent += 1;
        }
        if self.silent >= SILENT {
            self.candidates.pop_front();
            self.silent = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GATEWAY: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 168, 1, 1));
    const MINUTE: u64 = 60_000;

    fn known(routers: &[&str]) -> Known {
        let mut known = Known::default();
        known.traced(GATEWAY, 0, routers.iter().map(|it| it.parse().unwrap()));
        known
    }

    #[test]
    fn a_router_of_a_local_network_is_not_behind_the_line_and_one_of_shared_addresses_is() {
        let is = |router: &str| is_candidate(router.parse().unwrap(), GATEWAY);
        assert!(is("100.64.0.1") && is("203.0.113.9"));
        assert!(!is("192.168.1.1") && !is("10.0.0.1") && !is("169.254.1.1") && !is("0.0.0.0"));
    }

    #[test]
    fn a_trace_is_made_at_first_behind_another_gateway_and_seldom_where_it_finds_nothing() {
        let found = known(&["203.0.113.9"]);
        assert!(Known::default().is_trace_due(GATEWAY, 0, MINUTE));
        assert!(!found.is_trace_due(GATEWAY, 1_000 * MINUTE, MINUTE));
        assert!(found.is_trace_due("192.168.7.1".parse().unwrap(), MINUTE, MINUTE));
        assert_eq!(found.hop(Some("192.168.7.1".parse().unwrap())), None, "that is another line");
        let nothing = known(&[]);
        assert!(
            !nothing.is_trace_due(GATEWAY, 14 * MINUTE, MINUTE) && nothing.is_trace_due(GATEWAY, 15 * MINUTE, MINUTE)
        );
    }

    #[test]
    fn a_router_that_answers_no_pings_makes_room_for_the_one_behind() {
        let mut known = known(&["203.0.113.9", "203.0.113.17"]);
        (0..10).for_each(|_| known.heard(false, false));
        assert_eq!(known.hop(None), Some("203.0.113.9".parse().unwrap()), "nothing answered: that is an outage");
        (0..3).for_each(|_| known.heard(false, true));
        assert_eq!(known.hop(None), Some("203.0.113.17".parse().unwrap()));
        (0..3).for_each(|_| known.heard(false, true));
        assert_eq!(known.hop(None), None);
    }
}
