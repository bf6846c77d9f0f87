//! How right chances were: what was said, horizon by horizon, beside what then came.

use crate::{
    asset::AssetId,
    calendar::{chance_words, duration_words},
    forecast::Forecast,
};
use beforehand_shared::time::Millis;
use std::collections::BTreeSet;

/// Where the bins of a table of reliability begin; the last ends with certainty.
const BINS: [f64; 5] = [0.0, 0.1, 0.25, 0.5, 0.75];

/// How right the chances of one horizon were.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct HorizonRecord {
    pub within: Millis,
    pub scored: usize,
    /// Of so many assets: forecasts of one asset stand and fall together.
    pub assets: usize,
    /// Mean of the chances given.
    pub mean_chance: f64,
    /// Share that came true.
    pub came_true: f64,
    /// Mean squared error of the chances (Brier 1950).
    pub brier: f64,
}

/// The chances from `from` on, up to the next bin.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bin {
    pub from: f64,
    pub to: f64,
    pub scored: usize,
    pub mean_chance: f64,
    pub came_true: f64,
}

/// A chance that was given for a horizon and is known to have come true or not.
struct Known<'a> {
    asset: &'a AssetId,
    p: f64,
    came_true: f64,
}

fn known<'a>(forecasts: &'a [Forecast], within: Millis) -> Vec<Known<'a>> {
    let known = |forecast: &'a Forecast| {
        let chance = forecast.outlook.chances.iter().find(|chance| chance.within == within)?;
        let came_true = f64::from(u8::from(forecast.came_true(within)?));
        Some(Known { asset: &forecast.asset, p: chance.p, came_true })
    };
    forecasts.iter().filter_map(known).collect()
}

fn mean<'a, 'b: 'a>(known: impl IntoIterator<Item = &'a Known<'b>>, of: impl Fn(&Known<'_>) -> f64) -> f64 {
    let (sum, count) = known.into_iter().fold((0.0, 0_u32), |(sum, count), it| (sum + of(it), count + 1));
    sum / f64::from(count.max(1))
}

/// The record of the chances for `within`, over the forecasts that are scored and gave one.
pub fn horizon_record(forecasts: &[Forecast], within: Millis) -> HorizonRecord {
    let known = known(forecasts, within);
    HorizonRecord {
        within,
        scored: known.len(),
        assets: known.iter().map(|it| it.asset).collect::<BTreeSet<_>>().len(),
        mean_chance: mean(&known, |it| it.p),
        came_true: mean(&known, |it| it.came_true),
        brier: mean(&known, |it| (it.p - it.came_true).powi(2)),
    }
}

/// The same for each horizon that any of them gives, the nearest first; those of which nothing is known are left out.
pub fn horizon_records(forecasts: &[Forecast]) -> Vec<HorizonRecord> {
    let chances = forecasts.iter().flat_map(|forecast| &forecast.outlook.chances);
    let horizons: BTreeSet<Millis> = chances.map(|chance| chance.within).collect();
    horizons.into_iter().map(|within| horizon_record(forecasts, within)).filter(|it| it.scored > 0).collect()
}

/// What was said beside what came, by what was said; bins without a chance are left out.
pub fn reliability(forecasts: &[Forecast], within: Millis) -> Vec<Bin> {
    let known = known(forecasts, within);
    let ends = BINS.into_iter().skip(1).chain([f64::INFINITY]);
    let bins = BINS.into_iter().zip(ends).map(|(from, to)| {
        let inside: Vec<&Known> = known.iter().filter(|it| (from..to).contains(&it.p)).collect();
        let (mean_chance, came_true) =
            (mean(inside.iter().copied(), |it| it.p), mean(inside.iter().copied(), |it| it.came_true));
        Bin { from, to: to.min(1.0), scored: inside.len(), mean_chance, came_true }
    });
    bins.filter(|bin| bin.scored > 0).collect()
}

impl HorizonRecord {
    /// `Within 90 days: 41 % foreseen on average, and 33 % came, over 12 forecasts of 3 assets.`
    pub fn sentence(&self) -> String {
        let s = |count: usize| if count == 1 { "" } else { "s" };
        format!(
            "Within {}: {} foreseen on average, {} came, over {} forecast{} of {} asset{}.",
            duration_words(self.within),
            share_words(self.mean_chance),
            share_words(self.came_true),
            self.scored,
            s(self.scored),
            self.assets,
            s(self.assets),
        )
    }
}

impl Bin {
    /// `Of chances from 25 to 50 % (34 % on average), 29 % came true: 7 forecasts.`
    pub fn sentence(&self) -> String {
        let s = if self.scored == 1 { "" } else { "s" };
        format!(
            "Of chances from {:.0} to {:.0} % ({} on average), {} came true: {} forecast{s}.",
            100.0 * self.from,
            100.0 * self.to,
            chance_words(self.mean_chance),
            share_words(self.came_true),
            self.scored,
        )
    }
}

/// What happened may well be none or all, which no chance is.
fn share_words(share: f64) -> String {
    format!("{:.0} %", 100.0 * share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        case::CaseId,
        finding::FindingKind,
        forecast::{Chance, ForecastId, ForecastResult, Outlook, Resolution},
    };
    use beforehand_shared::{
        ids::{ClientId, SiteId},
        time::Timestamp,
    };
    use uuid::Uuid;

    const MADE: Timestamp = Timestamp(1_767_571_200_000);

    fn forecast(asset: &str, p: f64, result: (ForecastResult, i64, Option<i64>)) -> Forecast {
        let day = |days: i64| MADE.plus(Millis::days(days));
        let (result, at, onset) = result;
        let chance = |within, p| Chance { within: Millis::days(within), p };
        Forecast {
            id: ForecastId("f".to_owned()),
            client: ClientId(Uuid::from_u128(1)),
            site: SiteId(Uuid::from_u128(2)),
            asset: AssetId(asset.to_owned()),
            kind: FindingKind::DriveFailure,
            case: CaseId("c".to_owned()),
            made_at: MADE,
            outlook: Outlook {
                method: "card/1".to_owned(),
                chances: vec![chance(30, p / 2.0), chance(90, p)],
                q10: None,
                q50: None,
                q90: None,
                fan: Vec::new(),
                need: None,
            },
            result: Some(Resolution { at: day(at), result, tracked: true, onset: onset.map(day) }),
        }
    }

    /// One failed on the 40th day, one did not fail, one was replaced on the 50th.
    fn forecasts() -> [Forecast; 4] {
        [
            forecast("a", 0.8, (ForecastResult::Hit, 40, Some(40))),
            forecast("a", 0.9, (ForecastResult::Hit, 40, Some(40))),
            forecast("b", 0.4, (ForecastResult::Miss, 90, None)),
            forecast("c", 0.5, (ForecastResult::Treated, 50, None)),
        ]
    }

    #[test]
    fn a_record_counts_what_is_known_of_each_horizon() {
        let [month, quarter]: [HorizonRecord; 2] = horizon_records(&forecasts()).try_into().unwrap();
        assert_eq!((month.scored, month.came_true), (4, 0.0), "nothing failed within a month, and nobody acted in it");
        assert_eq!((quarter.scored, quarter.assets), (3, 2));
        assert!((quarter.brier - (0.04 + 0.01 + 0.16) / 3.0).abs() < 1e-12);
        assert_eq!(
            quarter.sentence(),
            "Within 90 days: 70 % foreseen on average, 67 % came, over 3 forecasts of 2 assets."
        );
    }

    #[test]
    fn reliability_sets_what_was_said_beside_what_came() {
        let bins = reliability(&forecasts(), Millis::days(90));
        assert_eq!(
            bins.iter().map(|bin| (bin.from, bin.scored, bin.came_true)).collect::<Vec<_>>(),
            [(0.25, 1, 0.0), (0.75, 2, 1.0)]
        );
        assert_eq!(bins[1].sentence(), "Of chances from 75 to 100 % (85 % on average), 100 % came true: 2 forecasts.");
    }
}
