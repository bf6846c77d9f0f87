//! Cases and their stories.

use crate::{Store, error::Result};
use beforehand_core::{
    asset::AssetId,
    case::{Case, CaseEvent, CaseId},
};
use beforehand_shared::{ids::ClientId, time::Timestamp};

impl Store {
    pub async fn case(&self, client: ClientId, case: &CaseId) -> Result<Option<Case>> {
        crate::later().await
    }

    /// In the order they happened.
    pub async fn case_events(&self, client: ClientId, case: &CaseId) -> Result<Vec<CaseEvent>> {
        crate::later().await
    }

    /// Open and suppressed ones, oldest first.
    pub async fn open_cases(&self, client: ClientId) -> Result<Vec<Case>> {
        crate::later().await
    }

    /// All cases an asset ever had, latest first.
    pub async fn cases_of_asset(&self, client: ClientId, asset: &AssetId) -> Result<Vec<Case>> {
        crate::later().await
    }

    /// Cases that were open at some time of the half-open span, oldest first.
    pub async fn cases_between(&self, client: ClientId, from: Timestamp, to: Timestamp) -> Result<Vec<Case>> {
        crate::later().await
    }
}
