//! Lengths of time and dates as people say them.

use beforehand_shared::time::{Millis, Timestamp};
use jiff::{Zoned, tz::TimeZone};

/// In at most two units: `6 days`, `2 days 4 hours`, `35 minutes`. The sign is not said.
pub fn span(length: Millis) -> String {
    let minutes = length.0.unsigned_abs() / 60_000;
    let (days, hours, rest) = (minutes / 1440, minutes / 60 % 24, minutes % 60);
    match (days, hours, rest) {
        (0, 0, 0) => "less than a minute".to_owned(),
        (0, 0, rest) => unit(rest, "minute"),
        (0, hours, 0) => unit(hours, "hour"),
        (0, hours, rest) => format!("{} {}", unit(hours, "hour"), unit(rest, "minute")),
        (days, 0, _) => unit(days, "day"),
        (1..=3, hours, _) => format!("{} {}", unit(days, "day"), unit(hours, "hour")),
        (days, _, _) => unit(days, "day"),
    }
}

fn unit(n: u64, name: &str) -> String {
    if n == 1 { format!("1 {name}") } else { format!("{n} {name}s") }
}

/// `3 December 14:05` in the zone called `zone`; in UTC, and saying so, where there is none.
pub(super) fn date(at: Timestamp, zone: &str) -> String {
    match TimeZone::get(zone) {
        Ok(zone) => zoned(at, zone).strftime("%-d %B %H:%M").to_string(),
        Err(_) => zoned(at, TimeZone::UTC).strftime("%-d %B %H:%M UTC").to_string(),
    }
}

fn zoned(at: Timestamp, zone: TimeZone) -> Zoned {
    jiff::Timestamp::from_millisecond(at.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH).to_zoned(zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_two_units_at_most() {
        for (length, said) in [
            (Millis::seconds(59), "less than a minute"),
            (Millis::minutes(1), "1 minute"),
            (Millis::minutes(90), "1 hour 30 minutes"),
            (Millis::hours(52), "2 days 4 hours"),
            (Millis::hours(149), "6 days"),
            (Millis::hours(-2), "2 hours"),
        ] {
            assert_eq!(span(length), said);
        }
    }

    #[test]
    fn dates_are_in_the_clients_zone() {
        let at = Timestamp(1_796_302_800_000);
        assert_eq!(date(at, "Europe/Berlin"), "3 December 14:00");
        assert_eq!(date(at, ""), "3 December 13:00 UTC");
    }
}
