//! The past of a gauge as one level for each hour, without holes.

use super::gauge::Gauge;
use crate::series::Hour;
use beforehand_shared::time::{Millis, Timestamp};

const MEMORY_HOURS: usize = 60 * 24;
/// Nothing is known of hours inside a longer hole: it was not measured, and perhaps not even in use.
const HOLE_HOURS: usize = 96;

/// Level at the end of each hour and the lowest within it, the oldest first. Where most hours swing up
/// and down, their ends are chance, and their means stand for them. Growth of the volume
/// itself is taken out, as adding a disk is not freeing space: levels are free minus size, so zero
/// is empty.
#[derive(Debug)]
pub(super) struct History {
    pub levels: Vec<f64>,
    pub lows: Vec<f64>,
    /// How far each hour fell from its highest point, other than by what came back in it.
    pub swings: Vec<f64>,
    pub known: Vec<bool>,
    /// Before the first hour.
    pub start: f64,
}

impl History {
    /// Until the present hour, which is not over.
    pub(super) fn of(gauge: &Gauge) -> Self {
        let end = gauge.now.hour_start();
        let hours = &gauge.series.hours[..gauge.series.hours.partition_point(|hour| hour.at < end)];
        let oldest = end.minus(Millis::hours(MEMORY_HOURS as i64));
        let first = hours.partition_point(|hour| hour.at < oldest);
        // The first hour only says where the second begins.
        let first = first.saturating_sub(1);
        let mut sizes = Sizes::new(gauge.sizes.map_or(&[][..], |sizes| &sizes.hours), gauge.total);
        let Some(before) = hours.get(first) else { return Self::empty(gauge.free - gauge.total) };
        let swinging = is_swinging(&hours[first..], gauge.total);
        let level = |hour: &Hour| if swinging { hour.mean } else { hour.last };
        let mut history = Self::empty(level(before) - sizes.at(before.at));
        let mut last = before.last - sizes.at(before.at);
        let mut at = before.at.plus(Millis::HOUR).max(oldest);
        for hour in &hours[first + 1..] {
            let size = sizes.at(hour.at);
            let missing = hours_between(at, hour.at);
            if missing > 0 {
                history.bridge(missing, (hour.min - size, hour.max - size));
            }
            history.push(level(hour) - size, (hour.min - size).min(level(hour) - size), missing < HOLE_HOURS);
            let (low, high) = (hour.min - size, hour.max - size);
            let entry = if missing == 0 { last } else { last.clamp(low, high) };
            history.swings.push(high.max(entry) - low.min(entry) - (hour.last - size - entry).max(0.0));
            last = hour.last - size;
            at = hour.at.plus(Millis::HOUR);
        }
        history.bridge(hours_between(at, end), present_range(gauge, end));
        history
    }

    pub(super) fn empty(start: f64) -> Self {
        let room = || Vec::with_capacity(MEMORY_HOURS);
        Self { levels: room(), lows: room(), swings: room(), known: Vec::with_capacity(MEMORY_HOURS), start }
    }

    /// Goes evenly over hours without samples to what came after them. A machine that was off found
    /// the level again as it had left it; whatever changed unseen changed at an unknown hour.
    fn bridge(&mut self, missing: usize, (low, high): (f64, f64)) {
        let from = self.before(self.levels.len());
        let entry = from.clamp(low.min(high), high);
        for hour in 1..=missing {
            let level = from + (entry - from) * hour as f64 / missing as f64;
            self.push(level, level, missing < HOLE_HOURS);
            self.swings.push(((from - entry) / missing as f64).max(0.0));
        }
    }

    fn push(&mut self, level: f64, low: f64, known: bool) {
        self.levels.push(level);
        self.lows.push(low);
        self.known.push(known);
    }

    /// The level before an hour.
    pub(super) fn before(&self, hour: usize) -> f64 {
        hour.checked_sub(1).map_or(self.start, |before| self.levels[before])
    }
}

/// Whether more than a quarter of the hours go up and down by more than they end apart from where
/// they began, and by more than noise.
fn is_swinging(hours: &[Hour], total: f64) -> bool {
    let swings = hours.windows(2).filter(|pair| {
        let range = pair[1].max - pair[1].min;
        range > 0.005 * total && range > 2.0 * (pair[1].last - pair[0].last).abs()
    });
    4 * swings.count() > hours.len()
}

fn hours_between(from: Timestamp, to: Timestamp) -> usize {
    usize::try_from(to.since(from).0 / Millis::HOUR.0).unwrap_or(0)
}

/// Lowest and highest level of the present hour.
fn present_range(gauge: &Gauge, start: Timestamp) -> (f64, f64) {
    let samples = gauge.series.since(start.minus(Millis(1))).iter().map(|sample| sample.value);
    let (low, high) = samples.fold((gauge.free, gauge.free), |(low, high), value| (low.min(value), high.max(value)));
    (low - gauge.total, high - gauge.total)
}

/// Sizes read forwards in time.
struct Sizes<'a> {
    hours: &'a [Hour],
    next: usize,
    current: f64,
}

impl<'a> Sizes<'a> {
    fn new(hours: &'a [Hour], otherwise: f64) -> Self {
        Self { hours, next: 0, current: hours.first().map_or(otherwise, |hour| hour.last) }
    }

    fn at(&mut self, at: Timestamp) -> f64 {
        while let Some(hour) = self.hours.get(self.next).filter(|hour| hour.at <= at) {
            self.current = hour.last;
            self.next += 1;
        }
        self.current
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::series::{Metric, Sample, Series};

    const START: Timestamp = Timestamp(1_767_571_200_000);

    fn history(hours: &[(i64, f64, f64, f64)], now: i64, free: f64) -> History {
        let hour = |(at, min, max, last): &(i64, f64, f64, f64)| Hour {
            at: START.plus(Millis::hours(*at)),
            count: 2,
            min: *min,
            max: *max,
            mean: 0.5 * (min + max),
            last: *last,
        };
        let now = START.plus(Millis::hours(now)).plus(Millis::MINUTE);
        let series = Series { hours: hours.iter().map(hour).collect(), recent: vec![Sample { at: now, value: free }] };
        let gauge = Gauge {
            metric: Metric::FreeBytes,
            now,
            free,
            total: 100.0,
            limit: 0.0,
            floor: 0.0,
            series: &series,
            sizes: None,
        };
        History::of(&gauge)
    }

    #[test]
    fn a_machine_that_was_off_wrote_in_the_hour_it_came_back() {
        let history = history(&[(0, 50.0, 50.0, 50.0), (4, 40.0, 50.0, 40.0)], 5, 40.0);
        assert_eq!((history.levels, history.swings[3]), (vec![-50.0, -50.0, -50.0, -60.0], 10.0));
    }

    #[test]
    fn what_changed_unseen_changed_evenly() {
        let history = history(&[(0, 50.0, 50.0, 50.0), (4, 38.0, 38.0, 38.0)], 7, 35.0);
        assert_eq!(history.levels, [-54.0, -58.0, -62.0, -62.0, -63.5, -65.0]);
        assert!(history.known.iter().all(|known| *known));
    }

    #[test]
    fn a_long_hole_is_not_known() {
        let history = history(&[(0, 50.0, 50.0, 50.0), (200, 50.0, 50.0, 50.0)], 201, 50.0);
        assert!(!history.known[100] && !history.known[199]);
    }
}
