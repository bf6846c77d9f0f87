//! Forecasts as they were made, and their results.

use crate::{Store, error::Result};
use beforehand_core::{asset::AssetId, case::CaseId, forecast::Forecast, month::NamedForecast};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};

/// A forecast without a result.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenForecast {
    pub client: ClientId,
    pub site: SiteId,
    pub named: NamedForecast,
}

impl Store {
    /// In the order they were made.
    pub async fn forecasts_of_case(&self, client: ClientId, case: &CaseId) -> Result<Vec<Forecast>> {
        crate::later().await
    }

    /// In the order they were made.
    pub async fn forecasts_of_asset(&self, client: ClientId, asset: &AssetId) -> Result<Vec<Forecast>> {
        crate::later().await
    }

    /// Of one client or of all, the earliest made first.
    pub async fn open_forecasts(&self, client: Option<ClientId>) -> Result<Vec<OpenForecast>> {
        crate::later().await
    }

    /// Those whose result came in the half-open span, in that order.
    pub async fn forecasts_between(
        &self,
        client: ClientId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<NamedForecast>> {
        crate::later().await
    }
}
