//! Faults of simulated offices, judged like those of real namespaces: more of them, of more kinds of offices, and sooner.

use crate::{course::Tried, fault::Segment, judge, nearest_hop, stretch::BROKE_AT};
use beforehand_sim::paths::{self, World};
use std::{
    num::NonZero,
    sync::atomic::{AtomicU64, Ordering},
    thread::{self, available_parallelism},
};

/// What came of the world of one seed.
pub struct Simulated {
    pub seed: u64,
    pub name: String,
    pub machines: usize,
    /// Whether the provider's first router is known.
    pub has_hop: bool,
    pub truth: Segment,
    pub tried: Tried,
}

/// Tries the worlds of `from..from + count`, in order.
pub fn try_all(from: u64, count: u64) -> Vec<Simulated> {
    let next = AtomicU64::new(from);
    let one = || {
        let mut tried = Vec::new();
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= from + count {
                return tried;
            }
            tried.push(attempt(seed));
        }
    };
    let workers = available_parallelism().map_or(1, NonZero::get);
    let mut all: Vec<Simulated> = thread::scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(one)).collect();
        running.into_iter().flat_map(|worker| worker.join().unwrap_or_default()).collect()
    });
    all.sort_by_key(|it| it.seed);
    all
}

fn attempt(seed: u64) -> Simulated {
    let World { office, fault, reports, ended_at, .. } = World::new(seed, BROKE_AT);
    let verdict = judge::judge(ended_at, &reports, None);
    let nearest_hop = nearest_hop::judge(ended_at, &reports);
    Simulated {
        seed,
        name: fault.name,
        machines: office.machines.len(),
        has_hop: office.has_hop,
        truth: segment(fault.truth),
        tried: Tried { verdict, nearest_hop },
    }
}

const fn segment(truth: paths::Segment) -> Segment {
    match truth {
        paths::Segment::None => Segment::None,
        paths::Segment::Own => Segment::Own,
        paths::Segment::Lan => Segment::Lan,
        paths::Segment::Gateway => Segment::Gateway,
        paths::Segment::AccessLine => Segment::AccessLine,
        paths::Segment::Isp => Segment::Isp,
        paths::Segment::Dns => Segment::Dns,
        paths::Segment::RemoteService => Segment::RemoteService,
        paths::Segment::Saturated => Segment::Saturated,
    }
}
