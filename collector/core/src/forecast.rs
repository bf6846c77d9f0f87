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

    /// Whether it gives chances alone, as of a drive: nothing that is measured draws nearer to a limit, so there is
    /// neither a date nor a course.
    pub fn is_dateless(&self) -> bool {
        let dates = [self.q10, self.q50, self.q90];
        !self.chances.is_empty() && self.fan.is_empty() && dates.iter().all(Option::is_none)
    }

    /// The longest horizon that it gives a chance for.
    pub fn longest(&self) -> Option<Millis> {
        self.chances.last().map(|chance| chance.within)
    }

    /// By how much the chance of a horizon differs from that in `other`, where it differs most.
    pub fn differs_by(&self, other: &Self) -> f64 {
        let same = |chance: &Chance| other.chances.iter().find(|it| it.within == chance.within).map_or(0.0, |it| it.p);
        self.chances.iter().map(|chance| (chance.p - same(chance)).abs()).fold(0.0, f64::max)
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

impl Forecast {
    /// Whether onset came within `within`; nothing while that is open, and where someone acted before
    /// it could be known.
    pub fn came_true(&self, within: Millis) -> Option<bool> {
        let result = self.result?;
        let until = self.made_at.plus(within);
        match (result.result, result.onset) {
            (_, Some(onset)) => Some(onset <= until),
            (ForecastResult::Hit, None) => Some(result.at <= until),
            // Gone by itself, or past its latest date.
            (ForecastResult::Miss, None) => Some(false),
            (ForecastResult::Treated | ForecastResult::Withdrawn, None) => (result.at >= until).then_some(false),
        }
    }
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
    /// When it came, if it came: by this each of the chances is scored. Older results do not say it.
    #[serde(default)]
    pub onset: Option<Timestamp>,
}

/// The result as a whole. A forecast with dates is over when onset came, when its latest date has passed and when its
/// case has closed. One with chances and no dates is over when onset came or its longest horizon has passed and the
/// asset has been seen since; that the case closed by itself meanwhile ends nothing, because nobody said a date.
///
/// A chance of a half that is right misses every other time. How good the chances are is therefore not told by these
/// counts but horizon by horizon, by [`Forecast::came_true`] and [`crate::reliability`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ForecastResult {
    /// Onset came between the 10 and the 90 % date; of a forecast without dates, within its longest horizon.
    Hit,
    /// Onset came outside of them, or not at all.
    Miss,
    /// Someone acted before onset.
    Treated,
    /// A later forecast took its place before it could be scored, or it never can be: the asset left service, or what
    /// was measured was wrong.
    Withdrawn,
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const MADE: Timestamp = Timestamp(1_767_571_200_000);

    fn forecast(p: f64, result: Option<(ForecastResult, i64, Option<i64>)>) -> Forecast {
        let day = |days: i64| MADE.plus(Millis::days(days));
        Forecast {
            id: ForecastId("f".to_owned()),
            client: ClientId(Uuid::from_u128(1)),
            site: SiteId(Uuid::from_u128(2)),
            asset: AssetId("volume:x:/".to_owned()),
            kind: FindingKind::VolumeFull,
            case: CaseId("c".to_owned()),
            made_at: MADE,
            outlook: Outlook {
                method: "volume_full/2".to_owned(),
                chances: vec![Chance { within: Millis::days(4), p }],
                q10: None,
                q50: None,
                q90: None,
                fan: Vec::new(),
                need: None,
            },
            result: result.map(|(result, at, onset)| Resolution {
                at: day(at),
                result,
                tracked: true,
                onset: onset.map(day),
            }),
        }
    }

    #[test]
    fn each_horizon_is_scored_by_when_it_came_if_it_came() {
        let within = Millis::days(4);
        let late = forecast(0.5, Some((ForecastResult::Miss, 6, Some(6))));
        assert_eq!((late.came_true(within), late.came_true(Millis::days(14))), (Some(false), Some(true)));
        let treated = forecast(0.5, Some((ForecastResult::Treated, 2, None)));
        assert_eq!((treated.came_true(within), treated.came_true(Millis::DAY)), (None, Some(false)));
        assert_eq!(forecast(0.5, None).came_true(within), None);
    }
}
