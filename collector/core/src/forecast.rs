//! Dated statements about the future, kept as made and scored later.

use crate::{asset::AssetId, case::CaseId, finding::FindingKind};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};

/// What a detector expects.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Outlook {
    /// Name and version of the method, such as `volume_full/1`.
    pub method: String,
    /// P(onset within the horizon), ascending horizons.
    pub chances: Vec<Chance>,
    /// Dates of onset at 10, 50 and 90 %; absent beyond the longest horizon.
    pub q10: Option<Timestamp>,
    pub q50: Option<Timestamp>,
    pub q90: Option<Timestamp>,
    /// What the measured value is expected to do, for drawing and for tracking.
    pub fan: Vec<FanPoint>,
    /// What must be freed or won so that onset does not come within the longest horizon, in the
    /// unit of the measured value.
    pub need: Option<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    pub within: Millis,
    pub p: f64,
}

/// Quantiles of the measured value at one future instant.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct FanPoint {
    pub at: Timestamp,
    pub p10: f64,
    pub p25: f64,
    pub p50: f64,
    pub p75: f64,
    pub p90: f64,
}

impl Outlook {
    /// P(onset within `within`), by the nearest horizon not shorter than it.
    pub fn chance(&self, within: Millis) -> Option<f64> {
        self.chances.iter().find(|chance| chance.within >= within).map(|chance| chance.p)
    }
}

/// An outlook as it was published: immutable but for its result.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Forecast {
    pub id: ForecastId,
    pub client: ClientId,
    pub site: SiteId,
    pub asset: AssetId,
    pub kind: FindingKind,
    pub case: CaseId,
    pub made_at: Timestamp,
    pub outlook: Outlook,
    pub result: Option<Resolution>,
}

/// Derived from case and instant, so that replay gives the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ForecastId(pub String);

/// How a forecast ended.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Resolution {
    pub at: Timestamp,
    pub result: ForecastResult,
    /// Whether the measured values stayed inside the 80 % band until then.
    pub tracked: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForecastResult {
    /// Onset came between the 10 and the 90 % date.
    Hit,
    /// Onset came outside of them, or not at all.
    Miss,
    /// Someone acted before onset.
    Treated,
    /// A later forecast took its place before it could be scored.
    Withdrawn,
}
