//! Sites of clients.

use crate::{Store, engine::Row, error::Result, sql::statements, value::args};
use beforehand_core::site::Site;
use beforehand_shared::ids::{ClientId, SiteId};

statements! {
    INSERT = "INSERT INTO sites (client_id, site_id, name) VALUES ($1, $2, $3)";
    OF_CLIENT = "SELECT client_id, site_id, name FROM sites WHERE client_id = $1 ORDER BY name, site_id";
    ONE = "SELECT client_id, site_id, name FROM sites WHERE client_id = $1 AND site_id = $2";
    ALL = "SELECT client_id, site_id, name FROM sites ORDER BY client_id, name, site_id";
}

impl Store {
    /// # Errors
    /// `Conflict` when the identifier is taken.
    pub async fn insert_site(&self, site: &Site) -> Result<()> {
        self.add(&INSERT, args![site.client, site.id, &site.name], "site").await
    }

    /// By name.
    pub async fn sites(&self, client: ClientId) -> Result<Vec<Site>> {
        self.list(&OF_CLIENT, args![client], read).await
    }

    pub async fn site(&self, client: ClientId, site: SiteId) -> Result<Option<Site>> {
        self.find(&ONE, args![client, site], read).await
    }

    /// Of every client, by client and name.
    pub async fn all_sites(&self) -> Result<Vec<Site>> {
        self.list(&ALL, vec![], read).await
    }
}

fn read(row: &Row) -> Result<Site> {
    Ok(Site { client: row.get(0)?, id: row.get(1)?, name: row.get(2)? })
}
