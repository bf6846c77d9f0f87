//! How many pages an office prints, hour by hour.

use crate::{
    calendar::{Calendar, Local},
    random::Random,
};
use beforehand_shared::time::{Millis, Timestamp};
use std::ops::Range;

/// Shares of a Monday, Tuesday … Friday.
const WEEK: [f64; 5] = [1.05, 1.10, 1.0, 1.0, 0.85];
/// Office hours in which people print.
const HOURS: Range<i64> = 8..18;

#[derive(Debug, Clone)]
pub struct Office {
    calendar: Calendar,
    /// Pages of an ordinary working day.
    pub(crate) usual: f64,
    /// Logarithm of the drift.
    drift: f64,
    month_end: bool,
    saturdays: bool,
    day: i64,
    /// Pages of today, and those of them that are not printed yet.
    today: f64,
    left: f64,
    random: Random,
}

impl Office {
    /// Hours in which people print.
    pub(super) const OPEN_FOR: f64 = (HOURS.end - HOURS.start) as f64;

    pub fn new(zone: &str, mut random: Random) -> Result<Self, jiff::Error> {
        let people = (random.between(0.7, 3.3)).exp();
        let each = 12.0 * (0.5 * random.normal()).exp();
        let (month_end, saturdays) = (random.chance(0.5), random.chance(0.1));
        let calendar = Calendar::new(zone)?;
        Ok(Self {
            calendar,
            usual: people * each,
            drift: 0.0,
            month_end,
            saturdays,
            day: i64::MIN,
            today: 0.0,
            left: 0.0,
            random,
        })
    }

    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// Pages of the hour that begins at `at`.
    pub fn hour(&mut self, at: Timestamp) -> f64 {
        let local = self.calendar.local(at);
        if local.day != self.day {
            self.day = local.day;
            self.today = self.pages_of_day(local.day, local.weekday());
            self.left = self.today;
        }
        let hour = local.minute / 60;
        if !HOURS.contains(&hour) || self.left <= 0.0 {
            return 0.0;
        }
        let share = self.random.between(0.3, 1.7) / (HOURS.end - hour) as f64;
        let pages = if hour + 1 == HOURS.end { self.left } else { (self.left * share).min(self.left) };
        self.left -= pages;
        pages
    }

    /// From now on as `random` has it.
    pub(super) fn redraw(&mut self, random: Random) {
        self.random = random;
    }

    /// Pages of the day that lies so many days after that of `at`.
    pub(super) fn pages_ahead(&mut self, at: Timestamp, ahead: i64) -> f64 {
        let day = Local { day: self.calendar.local(at).day + ahead, minute: 0 };
        self.pages_of_day(day.day, day.weekday())
    }

    /// Hours after `at` between which people print on that day, so far as they are not over.
    pub(super) fn hours_left(&self, at: Timestamp, ahead: i64) -> Range<f64> {
        let since_midnight = self.calendar.local(at).minute as f64 / 60.0;
        let from = |hour: i64| ((24 * ahead + hour) as f64 - since_midnight).max(0.0);
        from(HOURS.start)..from(HOURS.end)
    }

    /// Whether anybody is there.
    pub fn is_open(&self, at: Timestamp) -> bool {
        HOURS.contains(&(self.calendar.local(at).minute / 60)) && self.today > 0.0
    }

    fn pages_of_day(&mut self, day: i64, weekday: i64) -> f64 {
        // A random walk that an office comes back from in a year or so.
        self.drift = 0.999 * self.drift + 0.022 * self.random.normal();
        let closed =
            self.is_between_the_years(day) || !(self.calendar.is_working_day(day) || (weekday == 5 && self.saturdays));
        if closed {
            return 0.0;
        }
        let of_week = WEEK.get(weekday as usize).copied().unwrap_or(0.3);
        let noise = gamma(&mut self.random, 1.0 / (0.45 * 0.45));
        let mut pages = self.usual * of_week * noise * self.drift.exp() * season(day);
        if self.month_end && day_of_month(day) >= 28 {
            pages *= 2.2;
        }
        if self.random.chance(1.0 / 60.0) {
            pages += 4.0 * self.usual * (0.7 * self.random.normal()).exp();
        }
        pages.round()
    }

    fn is_between_the_years(&self, day: i64) -> bool {
        let date = date(day);
        (date.month() == 12 && date.day() > 23) || (date.month() == 1 && date.day() == 1)
    }
}

fn date(day: i64) -> jiff::civil::Date {
    let instant = jiff::Timestamp::from_millisecond(day * Millis::DAY.0).unwrap_or_default();
    instant.to_zoned(jiff::tz::TimeZone::UTC).date()
}

fn day_of_month(day: i64) -> i8 {
    date(day).day()
}

/// Quiet in July and August.
fn season(day: i64) -> f64 {
    if (7..=8).contains(&date(day).month()) { 0.8 } else { 1.03 }
}

/// Gamma with mean 1 and this shape (Marsaglia and Tsang 2000), for shapes of one and more.
fn gamma(random: &mut Random, shape: f64) -> f64 {
    let d = shape - 1.0 / 3.0;
    let c = 1.0 / (9.0 * d).sqrt();
    // Nearly every second draw is taken.
    for _ in 0..64 {
        let z = random.normal();
        let v = (1.0 + c * z).powi(3);
        if v > 0.0 && random.unit().max(1e-12).ln() < 0.5 * z * z + d - d * v + d * v.ln() {
            return d * v / shape;
        }
    }
    1.0
}
