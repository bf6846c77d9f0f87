//! Worlds of many seeds at once, on all processors.

use std::{
    num::NonZero,
    ops::Range,
    panic::resume_unwind,
    sync::atomic::{AtomicU64, Ordering},
    thread::{available_parallelism, scope},
};

/// What `one` makes of each seed, in their order. Where one breaks, all do.
pub fn side_by_side<T: Send>(seeds: Range<u64>, one: impl Fn(u64) -> T + Sync) -> Vec<T> {
    let next = AtomicU64::new(seeds.start);
    let work = || {
        let mine = std::iter::from_fn(|| Some(next.fetch_add(1, Ordering::Relaxed)).filter(|seed| *seed < seeds.end));
        mine.map(|seed| (seed, one(seed))).collect::<Vec<_>>()
    };
    let workers = available_parallelism().map_or(1, NonZero::get);
    let mut all: Vec<(u64, T)> = scope(|scope| {
        let running: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
        running.into_iter().flat_map(|worker| worker.join().unwrap_or_else(|broken| resume_unwind(broken))).collect()
    });
    all.sort_by_key(|(seed, _)| *seed);
    all.into_iter().map(|(_, made)| made).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_is_taken_once_and_in_order() {
        assert_eq!(side_by_side(3..40, |seed| seed * 2), (3..40).map(|seed| seed * 2).collect::<Vec<u64>>());
    }

    #[test]
    fn a_world_that_breaks_is_not_left_out() {
        let broken = std::panic::catch_unwind(|| side_by_side(0..9, |seed| assert_ne!(seed, 5, "a world broke")));
        assert!(broken.is_err());
    }
}
