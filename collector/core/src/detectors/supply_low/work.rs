//! What drives consumption: pages, or working days where no pages are counted.

use super::days::{Day, days};
use crate::{
    calendar::Calendar,
    series::{Sample, Series},
};
use beforehand_shared::time::{Millis, Timestamp};

/// More pages than this in an hour are a counter that was set, not paper.
const MOST_AN_HOUR: f64 = 20_000.0;
/// After a longer time without measurements, what was printed is spread over its working days.
const GAP: Millis = Millis::hours(36);
/// Working hours where only days can be counted: from 8, for ten hours.
const OPENS: f64 = 8.0;
const OPEN_FOR: f64 = 10.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Pages,
    WorkingDays,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Work {
    pub unit: Unit,
    /// Every day from the first that is known until the one of the present, which is not over.
    pub days: Vec<Day>,
    /// Units from the beginning until the end of each hour that was measured.
    sums: Vec<(Timestamp, f64)>,
}

impl Work {
    /// From a counter of pages.
    pub(super) fn of_pages(pages: &[Sample], calendar: &Calendar, now: Timestamp) -> Option<Self> {
        let first = pages.first()?;
        let mut days = days(calendar, first.at, now);
        let mut sums = vec![(first.at, 0.0)];
        let mut sum = 0.0;
        let mut place = 0;
        for pair in pages.windows(2) {
            let printed = printed(pair[0], pair[1]);
            sum += printed;
            sums.push((pair[1].at, sum));
            let before = place;
            while place + 1 < days.len() && days[place + 1].start <= pair[1].at {
                place += 1;
            }
            let gap = pair[1].at.since(pair[0].at) > GAP;
            put(&mut days[if gap { before } else { place }..=place], printed);
        }
        // A counter that stands still is none.
        (sum > 0.0).then_some(Self { unit: Unit::Pages, days, sums })
    }

    /// From the calendar alone.
    pub(super) fn of_calendar(level: &[Sample], calendar: &Calendar, now: Timestamp) -> Option<Self> {
        let mut days = days(calendar, level.first()?.at, now);
        let mut sums = Vec::with_capacity(level.len());
        let (mut place, mut sum) = (0, 0.0);
        days.iter_mut().for_each(|day| day.units = f64::from(u8::from(day.is_worked())));
        for hour in level {
            while place + 1 < days.len() && days[place + 1].start <= hour.at {
                sum += days[place].units;
                place += 1;
            }
            sums.push((hour.at, sum + days[place].units * day_done(hour.at.since(days[place].start))));
        }
        Some(Self { unit: Unit::WorkingDays, days, sums })
    }

    /// Units until the end of each of these hours, which ascend.
    pub(super) fn until<'a>(&'a self, hours: &'a [Sample]) -> impl Iterator<Item = f64> + 'a {
        let mut place = 0;
        hours.iter().map(move |hour| {
            while self.sums.get(place).is_some_and(|(known, _)| *known <= hour.at) {
                place += 1;
            }
            place.checked_sub(1).map_or(0.0, |place| self.sums[place].1)
        })
    }

    /// Units until now.
    pub(super) fn sum(&self) -> f64 {
        self.sums.last().map_or(0.0, |(_, sum)| *sum)
    }
}

/// Share of a day's work that is done so long after midnight.
pub(super) fn day_done(since_midnight: Millis) -> f64 {
    ((since_midnight.as_hours() - OPENS) / OPEN_FOR).clamp(0.0, 1.0)
}

/// When that share is done, after midnight.
pub(super) fn time_of(share: f64) -> Millis {
    Millis(((OPENS + OPEN_FOR * share.clamp(0.0, 1.0)) * Millis::HOUR.0 as f64) as i64)
}

/// The last value of each hour, with the latest sample, which may not be in the hours yet.
pub(super) fn hourly(series: &Series, now: Timestamp) -> Vec<Sample> {
    let mut hourly: Vec<Sample> =
        series.hours.iter().map(|hour| Sample { at: hour.at, value: hour.last }).filter(|it| it.at <= now).collect();
    for sample in series.recent.iter().filter(|sample| sample.at <= now) {
        let sample = Sample { at: sample.at.hour_start(), ..*sample };
        match hourly.last_mut() {
            Some(last) if sample.at < last.at => {}
            Some(last) if sample.at == last.at => last.value = sample.value,
            _ => hourly.push(sample),
        }
    }
    hourly
}

fn printed(before: Sample, after: Sample) -> f64 {
    let pages = after.value - before.value;
    let hours = (after.at.since(before.at).as_hours()).max(1.0);
    if (0.0..=MOST_AN_HOUR * hours).contains(&pages) { pages } else { 0.0 }
}

/// Over the working days among them, or over all where there is none.
fn put(days: &mut [Day], units: f64) {
    let any = !days.iter().any(Day::is_worked);
    let counts = |day: &Day| any || day.is_worked();
    let among = days.iter().filter(|day| counts(day)).count().max(1) as f64;
    days.iter_mut().filter(|day| counts(day)).for_each(|day| day.units += units / among);
}
