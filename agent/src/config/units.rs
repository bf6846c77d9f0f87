//! Lengths of time (`"90s"`, `"5m"`, `"1d"`) and sizes (`"64MiB"`) as people write them.

use super::problem::Finding;
use serde::{Deserialize, Deserializer, de::Error};
use std::{fmt, time::Duration};

/// A length of time, written as a whole number and one of `ms`, `s`, `m`, `h`, `d`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Length(Duration);

const LENGTHS: [(&str, u64); 5] = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("d", 86_400_000)];

impl Length {
    pub const fn seconds(n: u64) -> Self {
        Self(Duration::from_secs(n))
    }

    pub const fn days(n: u64) -> Self {
        Self(Duration::from_secs(n * 86_400))
    }

    pub const fn get(self) -> Duration {
        self.0
    }

    pub fn ms(self) -> u64 {
        crate::time::millis(self.0)
    }

    /// Whether the length is between `low` and `high` milliseconds.
    pub(super) fn check(
        self,
        section: &'static str,
        key: &'static str,
        (low, high): (u64, u64),
    ) -> Result<(), Finding> {
        if (low..=high).contains(&self.ms()) {
            return Ok(());
        }
        let bound = |ms| Self(Duration::from_millis(ms));
        let what = format!("{self:?} is outside of {:?} to {:?}", bound(low), bound(high));
        Err(Finding::new(section, key, what, "Give a length of time within these bounds"))
    }
}

impl fmt::Debug for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ms = self.ms();
        let (unit, size) = LENGTHS.iter().rev().find(|(_, size)| ms.is_multiple_of(*size)).unwrap_or(&LENGTHS[0]);
        write!(f, "{}{unit}", ms / size)
    }
}

impl<'de> Deserialize<'de> for Length {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let ms = parse(&text, &LENGTHS);
        ms.map(|ms| Self(Duration::from_millis(ms))).ok_or_else(|| {
            D::Error::custom(format!(
                "invalid value: \"{text}\" is not a length of time such as \"60s\", \"5m\" or \"1d\""
            ))
        })
    }
}

/// A number of bytes, written as a whole number and one of `KiB`, `MiB`, `GiB`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size(pub u64);

const SIZES: [(&str, u64); 3] = [("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30)];

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse(&text, &SIZES).map(Self).ok_or_else(|| {
            D::Error::custom(format!("invalid value: \"{text}\" is not a size such as \"64MiB\" or \"1GiB\""))
        })
    }
}

fn parse(text: &str, units: &[(&str, u64)]) -> Option<u64> {
    let digits = text.trim().find(|c: char| !c.is_ascii_digit())?;
    let (number, unit) = text.trim().split_at(digits);
    let (_, size) = units.iter().find(|(name, _)| *name == unit.trim())?;
    number.parse::<u64>().ok()?.checked_mul(*size)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_and_sizes_are_read_as_people_write_them() {
        assert_eq!(parse("90s", &LENGTHS), Some(90_000));
        assert_eq!(parse(" 5 m ", &LENGTHS), Some(300_000));
        assert_eq!(parse("64MiB", &SIZES), Some(64 << 20));
        for wrong in ["", "s", "5", "-5s", "5 minutes", "1.5h", "99999999999999999999d", "18446744073709551615d"] {
            assert_eq!(parse(wrong, &LENGTHS), None, "{wrong}");
        }
    }
}
