//! Dates in the client's time zone: weekdays when near, dates when far.

use beforehand_core::month::Month;
use beforehand_shared::time::{Millis, Timestamp};
use jiff::{Zoned, civil::Weekday, tz::TimeZone};

/// A time zone to say dates in.
#[derive(Debug, Clone)]
pub struct Zone(TimeZone);

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

fn month_word(month: i8) -> &'static str {
    usize::try_from(month - 1).ok().and_then(|index| MONTHS.get(index)).copied().unwrap_or("")
}

fn short_month_word(month: i8) -> &'static str {
    month_word(month).get(..3).unwrap_or("")
}

/// `November 2026`.
pub fn month_name(month: Month) -> String {
    format!("{} {}", month_word(month.month), month.year)
}

/// `Nov`.
pub fn month_short(month: Month) -> &'static str {
    short_month_word(month.month)
}

const fn weekday_word(day: Weekday) -> &'static str {
    match day {
        Weekday::Monday => "Monday",
        Weekday::Tuesday => "Tuesday",
        Weekday::Wednesday => "Wednesday",
        Weekday::Thursday => "Thursday",
        Weekday::Friday => "Friday",
        Weekday::Saturday => "Saturday",
        Weekday::Sunday => "Sunday",
    }
}

/// Days up to which a date in the future is called by its weekday.
const NEAR: Millis = Millis::days(6);

impl Zone {
    /// The zone of that IANA name; UTC when there is none of it.
    pub fn named(name: &str) -> Self {
        Self(TimeZone::get(name).unwrap_or(TimeZone::UTC))
    }

    pub const fn of(zone: TimeZone) -> Self {
        Self(zone)
    }

    pub fn time_zone(&self) -> TimeZone {
        self.0.clone()
    }

    /// The instant on the clocks and calendars of the zone. Instants beyond the calendar's end
    /// become its end.
    pub(crate) fn at(&self, instant: Timestamp) -> Zoned {
        let (first, last) = (jiff::Timestamp::MIN.as_millisecond(), jiff::Timestamp::MAX.as_millisecond());
        jiff::Timestamp::from_millisecond(instant.0.clamp(first, last)).unwrap_or_default().to_zoned(self.0.clone())
    }

    /// `3 December`.
    pub fn day(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{} {}", at.day(), month_word(at.month()))
    }

    /// `3 Dec`.
    pub fn day_short(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{} {}", at.day(), short_month_word(at.month()))
    }

    /// `3 December 2026`.
    pub fn day_year(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{} {} {}", at.day(), month_word(at.month()), at.year())
    }

    /// `3 December, 14:05`.
    pub fn minute(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{} {}, {:02}:{:02}", at.day(), month_word(at.month()), at.hour(), at.minute())
    }

    /// `14:05`.
    pub fn clock(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// How far it is from UTC at that instant: `UTC+01:00`.
    pub fn offset(&self, instant: Timestamp) -> String {
        self.at(instant).strftime("UTC%:z").to_string()
    }

    /// `Wed 3`.
    pub fn weekday_short(&self, instant: Timestamp) -> String {
        let at = self.at(instant);
        format!("{} {}", weekday_word(at.weekday()).get(..3).unwrap_or(""), at.day())
    }

    /// `today`, `Thursday` or `3 December`, whichever a reader at `now` needs.
    pub fn near(&self, instant: Timestamp, now: Timestamp) -> String {
        let (at, today) = (self.at(instant), self.at(now));
        if at.date() == today.date() {
            return "today".to_owned();
        }
        if instant > now && instant.since(now) <= NEAR {
            return weekday_word(at.weekday()).to_owned();
        }
        self.day(instant)
    }

    /// `3 to 9 December`, `30 November to 4 December`, or one date when both are the same day.
    pub fn span(&self, from: Timestamp, to: Timestamp) -> String {
        let (start, end) = (self.at(from), self.at(to));
        if start.date() == end.date() {
            return self.day(from);
        }
        if (start.year(), start.month()) == (end.year(), end.month()) {
            return format!("{} to {}", start.day(), self.day(to));
        }
        if start.year() == end.year() {
            return format!("{} to {}", self.day(from), self.day(to));
        }
        format!("{} to {}", self.day_year(from), self.day_year(to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Timestamp {
        Timestamp(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn spans_name_what_differs() {
        let zone = Zone::named("Europe/Berlin");
        let from = instant("2026-12-03T10:00:00Z");
        assert_eq!(zone.span(from, instant("2026-12-03T12:00:00Z")), "3 December");
        assert_eq!(zone.span(from, instant("2026-12-09T10:00:00Z")), "3 to 9 December");
        assert_eq!(zone.span(instant("2026-11-30T10:00:00Z"), from), "30 November to 3 December");
        assert_eq!(zone.span(from, instant("2027-01-02T10:00:00Z")), "3 December 2026 to 2 January 2027");
    }

    #[test]
    fn dates_are_those_of_the_clients_zone() {
        let late = instant("2026-12-03T23:30:00Z");
        assert_eq!(Zone::named("Europe/Berlin").day(late), "4 December");
        assert_eq!(Zone::named("Nowhere/At all").day(late), "3 December");
    }

    #[test]
    fn near_dates_are_weekdays_and_far_ones_dates() {
        let zone = Zone::named("UTC");
        let now = instant("2026-12-01T09:00:00Z");
        assert_eq!(zone.near(instant("2026-12-01T20:00:00Z"), now), "today");
        assert_eq!(zone.near(instant("2026-12-03T09:00:00Z"), now), "Thursday");
        assert_eq!(zone.near(instant("2026-12-20T09:00:00Z"), now), "20 December");
        assert_eq!(zone.near(instant("2026-11-30T09:00:00Z"), now), "30 November");
    }

    #[test]
    fn instants_beyond_the_calendar_do_not_fail() {
        let zone = Zone::named("Pacific/Apia");
        assert!(!zone.minute(Timestamp(i64::MAX)).is_empty());
        assert!(!zone.minute(Timestamp(i64::MIN)).is_empty());
    }
}
