//! Forecasts: made while a ticket is open, kept as made, and scored by what happened. Those without dates are scored by
//! [`dateless`].

use super::{dateless, decide::moved};
use crate::{
    case::{Case, CaseId, CaseState, Reason},
    correlate::Key,
    finding::{Finding, FindingKind, Severity},
    forecast::{FanPoint, Forecast, ForecastId, ForecastResult, Outlook, Resolution},
    input::Input,
    series::Series,
};
use beforehand_shared::time::{Millis, Timestamp};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// A forecast a day, if its dates moved at all; sooner, if they moved much.
const DAILY: Millis = Millis::days(1);
const LEAST_APART: [Millis; 2] = [Millis::hours(1), Millis::hours(12)];

/// New forecasts of the cases that have a ticket.
pub(super) fn publish(
    input: &Input,
    findings: &BTreeMap<Key, Finding>,
    cases: &BTreeMap<&CaseId, &Case>,
) -> Vec<Forecast> {
    let ticketed = cases.values().filter(|case| case.state == CaseState::Open && case.ticketed_at.is_some());
    let due = ticketed.filter_map(|case| {
        let finding =
            findings.get(&(case.asset.clone(), case.kind)).filter(|found| found.severity >= Severity::Soon)?;
        let outlook = finding.outlook.as_ref()?;
        let foresees = outlook.q50.is_some() || outlook.is_dateless();
        (case.onset.is_none() && foresees && is_due(input, case, outlook)).then(|| make(input, case, outlook))
    });
    due.collect()
}

fn is_due(input: &Input, case: &Case, outlook: &Outlook) -> bool {
    let of_case = input.forecasts.iter().filter(|forecast| forecast.case == case.id);
    let Some(latest) = of_case.max_by_key(|forecast| forecast.made_at) else {
        // After someone acted there is nothing left to foresee, until it is ticketed anew.
        return !input.acted.get(&case.id).is_some_and(|acted| *acted >= case.opened_at && case.updated_at < input.now);
    };
    if input.acted.get(&case.id).is_some_and(|acted| *acted >= latest.made_at) {
        return false;
    }
    if outlook.is_dateless() && latest.outlook.is_dateless() {
        return dateless::is_news(latest, outlook, input.now);
    }
    let age = input.now.since(latest.made_at);
    let differs = outlook.q50 != latest.outlook.q50;
    let apart = outlook.q50.map_or(0, |middle| middle.since(input.now).0 / 4).clamp(LEAST_APART[0].0, LEAST_APART[1].0);
    let apart = if case.kind == FindingKind::SupplyLow { DAILY.0 } else { apart };
    (age >= DAILY && differs) || (age.0 >= apart && moved(&latest.outlook, outlook, input.now))
}

fn make(input: &Input, case: &Case, outlook: &Outlook) -> Forecast {
    let digest = Sha256::digest(format!("{}\n{}", case.id, input.now.0));
    Forecast {
        id: ForecastId(digest.iter().take(10).map(|byte| format!("{byte:02x}")).collect()),
        client: case.client,
        site: case.site,
        asset: case.asset.clone(),
        kind: case.kind,
        case: case.id.clone(),
        made_at: input.now,
        outlook: outlook.clone(),
        result: None,
    }
}

/// Results of the forecasts whose case went on or whose time has come.
pub(super) fn resolve(input: &Input, cases: &BTreeMap<&CaseId, &Case>) -> Vec<(ForecastId, Resolution)> {
    let open = input.forecasts.iter().filter(|forecast| forecast.result.is_none());
    open.filter_map(|forecast| {
        let (result, at, onset) = if forecast.outlook.is_dateless() {
            dateless::score(input, forecast, cases)?
        } else {
            let case = cases.get(&forecast.case).copied();
            let (result, at) = score(input, forecast, case)?;
            let came = matches!(result, ForecastResult::Hit | ForecastResult::Miss);
            (result, at, case.filter(|_| came).and_then(|case| onset_after(forecast, case)))
        };
        Some((forecast.id.clone(), Resolution { at, result, tracked: tracked(input, forecast, at), onset }))
    })
    .collect()
}

fn onset_after(forecast: &Forecast, case: &Case) -> Option<Timestamp> {
    case.onset.filter(|onset| *onset >= forecast.made_at)
}

fn score(input: &Input, forecast: &Forecast, case: Option<&Case>) -> Option<(ForecastResult, Timestamp)> {
    let Some(case) = case else {
        // Its case was closed more than two weeks ago: nobody scored it in time.
        return Some((ForecastResult::Withdrawn, input.now));
    };
    let onset = onset_after(forecast, case);
    let acted = input.acted.get(&case.id).copied().filter(|acted| *acted >= forecast.made_at);
    match (onset, acted) {
        (Some(onset), acted) if acted.is_none_or(|acted| acted >= onset) => {
            let result = if holds(&forecast.outlook, forecast.made_at, onset) {
                ForecastResult::Hit
            } else {
                ForecastResult::Miss
            };
            return Some((result, onset));
        }
        (_, Some(acted)) => return Some((ForecastResult::Treated, acted)),
        _ => {}
    }
    match case.state {
        CaseState::Closed { because: Reason::Decommissioned | Reason::JudgedFalse, at } => {
            Some((ForecastResult::Withdrawn, at))
        }
        CaseState::Closed { at, .. } if was_changed(input, forecast) => Some((ForecastResult::Treated, at)),
        CaseState::Closed { at, .. } => Some((ForecastResult::Miss, at)),
        _ => (input.now > latest_date(forecast)).then_some((ForecastResult::Miss, input.now)),
    }
}

/// Whether onset came between the 10 and the 90 % date, give or take the time it takes to see it.
fn holds(outlook: &Outlook, made_at: Timestamp, onset: Timestamp) -> bool {
    let slack = outlook.q50.map_or(0, |middle| middle.since(made_at).0 / 20).clamp(Millis::HOUR.0, Millis::DAY.0);
    let from = outlook.q10.is_none_or(|from| onset >= from.minus(Millis(slack)));
    from && outlook.q90.is_none_or(|to| onset <= to.plus(Millis(slack)))
}

/// After this it cannot come true any more.
fn latest_date(forecast: &Forecast) -> Timestamp {
    let horizon = forecast.outlook.longest().unwrap_or(Millis::days(14));
    forecast.outlook.q90.map_or(forecast.made_at.plus(horizon), |to| to.plus(Millis::DAY))
}

/// A change that can be recognised without a word of work: a renewed certificate, space freed by
/// half of what was needed.
fn was_changed(input: &Input, forecast: &Forecast) -> bool {
    match forecast.kind {
        // Its case closes for nothing but a new cartridge.
        FindingKind::CertificateExpiry | FindingKind::SupplyLow => true,
        FindingKind::VolumeFull => {
            let before = value_at(input, forecast, forecast.made_at);
            let now = value_at(input, forecast, input.now);
            let need = forecast.outlook.need.unwrap_or(0.0);
            before.zip(now).is_some_and(|(before, now)| now - before >= 0.5 * need && now > before)
        }
        _ => false,
    }
}

/// Whether what was measured until `until` stayed inside the 80 % band, by a hundredth of the band's
/// largest value at most.
fn tracked(input: &Input, forecast: &Forecast, until: Timestamp) -> bool {
    let fan = &forecast.outlook.fan;
    let Some(start) = value_at(input, forecast, forecast.made_at) else { return fan.is_empty() };
    let slack = 0.01 * fan.iter().map(|point| point.p90).fold(start, f64::max);
    let inside = |at: Timestamp| {
        let Some(value) = value_at(input, forecast, at) else { return true };
        band(forecast.made_at, start, fan, at).is_none_or(|(low, high)| (low - slack..=high + slack).contains(&value))
    };
    // The instant just before an action: the action itself leaves the band, as it should.
    let last = until.minus(Millis::HOUR).max(forecast.made_at);
    fan.iter().map(|point| point.at).take_while(|at| *at <= last).all(inside) && inside(last)
}

/// The band at `at`, between the points of the fan and the value it began with.
fn band(made_at: Timestamp, start: f64, fan: &[FanPoint], at: Timestamp) -> Option<(f64, f64)> {
    let next = fan.iter().position(|point| point.at >= at)?;
    let (from, low, high) = match next.checked_sub(1).and_then(|i| fan.get(i)) {
        Some(point) => (point.at, point.p10, point.p90),
        None => (made_at, start, start),
    };
    let to = fan.get(next)?;
    let part = at.since(from).0 as f64 / to.at.since(from).0.max(1) as f64;
    Some((low + (to.p10 - low) * part, high + (to.p90 - high) * part))
}

/// The measured value at an instant.
fn value_at(input: &Input, forecast: &Forecast, at: Timestamp) -> Option<f64> {
    let case = input.cases.iter().chain(&input.closed).find(|case| case.id == forecast.case)?;
    let chart = case.latest.evidence.chart.as_ref().or(case.first.evidence.chart.as_ref())?;
    let series: &Series = input.assets.get(&chart.asset)?.series.get(&chart.metric)?;
    series.value_at(at)
}
