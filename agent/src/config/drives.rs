//! `[drives]`: the health of drives.

use super::{problem::Finding, units::Length};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Drives {
    pub enabled: bool,
    pub every: Length,
}

impl Default for Drives {
    fn default() -> Self {
        Self { enabled: true, every: Length::seconds(30 * 60) }
    }
}

impl Drives {
    /// More often than once a minute tells nothing new and costs the drives time.
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check("drives", "every", (60_000, 86_400_000))
    }
}
