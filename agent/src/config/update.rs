//! `[update]`: whether this program may be replaced by a newer one.

use super::{problem::Finding, units::Length};
use crate::update::system;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Update {
    /// Whether the owner of this machine allows it. It also needs the switch of the client at the
    /// collector, which is off until somebody turns it on.
    pub enabled: bool,
    /// From one question for an update to the next, give or take a quarter.
    pub every: Length,
    /// Where the privileged step keeps its journal and what it must not forget. Only that step
    /// writes there.
    pub work: PathBuf,
}

impl Default for Update {
    fn default() -> Self {
        Self { enabled: true, every: Length::seconds(4 * 3_600), work: system::work_dir() }
    }
}

impl Update {
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check("update", "every", (100, 7 * 86_400_000))?;
        if self.work.is_absolute() {
            return Ok(());
        }
        let what = format!("{} is not an absolute path", self.work.display());
        Err(Finding::new("update", "work", what, "Give the whole path, or leave the line out"))
    }
}
