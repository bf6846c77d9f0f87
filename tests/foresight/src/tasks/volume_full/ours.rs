//! The forecaster of the collector, given what the collector would have: hours of the last 60 days
//! and samples of the last 26 hours.

use super::usage::{Point, Usage};
use beforehand_core::{
    detectors::volume_full::{self, Foresight, Gauge},
    finding::Severity,
    input::{HISTORY, RECENT},
    onset,
    series::{Hour, Metric, Sample, Series},
};
use beforehand_shared::time::{Millis, Timestamp};

/// The chance to be at `limit` within `horizon`, and whether a ticket would be opened.
pub fn says(usage: &Usage, at: Timestamp, horizon: Millis, limit: f64) -> (f64, bool) {
    let series = series(usage, at);
    let Some(gauge) = gauge(usage, &series, at, limit) else { return (0.0, false) };
    let foresight = foresight(&gauge, &usage.name);
    (foresight.chance(horizon), volume_full::severity(&gauge, &foresight) >= Severity::Soon)
}

/// Whether a ticket would be opened, were no case open yet; full is where users notice.
pub fn calls(usage: &Usage, at: Timestamp) -> bool {
    says(usage, at, Millis::days(4), onset::volume_limit(usage.size)).1
}

pub fn foresight(gauge: &Gauge, name: &str) -> Foresight {
    volume_full::foresee(gauge, &format!("{name} {}", gauge.now.day_start().0), weekday(gauge.now))
}

pub fn gauge<'a>(usage: &Usage, series: &'a Series, at: Timestamp, limit: f64) -> Option<Gauge<'a>> {
    Some(Gauge {
        metric: Metric::FreeBytes,
        now: at,
        free: usage.free(usage.latest(at)?),
        total: usage.size,
        limit,
        floor: volume_full::space_floor(usage.size),
        series,
        sizes: None,
    })
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
