//! Sites of clients.

use crate::{Store, error::Result};
use beforehand_core::site::Site;
use beforehand_shared::ids::{ClientId, SiteId};

impl Store {
    /// # Errors
    /// `Conflict` when the identifier is taken.
    pub async fn insert_site(&self, site: &Site) -> Result<()> {
        crate::later().await
    }

    /// By name.
    pub async fn sites(&self, client: ClientId) -> Result<Vec<Site>> {
        crate::later().await
    }

    pub async fn site(&self, client: ClientId, site: SiteId) -> Result<Option<Site>> {
        crate::later().await
    }

    /// Of every client, by client and name.
    pub async fn all_sites(&self) -> Result<Vec<Site>> {
        crate::later().await
    }
}
