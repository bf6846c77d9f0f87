//! Reading measurements, whether they lie in the tail or in sealed chunks.

use crate::{Store, error::Result};
use beforehand_core::{
    asset::AssetId,
    series::{Hour, Metric, Sample},
};
use beforehand_shared::{ids::ClientId, time::Timestamp};

impl Store {
    /// Samples of the half-open span, ascending, each instant once.
    pub async fn samples(
        &self,
        client: ClientId,
        asset: &AssetId,
        metric: &Metric,
        span: (Timestamp, Timestamp),
    ) -> Result<Vec<Sample>> {
        crate::later().await
    }

    /// Hours that begin in the half-open span, ascending; hours without samples are absent.
    pub async fn hours(
        &self,
        client: ClientId,
        asset: &AssetId,
        metric: &Metric,
        span: (Timestamp, Timestamp),
    ) -> Result<Vec<Hour>> {
        crate::later().await
    }

    /// What is measured of the asset.
    pub async fn series_of(&self, client: ClientId, asset: &AssetId) -> Result<Vec<Metric>> {
        crate::later().await
    }
}
