//! A writer that is faster than this hour of the day has ever been.
//!
//! How long a burst goes on is not known. The longer it has lasted, the longer it will (Lomax law):
//! the chance to last another `t` after an age of `a` is (a + c) / (a + c + t).

use super::{days::Past, gauge::Gauge};
use crate::{math::quantile::quantile, series::Sample};
use beforehand_shared::time::Millis;

/// `c` of the law: what a burst without history is credited with.
const CREDIT: Millis = Millis::minutes(20);
/// Windows over which a burst is looked for.
const WINDOWS: [Millis; 4] = [Millis::minutes(5), Millis::minutes(15), Millis::minutes(30), Millis::minutes(60)];
/// The latest hours are not part of what is usual: the burst may be in them.
const NEWEST_HOURS: usize = 6;

#[derive(Debug, Clone, Copy)]
pub(super) struct Burst {
    /// Used up per millisecond.
    pub rate: f64,
    pub age: Millis,
}

impl Burst {
    /// How long the burst goes on from now when its luck is `u`, from 0 (for ever) to 1 (it ends now).
    pub(super) fn lasts(&self, u: f64) -> f64 {
        (self.age.0 + CREDIT.0) as f64 * (1.0 / u.max(1e-6) - 1.0)
    }
}

/// The burst that is going on, if there is one.
pub(super) fn burst(gauge: &Gauge, past: &Past) -> Option<Burst> {
    let newest = gauge.series.last()?;
    let spacing = gauge.series.spacing();
    let usual = usual_drop(past).max(0.002 * gauge.total);
    let rate = WINDOWS
        .iter()
        .filter_map(|window| drop_over(gauge, newest, *window, spacing))
        .find_map(|(drop, length)| (drop > 1.2 * usual).then(|| drop / length.0 as f64))?;
    let age = age(gauge, newest, rate)?;
    let enough = if past.days.len() < super::paths::LEAST_DAYS { Millis::minutes(5) } else { Millis::MINUTE };
    (age >= enough).then_some(Burst { rate, age })
}

/// What was used up over about `window`, and over what exactly.
fn drop_over(gauge: &Gauge, newest: Sample, window: Millis, spacing: Millis) -> Option<(f64, Millis)> {
    let until = gauge.series.recent.partition_point(|sample| sample.at <= newest.at.minus(window));
    let from = gauge.series.recent.get(until.checked_sub(1)?)?;
    let length = newest.at.since(from.at);
    (length.0 <= window.0 + spacing.0 + spacing.0 / 2).then_some((from.value - newest.value, length))
}

/// The 99.5 % quantile of what an hour uses up, at this time of day and the hours beside it.
fn usual_drop(past: &Past) -> f64 {
    // The newest drop is of the hour before the present one.
    let at_this_hour = |age: &usize| matches!((age + 1) % 24, 0 | 1 | 23);
    let mut drops: Vec<f64> =
        (NEWEST_HOURS..past.drops.len()).filter(at_this_hour).map(|age| past.drops[age]).collect();
    if drops.len() < 9 {
        drops = past.drops.iter().skip(2).copied().collect();
    }
    quantile(&mut drops, 0.995).unwrap_or(0.0)
}

/// Since when space has been used up at a pace like `rate`; nothing if it has stopped.
fn age(gauge: &Gauge, newest: Sample, rate: f64) -> Option<Millis> {
    let mut began = newest;
    for pair in gauge.series.recent.windows(2).rev() {
        let length = pair[1].at.since(pair[0].at).0.max(1) as f64;
        if (pair[0].value - pair[1].value) / length < 0.3 * rate {
            break;
        }
        began = pair[0];
    }
    (began.at < newest.at).then(|| newest.at.since(began.at))
}
