//! Assets: whatever is watched, with the latest observation of it.

use crate::{Store, error::Result};
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    observation::Observation,
    time::Timestamp,
};

#[derive(Debug, Clone, PartialEq)]
pub struct AssetRow {
    pub client: ClientId,
    pub site: SiteId,
    pub id: AssetId,
    /// The host that last saw it.
    pub host: HostId,
    /// For people, with its host where that matters: `C: on FRONTDESK`.
    pub name: String,
    pub first_seen: Timestamp,
    pub seen_at: Timestamp,
    pub facts: Observation,
    pub in_scope: bool,
    pub retired_at: Option<Timestamp>,
    /// How many people depend on it; set by a person.
    pub people: Option<u32>,
}

impl Store {
    /// Of a client, by identifier; retired ones too.
    pub async fn assets(&self, client: ClientId) -> Result<Vec<AssetRow>> {
        crate::later().await
    }

    pub async fn asset(&self, client: ClientId, asset: &AssetId) -> Result<Option<AssetRow>> {
        crate::later().await
    }

    /// What the host last saw, by identifier.
    pub async fn assets_of_host(&self, client: ClientId, host: HostId) -> Result<Vec<AssetRow>> {
        crate::later().await
    }

    pub async fn set_scope(&self, client: ClientId, asset: &AssetId, in_scope: bool) -> Result<()> {
        crate::later().await
    }

    pub async fn set_people(&self, client: ClientId, asset: &AssetId, people: Option<u32>) -> Result<()> {
        crate::later().await
    }

    /// Takes it out of service; it comes back when it is observed again after `now`.
    pub async fn retire_asset(&self, client: ClientId, asset: &AssetId, now: Timestamp) -> Result<()> {
        crate::later().await
    }
}
