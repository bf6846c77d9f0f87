//! `predict_linear` of Prometheus (`promql/functions.go`, `linearRegression` and
//! `funcPredictLinear`): least squares with compensated sums, measured from the instant of
//! evaluation.

use super::{super::usage::Usage, Opponent};
use beforehand_shared::time::{Millis, Timestamp};

/// Rules are evaluated once a minute.
const EVERY: Millis = Millis::MINUTE;

/// Free space in 4 days by `predict_linear(avail[window], 4d) < 0`, held for `hold`.
pub(super) struct Linear {
    window: Millis,
    hold: Millis,
}

impl Linear {
    pub(super) const fn new(window: Millis, hold: Millis) -> Self {
        Self { window, hold }
    }
}

impl Opponent for Linear {
    fn name(&self) -> String {
        let window = match self.window.as_hours() {
            hours if hours < 24.0 => format!("{hours:.0}h"),
            hours => format!("{:.0}d", hours / 24.0),
        };
        let hold = if self.hold.0 > 0 { ", for 1h" } else { "" };
        format!("Prometheus predict_linear[{window}]{hold}")
    }

    fn alarms(&self, usage: &Usage, at: Timestamp) -> bool {
        held(self.hold, at, |at| predict_linear(usage, self.window, Millis::days(4), at).is_some_and(|free| free < 0.0))
    }
}

/// `for: hold`: true at every evaluation since `at - hold`.
pub(super) fn held(hold: Millis, at: Timestamp, holds: impl Fn(Timestamp) -> bool) -> bool {
    (0..=hold.0 / EVERY.0).all(|step| holds(at.minus(Millis(step * EVERY.0))))
}

/// Free space `ahead` of `at` by the line through the samples of the window; nothing for fewer than
/// two.
pub(super) fn predict_linear(usage: &Usage, window: Millis, ahead: Millis, at: Timestamp) -> Option<f64> {
    let points = usage.window(window, at);
    let samples = points.iter().map(|point| (point.at.since(at).0 as f64 / 1000.0, usage.free(*point)));
    let (slope, intercept) = linear_regression(samples)?;
    Some(slope * (ahead.0 as f64 / 1000.0) + intercept)
}

/// Slope per second and value at second 0 of `(seconds, value)`.
pub(super) fn linear_regression(samples: impl Iterator<Item = (f64, f64)> + Clone) -> Option<(f64, f64)> {
    let first = samples.clone().next()?.1;
    let (mut n, mut constant) = (0.0, true);
    let (mut x, mut y, mut xy, mut xx) = (Kahan::default(), Kahan::default(), Kahan::default(), Kahan::default());
    for (at, value) in samples {
        constant &= value == first;
        n += 1.0;
        x.add(at);
        y.add(value);
        xy.add(at * value);
        xx.add(at * at);
    }
    if n < 2.0 {
        return None;
    }
    if constant {
        return Some((0.0, first));
    }
    let (x, y, xy, xx) = (x.sum(), y.sum(), xy.sum(), xx.sum());
    let (covariance, variance) = (xy - x * y / n, xx - x * x / n);
    let slope = covariance / variance;
    Some((slope, y / n - slope * x / n))
}

/// Compensated summation, in Neumaier's form as Prometheus has it.
#[derive(Default, Clone, Copy)]
struct Kahan {
    sum: f64,
    lost: f64,
}

impl Kahan {
    fn add(&mut self, value: f64) {
        let sum = self.sum + value;
        self.lost += if self.sum.abs() >= value.abs() { (self.sum - sum) + value } else { (value - sum) + self.sum };
        self.sum = sum;
    }

    fn sum(self) -> f64 {
        self.sum + self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tasks::volume_full::opponents::tests::{minute_of, usage};

    #[test]
    fn the_line_through_three_samples_is_the_one_found_by_hand() {
        // Free 900, 880, 870 at minutes 0, 10, 20: slope -1.5 a minute, 883.33 in the middle.
        let usage = usage(&[(0, 100.0), (10, 120.0), (20, 130.0)]);
        let now = predict_linear(&usage, Millis::hours(1), Millis(0), minute_of(20)).unwrap();
        assert!((now - 868.333_333).abs() < 1e-5, "{now}");
        let in_an_hour = predict_linear(&usage, Millis::hours(1), Millis::HOUR, minute_of(20)).unwrap();
        assert!((in_an_hour - 778.333_333).abs() < 1e-5, "{in_an_hour}");
    }

    #[test]
    fn one_sample_predicts_nothing_and_equal_samples_stay() {
        let usage = usage(&[(0, 100.0), (300, 100.0), (301, 100.0)]);
        assert_eq!(predict_linear(&usage, Millis::minutes(5), Millis::DAY, minute_of(4)), None);
        assert_eq!(predict_linear(&usage, Millis::minutes(5), Millis::DAY, minute_of(302)), Some(900.0));
    }

    #[test]
    fn a_rule_with_for_waits_until_the_condition_has_lasted() {
        // It has fallen by 10 a minute since minute 60, so within 4 days it would be gone.
        let points: Vec<(i64, f64)> =
            (0..200).map(|m| (m, if m < 60 { 100.0 } else { 100.0 + (m - 60) as f64 })).collect();
        let usage = usage(&points);
        let now = Linear::new(Millis::hours(6), Millis(0));
        let held = Linear::new(Millis::hours(6), Millis::HOUR);
        assert!(now.alarms(&usage, minute_of(90)) && !held.alarms(&usage, minute_of(90)));
        assert!(held.alarms(&usage, minute_of(160)));
    }
}
