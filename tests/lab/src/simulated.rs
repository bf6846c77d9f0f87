//! Faults of simulated offices, judged like those of real namespaces: more of them, of more kinds of offices, and sooner.

use crate::{course::Tried, fault::Segment, judge, nearest_hop, stretch::BROKE_AT};
use beforehand_sim::{
    paths::{Router, World},
    side_by_side::side_by_side,
};

/// What came of the world of one seed.
pub struct Simulated {
    pub seed: u64,
    pub name: String,
    pub machines: usize,
    pub first_router: Router,
    pub truth: Segment,
    pub tried: Tried,
}

/// Tries the worlds of `from..from + count`, in order.
pub fn try_all(from: u64, count: u64) -> Vec<Simulated> {
    side_by_side(from..from + count, attempt)
}

fn attempt(seed: u64) -> Simulated {
    let World { office, fault, reports, ended_at, .. } = World::new(seed, BROKE_AT);
    let verdict = judge::judge(ended_at, &reports, None);
    let nearest_hop = nearest_hop::judge(ended_at, &reports);
    Simulated {
        seed,
        name: fault.name,
        machines: office.machines.len(),
        first_router: office.first_router,
        truth: fault.truth,
        tried: Tried { verdict, nearest_hop },
    }
}
