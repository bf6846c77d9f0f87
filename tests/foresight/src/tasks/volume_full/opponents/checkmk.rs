//! Checkmk's trend of file systems (`size_trend` in `utils/size_trend.py`, `get_average` of its value
//! store), with its default range of 24 hours. It has no default level for the time left, so that
//! is the 4 days asked for.

use super::{super::usage::Usage, Opponent};
use beforehand_shared::time::Timestamp;

const RANGE_S: f64 = 86_400.0;
const LEVEL_S: f64 = 4.0 * 86_400.0;

pub(super) struct Trend;

impl Opponent for Trend {
    fn name(&self) -> String {
        "Checkmk trend".to_owned()
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        let Some(last) = usage.latest(at) else { return false };
        let rate = average_rate(usage, at);
        rate > 0.0 && usage.free(last) / rate < LEVEL_S
    }
}

/// Bytes a second, averaged exponentially; the weight of the past grows with its length until twice
/// the range is known.
fn average_rate(usage: &Usage, at: Timestamp) -> f64 {
    let after = usage.points.partition_point(|point| point.at <= at);
    let mut average = 0.0;
    let mut age = 0.0;
    for pair in usage.points[..after].windows(2) {
        let dt = pair[1].at.since(pair[0].at).0 as f64 / 1000.0;
        if dt <= 0.0 {
            continue;
        }
        let rate = (pair[1].used - pair[0].used) / dt;
        let b = 0.5_f64.powf((age / (2.0 * RANGE_S)).min(1.0));
        let weight = (1.0 - b).powf(dt / RANGE_S);
        average = (1.0 - weight) * rate + weight * average;
        age += dt;
    }
    average
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::volume_full::opponents::tests::{minute_of, usage};

    #[test]
    fn the_first_rate_stands_alone_and_a_long_known_average_forgets_half_a_day_at_a_time() {
        const DAY: i64 = 24 * 60;
        let first = usage(&[(0, 0.0), (DAY, 86.4)]);
        assert!((average_rate(&first, minute_of(DAY)) - 0.001).abs() < 1e-12);
        // After two days the next day's rate of 0 counts half.
        let known = usage(&[(0, 0.0), (2 * DAY, 172.8), (3 * DAY, 172.8)]);
        assert!((average_rate(&known, minute_of(3 * DAY)) - 0.0005).abs() < 1e-12);
    }

    #[test]
    fn what_does_not_grow_has_no_end() {
        assert!(!Trend.alarms(&usage(&[(0, 900.0), (60, 890.0)]), minute_of(60)));
        assert!(Trend.alarms(&usage(&[(0, 900.0), (60, 910.0)]), minute_of(60)));
    }
}
