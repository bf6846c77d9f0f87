//! Local days, and what a date is to an office.

use crate::calendar::Calendar;
use beforehand_shared::time::{Millis, Timestamp};
use jiff::civil::Date;

/// Calendar days at the end of a month in which accounts are closed and bills are written.
const MONTH_END: i8 = 4;

/// What a date is to an office, beside its weekday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Season {
    Usual,
    MonthEnd,
    /// From Christmas Eve to New Year's Day few offices print at all.
    YearEnd,
    /// As known: nobody is there.
    Closed,
}

/// One local day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    pub start: Timestamp,
    pub date: Date,
    /// 0 is Monday.
    pub weekday: usize,
    pub units: f64,
    pub closed: bool,
}

impl Day {
    pub(super) fn season(&self) -> Season {
        match (self.date.month(), self.date.day()) {
            _ if self.closed => Season::Closed,
            (12, 24..) | (1, 1) => Season::YearEnd,
            (_, day) if self.date.days_in_month() - day < MONTH_END => Season::MonthEnd,
            _ => Season::Usual,
        }
    }

    pub(super) fn is_worked(&self) -> bool {
        self.weekday < 5 && !self.closed
    }

    /// Whether anything was printed, on a day that says what is usual.
    pub(super) fn is_active(&self) -> bool {
        self.units > 0.0 && !self.closed
    }
}

/// Week by week, as zones are slow to ask; day by day where the clock changes.
pub(super) fn days(calendar: &Calendar, first: Timestamp, now: Timestamp) -> Vec<Day> {
    let mut days = Vec::new();
    let mut start = calendar.day_start(first);
    let mut date = calendar.local(start).date();
    let mut weekday = weekday(date);
    while start <= now {
        let week = start.plus(Millis::days(7));
        let even = calendar.day_start(week) == week;
        for _ in 0..7 {
            if start <= now {
                days.push(Day { start, date, weekday, units: 0.0, closed: calendar.is_closed_day(date) });
            }
            // A day has 23 to 25 hours.
            start = if even { start.plus(Millis::DAY) } else { calendar.day_start(start.plus(Millis::hours(26))) };
            date = date.saturating_add(jiff::Span::new().days(1));
            weekday = (weekday + 1) % 7;
        }
    }
    days
}

/// 0 is Monday.
fn weekday(date: Date) -> usize {
    date.weekday().to_monday_zero_offset() as usize
}
