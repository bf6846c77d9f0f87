//! When an office works: local time, weekends, public holidays.

use beforehand_shared::time::{Millis, Timestamp};
use jiff::{civil, tz::TimeZone};
use std::collections::BTreeSet;

/// First and last minute of the working day.
const OPENS: i64 = 8 * 60;
const CLOSES: i64 = 17 * 60 + 30;
/// Month and day of the holidays every office here keeps.
const HOLIDAYS: [(i8, i8); 6] = [(1, 1), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)];

#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// Local days since 1970-01-01.
    holidays: BTreeSet<i64>,
}

/// An instant as the office's wall clock shows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Local {
    /// Days since 1970-01-01.
    pub day: i64,
    /// Minutes since midnight.
    pub minute: i64,
}

impl Local {
    /// 0 is Monday.
    pub const fn weekday(self) -> i64 {
        (self.day + 3).rem_euclid(7)
    }
}

impl Calendar {
    /// # Errors
    /// When `zone` is no IANA name.
    pub fn new(zone: &str) -> Result<Self, jiff::Error> {
        let zone = TimeZone::get(zone)?;
        let holidays = (2015..2045)
            .flat_map(|year| HOLIDAYS.map(|(month, day)| civil::date(year, month, day)))
            .filter_map(|date| date.to_zoned(TimeZone::UTC).ok())
            .map(|midnight| midnight.timestamp().as_millisecond().div_euclid(Millis::DAY.0))
            .collect();
        Ok(Self { zone, holidays })
    }

    pub fn local(&self, at: Timestamp) -> Local {
        let offset = jiff::Timestamp::from_millisecond(at.0)
            .map_or(0, |instant| i64::from(self.zone.to_offset(instant).seconds()) * 1_000);
        let wall = at.0 + offset;
        Local { day: wall.div_euclid(Millis::DAY.0), minute: wall.rem_euclid(Millis::DAY.0) / Millis::MINUTE.0 }
    }

    pub fn is_working_day(&self, day: i64) -> bool {
        Local { day, minute: 0 }.weekday() < 5 && !self.holidays.contains(&day)
    }

    /// Whether people are at work.
    pub fn is_busy(&self, at: Timestamp) -> bool {
        let local = self.local(at);
        (OPENS..CLOSES).contains(&local.minute) && self.is_working_day(local.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn an_office_works_by_its_own_clock_in_summer_and_winter() {
        let berlin = Calendar::new("Europe/Berlin").unwrap();
        assert!(berlin.is_busy(at("2026-07-06T06:30:00Z")));
        assert!(!berlin.is_busy(at("2026-01-05T06:30:00Z")));
        assert!(berlin.is_busy(at("2026-01-05T07:30:00Z")));
    }

    #[test]
    fn weekends_and_holidays_are_free() {
        let berlin = Calendar::new("Europe/Berlin").unwrap();
        assert!(!berlin.is_busy(at("2026-07-04T10:00:00Z")), "Saturday");
        assert!(!berlin.is_busy(at("2026-05-01T10:00:00Z")), "Labour Day");
        assert_eq!(berlin.local(at("2026-07-05T23:00:00Z")).weekday(), 0);
    }
}
