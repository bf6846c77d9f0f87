//! `[arrays]`: whether arrays are whole.

use super::{problem::Finding, units::Length};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Arrays {
    pub enabled: bool,
    pub every: Length,
}

impl Default for Arrays {
    fn default() -> Self {
        Self { enabled: true, every: Length::seconds(5 * 60) }
    }
}

impl Arrays {
    /// More often than once a minute tells nothing new and costs controllers time.
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check("arrays", "every", (60_000, 86_400_000))
    }
}
