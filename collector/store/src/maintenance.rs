//! Announced work.

use crate::{Store, error::Result};
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

impl Store {
    pub async fn insert_maintenance(&self, row: &MaintenanceRow) -> Result<()> {
        crate::later().await
    }

    /// Of one site, latest first.
    pub async fn maintenance(&self, client: ClientId, site: SiteId) -> Result<Vec<MaintenanceRow>> {
        crate::later().await
    }
}
