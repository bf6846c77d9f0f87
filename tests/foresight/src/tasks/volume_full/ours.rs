//! The forecaster of the collector, given what the collector would have: hours of the last 60 days
//! and samples of the last 26 hours.

use super::usage::{Point, Usage};
use beforehand_core::{
    detectors::volume_full::{self, Gauge},
    forecast::Outlook,
    input::{HISTORY, RECENT},
    series::{Hour, Metric, Sample, Series},
};
use beforehand_shared::time::{Millis, Timestamp};

/// What is foreseen at `at`; nothing where the forecaster abstains.
pub fn outlook(usage: &Usage, at: Timestamp) -> Option<Outlook> {
    let series = series(usage, at);
    let gauge = gauge(usage, &series, at)?;
    volume_full::foresee(&gauge, &usage.name, weekday(at)).outlook
}

/// The chance to be full within `horizon`: none is given where it abstains.
pub fn chance(usage: &Usage, at: Timestamp, horizon: Millis) -> f64 {
    outlook(usage, at).and_then(|outlook| outlook.chance(horizon)).unwrap_or(0.0)
}

pub fn gauge<'a>(usage: &Usage, series: &'a Series, at: Timestamp) -> Option<Gauge<'a>> {
    let free = usage.free(usage.latest(at)?);
    let metric = Metric::FreeBytes;
    Some(Gauge { metric, now: at, free, total: usage.size, limit: 0.0, floor: 0.0, series, sizes: None })
}

pub fn series(usage: &Usage, at: Timestamp) -> Series {
    let sample = |point: &Point| Sample { at: point.at, value: usage.free(*point) };
    let mut hours: Vec<Hour> = Vec::new();
    for sample in usage.window(HISTORY, at).iter().map(sample) {
        match hours.last_mut().filter(|hour| hour.at == sample.at.hour_start()) {
            Some(hour) => *hour = hour.with(sample.value),
            None => hours.push(Hour::of(sample)),
        }
    }
    Series { hours, recent: usage.window(RECENT, at).iter().map(sample).collect() }
}

/// 0 is Monday, UTC.
pub fn weekday(at: Timestamp) -> usize {
    // 1970-01-01 was a Thursday.
    usize::try_from((at.0.div_euclid(Millis::DAY.0) + 3).rem_euclid(7)).unwrap_or(0)
}
