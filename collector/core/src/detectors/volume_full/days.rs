//! The past of a gauge cut into days that end at the present hour.

use super::gauge::Gauge;
use crate::series::Series;
use beforehand_shared::time::{Millis, Timestamp};

const DAY_HOURS: usize = 24;
const MEMORY_DAYS: usize = 60;

/// Changes within one day, relative to its start. Growth of the volume itself is taken out: adding
/// a disk is not freeing space.
#[derive(Debug, Clone)]
pub(super) struct Day {
    pub net: f64,
    /// The lowest point of the day.
    pub low: f64,
    /// The lowest point of each of its hours.
    pub lows: [f32; DAY_HOURS],
}

#[derive(Debug)]
pub(super) struct Past {
    /// The newest first.
    pub days: Vec<Day>,
    /// What was used up within each hour, the newest first; negative where space was freed.
    pub drops: Vec<f64>,
    /// Where a path into the future begins.
    pub start: f64,
}

impl Past {
    pub(super) fn of(gauge: &Gauge) -> Self {
        let end = gauge.now.hour_start();
        // The first hour only says where the second begins.
        let first = gauge.series.hours.first().map_or(end, |hour| hour.at.plus(Millis::HOUR));
        if first >= end {
            return Self { days: Vec::new(), drops: Vec::new(), start: gauge.free };
        }
        let known = usize::try_from(end.since(first).0 / Millis::HOUR.0).unwrap_or(0);
        let hours = known.min(MEMORY_DAYS * DAY_HOURS);
        let start = end.minus(Millis::hours(hours as i64));
        let levels = Levels::of(gauge, start, hours);
        let days = (1..=hours / DAY_HOURS).map(|age| levels.day(hours - age * DAY_HOURS)).collect();
        let drops: Vec<f64> = (0..hours).rev().map(|hour| levels.before(hour) - levels.ends[hour]).collect();
        let start = start_level(gauge, levels.before(hours) + gauge.total, &drops);
        Self { days, drops, start }
    }
}

/// Days begin with the present hour, which is not over. If what it did so far is usual for it, paths
/// begin before it and live through it again; else they begin with the level now.
fn start_level(gauge: &Gauge, before: f64, drops: &[f64]) -> f64 {
    let so_far = before - gauge.free;
    let same_hour = drops.iter().skip(DAY_HOURS - 1).step_by(DAY_HOURS);
    let (least, most) = same_hour.fold((0.0_f64, 0.0_f64), |(least, most), drop| (least.min(*drop), most.max(*drop)));
    if (least..=most).contains(&so_far) { before } else { gauge.free }
}

/// Level at the end of each hour, and the lowest within it, without holes: where nothing was
/// measured the last level holds.
struct Levels {
    ends: Vec<f64>,
    lows: Vec<f64>,
    /// Level before the first hour.
    start: f64,
}

impl Levels {
    fn of(gauge: &Gauge, start: Timestamp, hours: usize) -> Self {
        let before = gauge.series.hours.iter().take_while(|hour| hour.at < start).last();
        let size = |sizes: Option<&Series>, at| sizes.and_then(|sizes| size_at(sizes, at)).unwrap_or(gauge.total);
        let first = before.or_else(|| gauge.series.hours.first());
        let mut last = first.map_or(gauge.free, |hour| hour.last - size(gauge.sizes, hour.at));
        let mut levels = Self { ends: Vec::with_capacity(hours), lows: Vec::with_capacity(hours), start: last };
        let mut sizes = Steps::new(gauge.sizes.map_or(&[][..], |sizes| &sizes.hours), gauge.total);
        let mut known = gauge.series.hours_since(start).iter().peekable();
        for hour in 0..hours {
            let at = start.plus(Millis::hours(hour as i64));
            let mut low = last;
            while let Some(measured) = known.next_if(|known| known.at <= at) {
                let size = sizes.at(measured.at);
                last = measured.last - size;
                low = measured.min - size;
            }
            levels.ends.push(last);
            levels.lows.push(low.min(last));
        }
        levels
    }

    fn before(&self, hour: usize) -> f64 {
        hour.checked_sub(1).map_or(self.start, |before| self.ends[before])
    }

    fn day(&self, first: usize) -> Day {
        let base = self.before(first);
        let mut lows = [0.0; DAY_HOURS];
        let mut low = f64::INFINITY;
        for (hour, slot) in lows.iter_mut().enumerate() {
            let relative = self.lows[first + hour] - base;
            low = low.min(relative);
            *slot = relative as f32;
        }
        Day { net: self.ends[first + DAY_HOURS - 1] - base, low, lows }
    }
}

fn size_at(sizes: &Series, at: Timestamp) -> Option<f64> {
    let after = sizes.hours.partition_point(|hour| hour.at <= at);
    after.checked_sub(1).and_then(|i| sizes.hours.get(i)).or(sizes.hours.first()).map(|hour| hour.last)
}

/// Sizes read forwards in time.
struct Steps<'a> {
    hours: &'a [crate::series::Hour],
    next: usize,
    current: f64,
}

impl<'a> Steps<'a> {
    fn new(hours: &'a [crate::series::Hour], otherwise: f64) -> Self {
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
