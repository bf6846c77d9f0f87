//! `[sessions]`: how long people stay signed in.

use super::{ConfigError, within};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sessions {
    /// A session ends after this many minutes without a request.
    pub idle_minutes: u32,
    /// A session ends after this many hours, used or not.
    pub hours: u32,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { idle_minutes: 480, hours: 168 }
    }
}

impl Sessions {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        within("sessions.idle_minutes", &self.idle_minutes, 5..=43_200)?;
        within("sessions.hours", &self.hours, 1..=2_160)
    }
}
