//! Forecasts that give chances and no dates: when a new one is due, and what became of one.

use crate::{
    case::{Case, CaseId, CaseState, Reason},
    detectors::is_gone,
    forecast::{Forecast, ForecastResult, Outlook},
    input::Input,
};
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::BTreeMap;

/// By how much a chance must have moved for a new forecast after a day, and for one after an hour.
const MOVED: (Millis, f64) = (Millis::DAY, 0.05);
const JUMPED: (Millis, f64) = (Millis::HOUR, 0.15);

/// Whether `outlook` says so much else than the latest forecast of its case that it is worth a new one.
pub(super) fn is_news(latest: &Forecast, outlook: &Outlook, now: Timestamp) -> bool {
    let (age, by) = (now.since(latest.made_at), outlook.differs_by(&latest.outlook));
    [MOVED, JUMPED].into_iter().any(|(after, least)| age >= after && by >= least)
}

/// The result, when it came to be known, and onset, if it came. A later case of the same asset counts, too: what was
/// said is that it comes within the horizon, not that one case lasts until then.
pub(super) fn score(
    input: &Input,
    forecast: &Forecast,
    cases: &BTreeMap<&CaseId, &Case>,
) -> Option<(ForecastResult, Timestamp, Option<Timestamp>)> {
    let until = forecast.made_at.plus(forecast.outlook.longest()?);
    let same = || cases.values().filter(|case| case.asset == forecast.asset && case.kind == forecast.kind);
    let after = |at: &Timestamp| *at >= forecast.made_at;
    let onset = same().filter_map(|case| case.onset).filter(after).min();
    let acted = same().filter_map(|case| input.acted.get(&case.id).copied()).filter(after).min();
    match (onset, acted) {
        (Some(onset), acted) if acted.is_none_or(|acted| acted >= onset) => {
            let result = if onset <= until { ForecastResult::Hit } else { ForecastResult::Miss };
            return Some((result, onset, Some(onset)));
        }
        (_, Some(acted)) => return Some((ForecastResult::Treated, acted, None)),
        _ => {}
    }
    let Some(view) = input.assets.get(&forecast.asset) else {
        return Some((ForecastResult::Withdrawn, input.now, None));
    };
    match cases.get(&forecast.case).map(|case| &case.state) {
        Some(CaseState::Closed { because: Reason::Decommissioned | Reason::JudgedFalse, at }) => {
            Some((ForecastResult::Withdrawn, *at, None))
        }
        // Taken out before its case closed: another drive is in its place, whether or not anybody wrote so.
        Some(CaseState::Closed { at, .. }) if view.seen_at < *at && is_gone(input, &forecast.asset) => {
            Some((ForecastResult::Treated, *at, None))
        }
        // Silence is not health: it must have been seen after the horizon.
        _ => (view.seen_at >= until).then_some((ForecastResult::Miss, input.now, None)),
    }
}
