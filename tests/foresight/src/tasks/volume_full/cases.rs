//! The instants at which every method must say whether a volume will be full, and what happened.

use super::usage::Usage;
use beforehand_shared::time::{Millis, Timestamp};

/// A horizon counts as seen when nothing in it went unmeasured for longer.
const LARGEST_GAP: Millis = Millis::hours(36);
/// The recordings come about once a day, at about the same hour.
const GRACE: Millis = Millis::hours(6);

/// Which days count, and where a horizon ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// A day counts where it is known what came. A horizon ends with the last sample until
    /// [`GRACE`] after it, and there must be one not longer before.
    Known,
    /// As [`Self::Known`], but days before a filling, too, count only where the whole horizon was
    /// measured.
    Throughout,
    /// A horizon ends to the minute, so a sample a minute later does not count.
    ToTheMinute,
}

/// One decision on one volume that is not full yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Case {
    pub at: Timestamp,
    /// When it became full, if it did within the horizon.
    pub filled_at: Option<Timestamp>,
}

/// One case for each day on which it was measured, at its last sample. A day is left out where it is
/// full already, and where nobody knows what happened: it was not seen to fill, and was not
/// measured throughout either.
pub fn cases(usage: &Usage, horizon: Millis, rule: Rule) -> Vec<Case> {
    usage.days().into_iter().filter_map(|at| case(usage, at, horizon, rule)).collect()
}

fn case(usage: &Usage, at: Timestamp, horizon: Millis, rule: Rule) -> Option<Case> {
    if usage.free(usage.latest(at)?) <= 0.0 {
        return None;
    }
    let (after, before) = match rule {
        Rule::Known | Rule::Throughout => (GRACE, GRACE),
        Rule::ToTheMinute => (Millis(0), LARGEST_GAP),
    };
    let end = at.plus(horizon);
    let ahead = usage.between(at, end.plus(after));
    let instants = [at].into_iter().chain(ahead.iter().map(|point| point.at));
    let instants: Vec<Timestamp> = instants.collect();
    let seen = instants.windows(2).all(|pair| pair[1].since(pair[0]) <= LARGEST_GAP)
        && instants.last().is_some_and(|last| *last >= end.minus(before));
    let full = ahead.iter().find(|point| usage.free(**point) <= 0.0);
    let known = seen || (full.is_some() && rule != Rule::Throughout);
    known.then(|| Case { at, filled_at: full.map(|point| point.at) })
}

/// Each filling after at least one decision: when, and the decisions before it, since it was last
/// full or since the volume is known.
pub fn fillings(usage: &Usage) -> Vec<(Timestamp, Vec<Timestamp>)> {
    let days = usage.days();
    let mut found = Vec::new();
    let mut full = true;
    let mut since = Timestamp(i64::MIN);
    for point in &usage.points {
        let now = usage.free(*point) <= 0.0;
        if now && !full {
            let before: Vec<_> = days.iter().copied().filter(|day| *day > since && *day < point.at).collect();
            if !before.is_empty() {
                found.push((point.at, before));
            }
        }
        if now {
            since = point.at;
        }
        full = now;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::volume_full::opponents::tests::{minute_of, usage};

    const DAY: i64 = 24 * 60;

    #[test]
    fn a_day_counts_when_it_is_known_what_came_after() {
        // Full on day 3, then purged, and not measured after day 5: what came after day 4 is not known.
        let usage =
            usage(&[(0, 500.0), (DAY, 600.0), (2 * DAY, 900.0), (3 * DAY, 1000.0), (4 * DAY, 500.0), (5 * DAY, 500.0)]);
        let cases = cases(&usage, Millis::days(2), Rule::Known);
        let days: Vec<_> = cases.iter().map(|case| (case.at.0 / Millis::DAY.0, case.filled_at.is_some())).collect();
        assert_eq!(days, [(0, false), (1, true), (2, true)]);
        let fillings = fillings(&usage);
        assert_eq!(fillings.len(), 1);
        assert_eq!((fillings[0].0, fillings[0].1.len()), (minute_of(3 * DAY), 3));
    }
}
