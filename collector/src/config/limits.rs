//! `[limits]`: what the collector takes on at once. The limits of a single report are part of the
//! protocol and not set here.

use super::{ConfigError, within};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Limits {
    /// Reports and enrolments being answered at one time; more are told to come back.
    pub in_flight: u32,
    /// Requests a second from one network address, on average. A whole office, or a whole
    /// provider behind one gateway, shares an address.
    pub requests_per_second: u32,
    /// Requests from one address that may come at once, after a quiet time.
    pub burst: u32,
    /// Seconds in which the head of a request must have come.
    pub header_seconds: u32,
    /// Seconds in which the rest of a request must have come.
    pub body_seconds: u32,
    /// Passwords checked at one time; each takes 19 MiB.
    pub password_checks: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            in_flight: 1024,
            requests_per_second: 1_000,
            burst: 10_000,
            header_seconds: 10,
            body_seconds: 30,
            password_checks: 2,
        }
    }
}

impl Limits {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        within("limits.in_flight", &self.in_flight, 1..=65_536)?;
        within("limits.requests_per_second", &self.requests_per_second, 1..=1_000_000)?;
        within("limits.burst", &self.burst, 1..=10_000_000)?;
        within("limits.header_seconds", &self.header_seconds, 1..=120)?;
        within("limits.body_seconds", &self.body_seconds, 1..=600)?;
        within("limits.password_checks", &self.password_checks, 1..=64)
    }
}
