//! Announced work.

use crate::{
    Store,
    engine::{Row, Tx},
    error::Result,
    sql::statements,
    value::args,
};
use beforehand_core::input::Maintenance;
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaintenanceRow {
    pub client: ClientId,
    pub site: SiteId,
    pub maintenance: Maintenance,
    /// Who announced it, and when.
    pub by: String,
    pub entered_at: Timestamp,
}

statements! {
    INSERT = "INSERT INTO maintenance (client_id, site_id, from_at, to_at, asset_id, why, announced_by, entered_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    OF_SITE = "SELECT client_id, site_id, from_at, to_at, asset_id, why, announced_by, entered_at
        FROM maintenance WHERE client_id = $1 AND site_id = $2 ORDER BY from_at DESC, entered_at DESC";
    SINCE = "SELECT client_id, site_id, from_at, to_at, asset_id, why, announced_by, entered_at
        FROM maintenance WHERE client_id = $1 AND site_id = $2 AND to_at >= $3 ORDER BY from_at, to_at";
}

impl Store {
    pub async fn insert_maintenance(&self, row: &MaintenanceRow) -> Result<()> {
        let announced = &row.maintenance;
        let asset = announced.asset.as_ref().map(|asset| asset.0.as_str());
        let values =
            args![row.client, row.site, announced.from, announced.to, asset, &announced.why, &row.by, row.entered_at];
        self.db.execute(&INSERT, values).await.map(drop)
    }

    /// Of one site, latest first.
    pub async fn maintenance(&self, client: ClientId, site: SiteId) -> Result<Vec<MaintenanceRow>> {
        self.list(&OF_SITE, args![client, site], read).await
    }
}

/// What had not ended by `since`, within a transaction.
pub(crate) async fn since(tx: &mut Tx, client: ClientId, site: SiteId, since: Timestamp) -> Result<Vec<Maintenance>> {
    let rows = tx.list(&SINCE, args![client, site, since], read).await?;
    Ok(rows.into_iter().map(|row| row.maintenance).collect())
}

fn read(row: &Row) -> Result<MaintenanceRow> {
    let maintenance = Maintenance { from: row.get(2)?, to: row.get(3)?, asset: row.get(4)?, why: row.get(5)? };
    Ok(MaintenanceRow { client: row.get(0)?, site: row.get(1)?, maintenance, by: row.get(6)?, entered_at: row.get(7)? })
}
