//! Local days and hours of an office whose clocks change.

use super::{JUDGED, LEARNED};
use crate::{
    calendar::{Calendar, Local},
    random::Random,
};
use beforehand_shared::time::{Millis, Timestamp};

/// Zone, and the first day as days since 1970: four weeks before 12 October 2026 or 2 March 2026, Mondays, so that the
/// change of the clock lies in the thirty days after them.
const OFFICES: [(&str, i64); 4] = [
    ("Europe/Berlin", AUTUMN - LEARNED),
    ("Europe/Berlin", SPRING - LEARNED),
    ("America/New_York", AUTUMN - LEARNED),
    ("America/New_York", SPRING - LEARNED),
];
const AUTUMN: i64 = 20_738;
const SPRING: i64 = 20_514;

#[derive(Debug, Clone)]
pub(super) struct Days {
    pub(super) zone: &'static str,
    calendar: Calendar,
    first: i64,
    holiday: i64,
    /// A day on which everybody goes home at this minute.
    early: Option<(i64, i64)>,
}

impl Days {
    pub(super) fn any(random: &mut Random) -> Result<Self, jiff::Error> {
        let (zone, first) = OFFICES[random.whole(0, 3) as usize];
        let mut days = Self { zone, calendar: Calendar::new(zone)?, first, holiday: -1, early: None };
        days.holiday = days.working_day(random, &[]);
        if random.chance(0.5) {
            let day = days.working_day(random, &[days.holiday]);
            days.early = Some((day, random.whole(12 * 60, 15 * 60) as i64));
        }
        Ok(days)
    }

    /// One of the judged days that none of `taken` is: a day on which people work.
    pub(super) fn working_day(&self, random: &mut Random, taken: &[i64]) -> i64 {
        let days: Vec<i64> =
            (LEARNED..LEARNED + JUDGED - 1).filter(|day| self.is_worked(*day) && !taken.contains(day)).collect();
        days[random.whole(0, days.len() as u64 - 1) as usize]
    }

    /// 0 is Monday; days count from the first, which is one.
    pub(super) const fn weekday(day: i64) -> i64 {
        day.rem_euclid(7)
    }

    pub(super) fn is_worked(&self, day: i64) -> bool {
        Self::weekday(day) < 5 && day != self.holiday
    }

    /// When everybody goes home on this day, if that is early.
    pub(super) fn closes_early(&self, day: i64) -> Option<i64> {
        self.early.filter(|(early, _)| *early == day).map(|(_, minute)| minute)
    }

    pub(super) fn midnight(&self, day: i64) -> Timestamp {
        self.instant(day, 0.0)
    }

    /// The instant at which the office's clock shows so many minutes after midnight; in a gap of the clock, near it.
    pub(super) fn instant(&self, day: i64, minute: f64) -> Timestamp {
        let utc = Timestamp((self.first + day) * Millis::DAY.0 + (minute * Millis::MINUTE.0 as f64) as i64);
        let shown = |at: Timestamp| {
            let Local { day, minute } = self.calendar.local(at);
            Timestamp(day * Millis::DAY.0 + minute * Millis::MINUTE.0 + at.0.rem_euclid(Millis::MINUTE.0))
        };
        // Twice, so that the offset of the instant itself is taken.
        let near = utc.minus(shown(utc).since(utc));
        near.plus(utc.since(shown(near)))
    }
}
