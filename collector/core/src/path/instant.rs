//! Instants as people and programs write them into tables.

use beforehand_shared::time::Timestamp;
use jiff::{civil, tz::TimeZone};

/// Beyond the year 9999 nothing is an instant.
const LAST_SECOND: f64 = 253_402_300_799.0;

/// Unix seconds, RFC 3339, or `2026-11-03 14:05:00` and `2026-11-03` in UTC; nothing for anything
/// else.
pub fn instant(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<f64>() {
        return (0.0..=LAST_SECOND).contains(&seconds).then(|| Timestamp((seconds * 1000.0).round() as i64));
    }
    if let Ok(instant) = text.parse::<jiff::Timestamp>() {
        return Some(Timestamp(instant.as_millisecond()));
    }
    let civil = text.parse::<civil::DateTime>().ok()?;
    let zoned = civil.to_zoned(TimeZone::UTC).ok()?;
    Some(Timestamp(zoned.timestamp().as_millisecond()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_rfc_3339_and_plain_dates_are_understood_and_nothing_else() {
        let same = [
            "1793714700",
            "1793714700.0",
            "2026-11-03T14:05:00Z",
            "2026-11-03T15:05:00+01:00",
            " 2026-11-03 14:05:00 ",
        ];
        for text in same {
            assert_eq!(instant(text), Some(Timestamp(1_793_714_700_000)), "{text}");
        }
        assert_eq!(instant("2026-11-03"), Some(Timestamp(1_793_664_000_000)));
        for text in ["", "yesterday", "-5", "1e30", "NaN", "2026-13-03 14:05:00", "14:05"] {
            assert_eq!(instant(text), None, "{text}");
        }
    }
}
