//! What a disk was like before.

use crate::{
    input::AssetView,
    math::quantile::quantile,
    series::{Hour, Metric},
};
use beforehand_shared::time::{Millis, Timestamp};

/// How far back, and how much of the end is left out: what is new is not usual yet.
const PAST: Millis = Millis::days(28);
const NEW: Millis = Millis::hours(6);
/// Before so many hours of so many days are known, nothing is judged.
const HOURS: usize = 48;
const LEARN: Millis = Millis::days(3);
/// Nine in ten hours were no worse.
const BUSY_HOUR: f64 = 0.9;

pub(super) struct Usual {
    /// Mean time to the answer in a busy hour.
    pub(super) await_ms: f64,
    /// Requests of a run in a busy hour.
    pub(super) requests: f64,
}

impl Usual {
    pub(super) fn of(view: &AssetView, now: Timestamp) -> Option<Self> {
        let past = |metric: &Metric| -> Vec<Hour> {
            let hours = view.series.get(metric).map_or(&[][..], |series| series.hours_since(now.minus(PAST)));
            hours.iter().copied().take_while(|hour| hour.at <= now.minus(NEW)).collect()
        };
        let (awaits, requests) = (past(&Metric::AwaitMs), past(&Metric::Requests));
        let known = awaits.first().zip(awaits.last()).map_or(Millis(0), |(first, last)| last.at.since(first.at));
        if awaits.len() < HOURS || known < LEARN {
            return None;
        }
        let busy = |hours: &[Hour]| quantile(&mut hours.iter().map(|hour| hour.mean).collect::<Vec<_>>(), BUSY_HOUR);
        Some(Self { await_ms: busy(&awaits)?, requests: busy(&requests)? })
    }
}
