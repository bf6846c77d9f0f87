//! `[disk_io]`: how long disks take to answer.

use super::{problem::Finding, units::Length};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DiskIo {
    pub enabled: bool,
    /// From one run to the next; it looks all that time.
    pub every: Length,
}

impl Default for DiskIo {
    fn default() -> Self {
        Self { enabled: true, every: Length::seconds(60) }
    }
}

impl DiskIo {
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.every.check("disk_io", "every", (100, 3_600_000))
    }
}
