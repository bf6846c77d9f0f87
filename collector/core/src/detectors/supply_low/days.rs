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
}

impl Season {
    pub(super) fn of(date: Date) -> Self {
        match (date.month(), date.day()) {
            (12, 24..) | (1, 1) => Self::YearEnd,
            (_, day) if date.days_in_month() - day < MONTH_END => Self::MonthEnd,
            _ => Self::Usual,
        }
    }
}

/// One local day.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Day {
    pub start: Timestamp,
    pub date: Date,
    /// 0 is Monday.
    pub weekday: usize,
    pub units: f64,
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
                days.push(Day { start, date, weekday, units: 0.0 });
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
