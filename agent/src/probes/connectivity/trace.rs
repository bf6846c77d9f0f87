//! The routers that packets to an anchor pass: echo requests that may not go far, one after another.

use super::echo;
use beforehand_shared::limits;
use std::{net::IpAddr, time::Duration};

/// Who answered an echo request that may not go far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Answer {
    /// A router that did not pass it on (ICMP time exceeded, RFC 792).
    Router(IpAddr),
    Target,
    Nobody,
}

/// Behind so many silent routers nobody is expected.
const SILENT: usize = 4;
/// Farther than this no trace goes.
const FARTHEST: u8 = 16;
const _: () = assert!(FARTHEST as usize <= limits::HOPS, "what is traced fits into a report");

/// How far a trace has come.
#[derive(Debug, Default)]
pub(super) struct Trace {
    /// Routers in their order; nothing for one that did not answer.
    pub(super) hops: Vec<Option<IpAddr>>,
    pub(super) reached: bool,
}

impl Trace {
    /// Goes on until the target answers, or nobody. What was found until it is dropped stays.
    pub(super) async fn follow(&mut self, target: IpAddr, timeout: Duration) {
        for distance in 1..=FARTHEST {
            match echo::within(target, distance, timeout).await.0 {
                Answer::Router(router) => self.hops.push(Some(router)),
                Answer::Target => {
                    self.reached = true;
                    break;
                }
                Answer::Nobody => self.hops.push(None),
            }
            if self.hops.len() >= SILENT && self.hops.iter().rev().take(SILENT).all(Option::is_none) {
                break;
            }
        }
        while self.hops.last() == Some(&None) {
            self.hops.pop();
        }
    }
}
