//! `[host]`: the machine itself.

use super::{problem::Finding, units::Length};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Host {
    pub every: Length,
}

impl Default for Host {
    fn default() -> Self {
        Self { every: Length::days(1) }
    }
}

impl Host {
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check("host", "every", (1_000, 7 * 86_400_000))
    }
}
