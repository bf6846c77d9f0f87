//! `timeleft` of Zabbix (`src/libs/zbxalgo/prediction.c`, linear fit) and the condition of its stock
//! template for file systems: `pused > 80 % and (free < 10G or timeleft(pused,1h,100) < 1d)`, and the
//! same with 90 % and 5G.

use super::{super::usage::Usage, Opponent};
use beforehand_shared::time::{Millis, Timestamp};

const HOUR: Millis = Millis::HOUR;
const DAY_S: f64 = 86_400.0;

pub(super) struct Stock;

impl Opponent for Stock {
    fn name(&self) -> String {
        "Zabbix stock template".to_owned()
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        let Some(point) = usage.latest(at) else { return false };
        let (pused, free) = (pused(usage, point.used), usage.free(point));
        let soon = || time_left(usage, at).is_some_and(|seconds| seconds < DAY_S);
        (pused > 80.0 && (free < 10e9 || soon())) || (pused > 90.0 && (free < 5e9 || soon()))
    }
}

/// `timeleft(pused,1h,100) < 4d` by itself: the same horizon as is asked for.
pub(super) struct TimeLeft;

impl Opponent for TimeLeft {
    fn name(&self) -> String {
        "Zabbix timeleft(1h) < 4d".to_owned()
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        time_left(usage, at).is_some_and(|seconds| seconds < 4.0 * DAY_S)
    }
}

fn pused(usage: &Usage, used: f64) -> f64 {
    100.0 * used / usage.size
}

/// Seconds until the line through the last hour reaches 100 %; infinite where it does not. Nothing
/// where Zabbix has no data or fails.
fn time_left(usage: &Usage, at: Timestamp) -> Option<f64> {
    let window = usage.window(HOUR, at);
    let oldest = window.first()?.at;
    if let [only] = window {
        return Some(if pused(usage, only.used) == 100.0 { 0.0 } else { f64::INFINITY });
    }
    // Seconds from the oldest value, and a billionth so that none of them is 0.
    let seconds = |at: Timestamp| at.since(oldest).0 as f64 / 1000.0 + 1e-9;
    let samples: Vec<(f64, f64)> = window.iter().map(|point| (seconds(point.at), pused(usage, point.used))).collect();
    let (a, b) = fit(&samples)?;
    let now = seconds(at);
    if a + b * now == 100.0 {
        return Some(0.0);
    }
    let left = (100.0 - a) / b - now;
    Some(if left >= 0.0 { left } else { f64::INFINITY })
}

/// `x = a + b t` by the normal equations.
fn fit(samples: &[(f64, f64)]) -> Option<(f64, f64)> {
    let n = samples.len() as f64;
    let sum = |of: fn(&(f64, f64)) -> f64| samples.iter().map(of).sum::<f64>();
    let (t, x, tt, tx) = (sum(|s| s.0), sum(|s| s.1), sum(|s| s.0 * s.0), sum(|s| s.0 * s.1));
    let determinant = n * tt - t * t;
    (determinant != 0.0).then(|| ((tt * x - t * tx) / determinant, (n * tx - t * x) / determinant))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::volume_full::opponents::tests::{minute_of, usage};

    #[test]
    fn the_time_left_is_where_the_line_reaches_a_hundred() {
        // 85 % and 1 % an hour: 15 hours from the last value.
        let usage = usage(&[(0, 840.0), (30, 845.0), (60, 850.0)]);
        let left = time_left(&usage, minute_of(60)).unwrap();
        assert!((left - 15.0 * 3600.0).abs() < 1.0, "{left}");
        assert!(Stock.alarms(&usage, minute_of(60)));
    }

    #[test]
    fn one_value_and_a_falling_line_have_no_end() {
        let usage = usage(&[(0, 850.0), (30, 840.0), (200, 830.0)]);
        assert_eq!(time_left(&usage, minute_of(31)), Some(f64::INFINITY));
        assert_eq!(time_left(&usage, minute_of(200)), Some(f64::INFINITY));
        assert_eq!(time_left(&usage, minute_of(300)), None);
    }
}
