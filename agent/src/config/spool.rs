//! `[spool]`: how much is kept while the collector cannot be reached.

use super::{
    problem::Finding,
    units::{Length, Size},
};
use serde::Deserialize;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Spool {
    /// Reports on disk, those included that are kept after their acknowledgement.
    pub max_bytes: Size,
    /// Running time after which a report that was not taken is dropped.
    pub max_age: Length,
}

impl Default for Spool {
    fn default() -> Self {
        Self { max_bytes: Size(128 << 20), max_age: Length::days(30) }
    }
}

impl Spool {
    pub(super) fn check(&self) -> Result<(), Finding> {
        self.max_age.check("spool", "max_age", (60_000, 366 * 86_400_000))?;
        if self.max_bytes < Size(64 << 10) {
            let what = "is less than 64 KiB".to_owned();
            return Err(Finding::new(
                "spool",
                "max_bytes",
                what,
                "Give at least \"64KiB\"; a day of reports is about 1 MiB",
            ));
        }
        Ok(())
    }
}
