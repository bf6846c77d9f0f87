//! Plain scores.

use super::Marked;
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::VecDeque;

/// One score for each sample; where there is no value, as before.
fn each(series: &Marked, mut score: impl FnMut(Timestamp, f64) -> f64) -> Vec<f64> {
    let mut last = 0.0;
    let scores = series.series.samples.iter().map(|(at, value)| {
        last = value.map_or(last, |value| score(*at, value));
        last
    });
    scores.collect()
}

pub(super) fn value(series: &Marked) -> Vec<f64> {
    each(series, |_, value| value)
}

pub(super) fn moving_z(series: &Marked) -> Vec<f64> {
    let mut day: VecDeque<(Timestamp, f64)> = VecDeque::new();
    each(series, |at, value| {
        let n = day.len() as f64;
        let mean = day.iter().map(|(_, x)| x).sum::<f64>() / n;
        let deviation = (day.iter().map(|(_, x)| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        let z = if n >= 5.0 { (value - mean).abs() / deviation.max(1e-9) } else { 0.0 };
        day.push_back((at, value));
        while day.front().is_some_and(|(old, _)| at.since(*old) > Millis::DAY) {
            day.pop_front();
        }
        z
    })
}

/// Mean and variance from the whole past, with a memory of 100 values; the z scores smoothed.
pub(super) fn ewma(series: &Marked) -> Vec<f64> {
    let (mut mean, mut variance, mut z, mut n) = (0.0, 0.0_f64, 0.0_f64, 0.0_f64);
    each(series, |_, value| {
        n += 1.0;
        let rate = (1.0 / n).max(0.01);
        let far = value - mean;
        let u = if n > 5.0 { far / variance.sqrt().max(1e-9) } else { 0.0 };
        z = 0.8 * z + 0.2 * u;
        mean += rate * far;
        variance = (1.0 - rate) * (variance + rate * far * far);
        z.abs()
    })
}
