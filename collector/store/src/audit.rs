//! Who did what in the console.

use crate::{Store, engine::Row, error::Result, sql::statements, value::args};
use beforehand_shared::{ids::ClientId, time::Timestamp};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    pub at: Timestamp,
    pub who: String,
    pub what: String,
    pub client: Option<ClientId>,
}

statements! {
    INSERT = "INSERT INTO audit (client_id, at, who, what) VALUES ($1, $2, $3, $4)";
    LATEST = "SELECT client_id, at, who, what FROM audit ORDER BY at DESC LIMIT $1";
}

impl Store {
    pub async fn audit(&self, row: &AuditRow) -> Result<()> {
        self.db.execute(&INSERT, args![row.client, row.at, &row.who, &row.what]).await.map(drop)
    }

    /// Latest first.
    pub async fn audit_log(&self, limit: u32) -> Result<Vec<AuditRow>> {
        self.list(&LATEST, args![limit], read).await
    }
}

fn read(row: &Row) -> Result<AuditRow> {
    Ok(AuditRow { client: row.get(0)?, at: row.get(1)?, who: row.get(2)?, what: row.get(3)? })
}
