//! Clients: the tenants.

use crate::{Store, error::Result};
use beforehand_core::site::Client;
use beforehand_shared::ids::ClientId;

impl Store {
    /// # Errors
    /// `Conflict` when the identifier is taken.
    pub async fn insert_client(&self, client: &Client) -> Result<()> {
        crate::later().await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn update_client(&self, client: &Client) -> Result<()> {
        crate::later().await
    }

    pub async fn client(&self, client: ClientId) -> Result<Option<Client>> {
        crate::later().await
    }

    /// By name.
    pub async fn clients(&self) -> Result<Vec<Client>> {
        crate::later().await
    }
}
