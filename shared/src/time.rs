//! Instants and durations as plain numbers. Nothing here can read a clock.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A UTC instant in milliseconds since 1970-01-01.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Timestamp(pub i64);

/// A signed length of time in milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Millis(pub i64);

impl Millis {
    pub const SECOND: Self = Self(1_000);
    pub const MINUTE: Self = Self(60_000);
    pub const HOUR: Self = Self(3_600_000);
    pub const DAY: Self = Self(86_400_000);

    pub const fn seconds(n: i64) -> Self {
        Self(n * 1_000)
    }

    pub const fn minutes(n: i64) -> Self {
        Self(n * 60_000)
    }

    pub const fn hours(n: i64) -> Self {
        Self(n * 3_600_000)
    }

    pub const fn days(n: i64) -> Self {
        Self(n * 86_400_000)
    }

    /// The length in hours, with its fraction.
    pub fn as_hours(self) -> f64 {
        self.0 as f64 / Self::HOUR.0 as f64
    }

    /// The length in days, with its fraction.
    pub fn as_days(self) -> f64 {
        self.0 as f64 / Self::DAY.0 as f64
    }
}

impl Timestamp {
    /// The instant `by` later; stays at the last representable instant instead of overflowing.
    #[must_use]
    pub const fn plus(self, by: Millis) -> Self {
        Self(self.0.saturating_add(by.0))
    }

    /// The instant `by` earlier.
    #[must_use]
    pub const fn minus(self, by: Millis) -> Self {
        Self(self.0.saturating_sub(by.0))
    }

    /// How long before `self` the instant `earlier` was; negative if it was later.
    pub const fn since(self, earlier: Self) -> Millis {
        Millis(self.0.saturating_sub(earlier.0))
    }

    /// The start of the UTC hour that contains this instant.
    #[must_use]
    pub const fn hour_start(self) -> Self {
        Self(self.0.div_euclid(Millis::HOUR.0) * Millis::HOUR.0)
    }

    /// The start of the UTC day that contains this instant.
    #[must_use]
    pub const fn day_start(self) -> Self {
        Self(self.0.div_euclid(Millis::DAY.0) * Millis::DAY.0)
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ms", self.0)
    }
}
