//! From findings to changes of cases: what is opened, updated, closed, forecast and scored.

use crate::{
    case::CaseChange,
    forecast::{Forecast, ForecastId, Resolution},
    input::Input,
};

/// What the analysis decides about one site. Empty when nothing material changed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Verdict {
    /// Cases as they are to be stored, in the order of their assets.
    pub changes: Vec<CaseChange>,
    /// New forecasts.
    pub forecasts: Vec<Forecast>,
    /// Results of earlier forecasts.
    pub resolutions: Vec<(ForecastId, Resolution)>,
}

/// Judges one site at the instant `input.now`. The same input gives the same verdict.
pub fn analyze(input: &Input) -> Verdict {
    let _ = input;
    Verdict::default()
}
