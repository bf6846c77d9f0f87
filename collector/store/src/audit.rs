//! Who did what in the console.

use crate::{Store, error::Result};
use beforehand_shared::{ids::ClientId, time::Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub at: Timestamp,
    pub who: String,
    pub what: String,
    pub client: Option<ClientId>,
}

impl Store {
    pub async fn audit(&self, row: &AuditRow) -> Result<()> {
        crate::later().await
    }

    /// Latest first.
    pub async fn audit_log(&self, limit: u32) -> Result<Vec<AuditRow>> {
        crate::later().await
    }
}
