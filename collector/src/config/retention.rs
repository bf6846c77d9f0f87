//! `[retention]`: how long measurements are kept. Cases, forecasts, the ledger and statements are
//! kept for ever.

use super::{ConfigError, within};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Keep {
    /// Reports exactly as received.
    pub frames_days: u32,
    /// Samples as measured.
    pub samples_days: u32,
    /// Sums by the hour.
    pub hours_days: u32,
}

impl Default for Keep {
    fn default() -> Self {
        Self { frames_days: 7, samples_days: 400, hours_days: 1_100 }
    }
}

impl Keep {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        within("retention.frames_days", &self.frames_days, 1..=365)?;
        within("retention.samples_days", &self.samples_days, 60..=3_650)?;
        within("retention.hours_days", &self.hours_days, 90..=7_300)
    }
}
