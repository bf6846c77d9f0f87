//! Civil time in a client's zone, and dates, lengths of time and sizes in words for people.
//!
//! Zones come from the IANA database that is built in (`jiff`), so every machine agrees.

use crate::{closed::ClosedDays, month::Month};
use beforehand_shared::time::{Millis, Timestamp};
use jiff::{Zoned, civil, tz::TimeZone};

/// Hours of a week.
pub const WEEK_HOURS: usize = 168;

/// The zone with this IANA name; UTC where there is none.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// Local time of one client, and the days on which it is closed.
#[derive(Debug, Clone)]
pub struct Calendar {
    zone: TimeZone,
    /// First and last days, ascending, apart from each other.
    closed: Vec<(civil::Date, civil::Date)>,
}

impl Calendar {
    pub fn new(tz_name: &str) -> Self {
        Self { zone: zone(tz_name), closed: Vec::new() }
    }

    #[must_use]
    pub fn closed_on(self, days: &ClosedDays) -> Self {
        Self { closed: days.spans(), ..self }
    }

    /// Local time at `t`; an instant outside of the years -9999 to 9999 becomes 1970-01-01.
    pub fn local(&self, t: Timestamp) -> Zoned {
        jiff::Timestamp::from_millisecond(t.0).unwrap_or_default().to_zoned(self.zone.clone())
    }

    /// The month that contains `t`.
    pub fn month_of(&self, t: Timestamp) -> Month {
        let date = self.local(t).date();
        Month { year: date.year(), month: date.month() }
    }

    /// First instant of the month, and first instant of the next.
    pub fn month_bounds(&self, month: Month) -> (Timestamp, Timestamp) {
        (self.month_start(month), self.month_start(following(month)))
    }

    fn month_start(&self, month: Month) -> Timestamp {
        self.instant(civil::Date::new(month.year, month.month, 1).unwrap_or_default().at(0, 0, 0, 0))
    }

    /// The instant of a local date and time; in a gap of the clock, the time after it.
    pub fn instant(&self, at: civil::DateTime) -> Timestamp {
        at.to_zoned(self.zone.clone()).map_or(Timestamp(0), |zoned| Timestamp(zoned.timestamp().as_millisecond()))
    }

    /// First instant of the local day that contains `t`.
    pub fn day_start(&self, t: Timestamp) -> Timestamp {
        self.instant(self.local(t).date().at(0, 0, 0, 0))
    }

    /// 0 is the hour from Monday 00:00 local time, 167 the last of Sunday.
    pub fn hour_of_week(&self, t: Timestamp) -> usize {
        let local = self.local(t);
        let day = local.weekday().to_monday_zero_offset() as usize;
        day * 24 + local.hour() as usize
    }

    /// "12 Nov 09:40".
    pub fn day_time(&self, t: Timestamp) -> String {
        self.local(t).strftime("%-d %b %H:%M").to_string()
    }

    /// "09:40".
    pub fn clock(&self, t: Timestamp) -> String {
        self.local(t).strftime("%H:%M").to_string()
    }

    /// "today", "Thursday" within six days, else "3 December", with the year where it is another.
    pub fn date_words(&self, t: Timestamp, now: Timestamp) -> String {
        let (day, today) = (self.local(t).date(), self.local(now).date());
        match days_between(today, day) {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            -1 => "yesterday".to_owned(),
            -6..=6 => day.strftime("%A").to_string(),
            _ if day.year() == today.year() => day.strftime("%-d %B").to_string(),
            _ => day.strftime("%-d %B %Y").to_string(),
        }
    }

    /// As [`Self::date_words`] with its preposition: "today", "on Thursday", "on 3 December".
    pub fn on_words(&self, t: Timestamp, now: Timestamp) -> String {
        let words = self.date_words(t, now);
        if matches!(words.as_str(), "today" | "tomorrow" | "yesterday") { words } else { format!("on {words}") }
    }

    /// "between 3 and 9 December", "between Thursday and 9 December", "today between 14:00 and 17:00".
    pub fn range_words(&self, a: Timestamp, b: Timestamp, now: Timestamp) -> String {
        let (from, to, today) = (self.local(a).date(), self.local(b).date(), self.local(now).date());
        if from == to {
            let day = self.on_words(a, now);
            return if days_between(today, from).abs() <= 1 && b.since(a) >= Millis::HOUR {
                format!("{day} between {} and {}", self.clock(a), self.clock(b))
            } else if days_between(today, from) == 0 {
                format!("{day} about {}", self.clock(a))
            } else {
                day
            };
        }
        let far = days_between(today, from).abs() > 6 && days_between(today, to).abs() > 6;
        if far && (from.year(), from.month()) == (to.year(), to.month()) {
            return format!("between {} and {}", from.day(), self.date_words(b, now));
        }
        format!("between {} and {}", self.date_words(a, now), self.date_words(b, now))
    }

    /// The machine's office hours where nothing was learned: Monday to Friday, 8 to 18, unless it is closed.
    pub fn is_office_hour(&self, t: Timestamp) -> bool {
        self.is_working_day(t) && (8..18).contains(&(self.hour_of_week(t) % 24))
    }

    /// Monday to Friday, unless it is closed.
    pub fn is_working_day(&self, t: Timestamp) -> bool {
        self.hour_of_week(t) / 24 < 5 && !self.is_closed(t)
    }

    pub fn is_closed(&self, t: Timestamp) -> bool {
        !self.closed.is_empty() && self.is_closed_day(self.local(t).date())
    }

    pub(crate) fn is_closed_day(&self, day: civil::Date) -> bool {
        let next = self.closed.partition_point(|(from, _)| *from <= day);
        next.checked_sub(1).is_some_and(|place| self.closed[place].1 >= day)
    }

    /// The closings of the last `reach` before `t`, from the first instant to the one after the last; ascending.
    pub(crate) fn closings_before(&self, t: Timestamp, reach: Millis) -> Vec<(Timestamp, Timestamp)> {
        if self.closed.is_empty() {
            return Vec::new();
        }
        let (first, last) = (self.local(t.minus(reach)).date(), self.local(t).date());
        let near = self.closed.iter().filter(|(from, to)| *to >= first && *from <= last);
        let start = |day: civil::Date| self.instant(day.at(0, 0, 0, 0));
        near.map(|(from, to)| (start(*from), start(to.saturating_add(jiff::Span::new().days(1))))).collect()
    }
}

const fn following(month: Month) -> Month {
    match month.month {
        12 => Month { year: month.year.saturating_add(1), month: 1 },
        other => Month { year: month.year, month: other + 1 },
    }
}

fn days_between(from: civil::Date, to: civil::Date) -> i32 {
    from.until(to).map_or(i32::MAX, |span| span.get_days())
}

/// "4 days", "3 days 5 hours", "1 hour 20 minutes", "less than a minute": two units at most.
pub fn duration_words(length: Millis) -> String {
    let minutes = length.0.unsigned_abs() / Millis::MINUTE.0.unsigned_abs();
    let (days, hours, minutes) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    let parts: [(u64, &str); 3] = match (days, hours) {
        (7.., _) => [(days, "day"), (0, ""), (0, "")],
        (1.., _) => [(days, "day"), (hours, "hour"), (0, "")],
        _ => [(0, ""), (hours, "hour"), (minutes, "minute")],
    };
    let words: Vec<String> = parts
        .iter()
        .filter(|(n, _)| *n > 0)
        .map(|(n, unit)| format!("{n} {unit}{}", if *n == 1 { "" } else { "s" }))
        .collect();
    if words.is_empty() { "less than a minute".to_owned() } else { words.join(" ") }
}

/// "41 GB", "4.1 GB", "870 MB": decimal units, two or three digits.
pub fn bytes_words(bytes: f64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    let mut value = bytes.abs() / 1e3;
    let mut unit = 0;
    while value >= 999.5 && unit + 1 < UNITS.len() {
        value /= 1e3;
        unit += 1;
    }
    let sign = if bytes < 0.0 { "-" } else { "" };
    let digits = usize::from(value < 9.95 && unit > 0);
    format!("{sign}{value:.digits$} {}", UNITS[unit])
}

/// "80 %"; never "0 %" or "100 %" of something that is only likely.
pub fn chance_words(p: f64) -> String {
    match p {
        p if p > 0.99 => "over 99 %".to_owned(),
        p if p < 0.01 => "under 1 %".to_owned(),
        p => format!("{:.0} %", p * 100.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-11-23 (a Monday) 10:00 in Berlin.
    const NOW: Timestamp = Timestamp(1_795_424_400_000);

    fn berlin() -> Calendar {
        Calendar::new("Europe/Berlin")
    }

    #[test]
    fn near_dates_are_weekdays_and_far_ones_are_dates() {
        let calendar = berlin();
        let words = |days| calendar.date_words(NOW.plus(Millis::days(days)), NOW);
        assert_eq!(words(0), "today");
        assert_eq!(words(3), "Thursday");
        assert_eq!(words(10), "3 December");
        assert_eq!(words(60), "22 January 2027");
    }

    #[test]
    fn a_range_within_a_month_names_the_month_once() {
        let calendar = berlin();
        let range = |a, b| calendar.range_words(NOW.plus(Millis::hours(a)), NOW.plus(Millis::hours(b)), NOW);
        assert_eq!(range(240, 384), "between 3 and 9 December");
        assert_eq!(range(72, 384), "between Thursday and 9 December");
        assert_eq!(range(4, 7), "today between 14:00 and 17:00");
        assert_eq!(range(72, 73), "on Thursday");
    }

    #[test]
    fn month_bounds_follow_the_clock_change() {
        let calendar = berlin();
        let (from, to) = calendar.month_bounds(Month { year: 2026, month: 10 });
        assert_eq!(to.since(from), Millis::hours(31 * 24 + 1));
        assert_eq!(calendar.month_of(from), Month { year: 2026, month: 10 });
        assert_eq!(calendar.month_of(to), Month { year: 2026, month: 11 });
    }

    #[test]
    fn lengths_have_two_units_at_most() {
        assert_eq!(duration_words(Millis::minutes(80)), "1 hour 20 minutes");
        assert_eq!(duration_words(Millis::hours(77)), "3 days 5 hours");
        assert_eq!(duration_words(Millis::days(12)), "12 days");
        assert_eq!(duration_words(Millis::SECOND), "less than a minute");
    }

    #[test]
    fn sizes_are_decimal() {
        assert_eq!(bytes_words(41.2e9), "41 GB");
        assert_eq!(bytes_words(4.12e9), "4.1 GB");
        assert_eq!(bytes_words(209_715_200.0), "210 MB");
        assert_eq!(bytes_words(999.9e6), "1.0 GB");
    }

    #[test]
    fn a_closed_day_is_no_working_day_from_midnight_to_midnight_of_its_own_clock() {
        let day = civil::date(2026, 11, 23);
        let closed = ClosedDays::new(vec![crate::closed::Closing { from: day, to: day, why: String::new() }]).unwrap();
        let calendar = berlin().closed_on(&closed);
        assert!(berlin().is_office_hour(NOW) && !calendar.is_office_hour(NOW));
        let midnight = calendar.day_start(NOW);
        assert!(calendar.is_closed(midnight) && !calendar.is_closed(midnight.minus(Millis(1))));
        let (from, to) = (midnight, midnight.plus(Millis::DAY));
        assert!(calendar.is_closed(to.minus(Millis(1))) && calendar.is_working_day(to));
        assert_eq!(calendar.closings_before(NOW, Millis::days(60)), [(from, to)]);
        assert_eq!(calendar.closings_before(NOW.plus(Millis::days(70)), Millis::days(60)), []);
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        assert_eq!(Calendar::new("Mars/Olympus").clock(NOW), "09:00");
    }
}
