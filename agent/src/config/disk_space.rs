//! `[disk_space]`: which volumes are watched.

use super::{problem::Finding, units::Length};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiskSpace {
    pub enabled: bool,
    pub every: Length,
    /// Mount points that are watched although they would be skipped.
    pub include: Vec<String>,
    /// Mount points that are not watched.
    pub exclude: Vec<String>,
    /// Whether shares of other machines are watched from here.
    pub network: bool,
}

impl Default for DiskSpace {
    fn default() -> Self {
        Self { enabled: true, every: Length::seconds(60), include: Vec::new(), exclude: Vec::new(), network: false }
    }
}

impl DiskSpace {
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check("disk_space", "every", (100, 86_400_000))?;
        match self.include.iter().find(|mount| self.exclude.contains(mount)) {
            Some(both) => {
                let what = format!("{both} is both included and excluded");
                Err(Finding::new("disk_space", "exclude", what, "Name it in one of the two lists"))
            }
            None => Ok(()),
        }
    }
}
