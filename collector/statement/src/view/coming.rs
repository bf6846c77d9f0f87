//! Forecasts: the open ones with their dates, and those that were scored.

use super::Source;
use crate::{
    chart::{HorizonBar, Style, horizon},
    words::{name, percent},
};
use beforehand_core::{
    calendar::duration_words,
    finding::Severity,
    forecast::{Forecast, ForecastResult, Outlook},
    month::{MonthFigures, NamedForecast},
};
use beforehand_shared::time::{Millis, Timestamp};
use serde::Serialize;

/// Days that the horizon shows.
pub(crate) const DAYS: u32 = 14;

/// One open forecast. Shares are per cent of the horizon, for bars of table cells.
#[derive(Debug, Serialize)]
pub(crate) struct Coming {
    pub(crate) asset: String,
    pub(crate) kind: &'static str,
    /// Such as `between 3 and 9 December`.
    pub(crate) when: String,
    pub(crate) sure: String,
    pub(crate) severity: &'static str,
    pub(crate) from_pct: u32,
    pub(crate) width_pct: u32,
    pub(crate) rest_pct: u32,
}

/// One forecast with its result.
#[derive(Debug, Serialize)]
pub(crate) struct Scored {
    pub(crate) asset: String,
    pub(crate) kind: &'static str,
    pub(crate) made: String,
    pub(crate) said: String,
    pub(crate) result: &'static str,
    pub(crate) tracked: &'static str,
}

/// The latest open forecast of each case, nearest first.
fn open<'a>(source: Source<'a>) -> Vec<&'a NamedForecast> {
    let mut open: Vec<&NamedForecast> = source.input.open.iter().collect();
    open.sort_by_key(|named| (&named.forecast.case, std::cmp::Reverse(named.forecast.made_at)));
    open.dedup_by_key(|named| &named.forecast.case);
    let far = Timestamp(i64::MAX);
    open.sort_by_key(|named| {
        let outlook = &named.forecast.outlook;
        (outlook.q50.unwrap_or(far), outlook.q10.unwrap_or(far))
    });
    open
}

pub(super) fn coming(source: Source<'_>) -> Vec<Coming> {
    open(source).into_iter().map(|named| one(source, named)).collect()
}

/// The bars of the horizon.
pub(crate) fn bars(source: Source<'_>) -> Vec<HorizonBar> {
    open(source).into_iter().map(|named| bar(source, named)).collect()
}

pub(super) fn sentence(source: Source<'_>) -> String {
    let style = Style::print(600, 0, source.zone.time_zone());
    horizon(&bars(source), source.input.taken_at, DAYS, &style).sentence
}

fn bar(source: Source<'_>, named: &NamedForecast) -> HorizonBar {
    let outlook = &named.forecast.outlook;
    HorizonBar {
        label: name(&named.asset_name),
        q10: outlook.q10,
        q50: outlook.q50,
        q90: outlook.q90,
        severity: severity(&named.forecast, source.input.taken_at),
        href: None,
    }
}

/// A forecast carries no severity of its own: what may begin within two days is *act*, what
/// likely begins within the horizon is *soon*, the rest *watch*. Without dates its own horizons count.
fn severity(forecast: &Forecast, now: Timestamp) -> Severity {
    let within = |at: Option<Timestamp>, days| at.is_some_and(|at| at.since(now) <= Millis::days(days));
    if forecast.outlook.is_dateless() {
        let likely = forecast.outlook.chances.iter().any(|chance| chance.p >= 0.5);
        return if likely { Severity::Soon } else { Severity::Watch };
    }
    if within(forecast.outlook.q10, 2) {
        Severity::Act
    } else if within(forecast.outlook.q50, i64::from(DAYS)) {
        Severity::Soon
    } else {
        Severity::Watch
    }
}

fn one(source: Source<'_>, named: &NamedForecast) -> Coming {
    let (outlook, now) = (&named.forecast.outlook, source.input.taken_at);
    let share = |at: Option<Timestamp>| {
        let days = at.map_or(f64::from(DAYS), |at| at.since(now).as_days());
        (days / f64::from(DAYS) * 100.0).clamp(0.0, 100.0).round() as u32
    };
    let from_pct = share(outlook.q10).min(98);
    let width_pct = share(outlook.q90).saturating_sub(from_pct).max(2);
    Coming {
        asset: name(&named.asset_name),
        kind: named.forecast.kind.name(),
        when: when(source, &named.forecast),
        sure: sure(outlook),
        severity: severity(&named.forecast, now).word(),
        from_pct,
        width_pct,
        rest_pct: 100u32.saturating_sub(from_pct + width_pct),
    }
}

/// `41 %` of the longest horizon.
fn longest_chance(outlook: &Outlook) -> String {
    outlook.chances.last().map_or_else(String::new, |chance| percent(chance.p))
}

/// By the horizon of the statement, or the nearest beyond it where the forecast has no such.
fn sure(outlook: &Outlook) -> String {
    let wanted = Millis::days(i64::from(DAYS));
    let chance = outlook.chances.iter().find(|chance| chance.within >= wanted);
    chance.map_or_else(String::new, |it| format!("{} within {}", percent(it.p), duration_words(it.within)))
}

fn when(source: Source<'_>, forecast: &Forecast) -> String {
    let zone = source.zone;
    if let Some(longest) = forecast.outlook.longest().filter(|_| forecast.outlook.is_dateless()) {
        return format!("by {}, {}", zone.day(forecast.made_at.plus(longest)), longest_chance(&forecast.outlook));
    }
    match (forecast.outlook.q10, forecast.outlook.q90) {
        (Some(from), Some(to)) => zone.span(from, to),
        (Some(from), None) => format!("not before {}", zone.day(from)),
        (None, _) => "no date yet".to_owned(),
    }
}

pub(super) fn scored(source: Source<'_>) -> Vec<Scored> {
    let scored = source.input.scored.iter();
    scored
        .filter_map(|named| named.forecast.result.map(|result| (named, result)))
        .filter(|(_, resolution)| resolution.result != ForecastResult::Withdrawn)
        .map(|(named, resolution)| Scored {
            asset: name(&named.asset_name),
            kind: named.forecast.kind.name(),
            made: source.zone.day_short(named.forecast.made_at),
            said: when(source, &named.forecast),
            result: result_word(resolution.result),
            tracked: match resolution.tracked {
                _ if named.forecast.outlook.is_dateless() => "no band",
                true => "yes",
                false => "no",
            },
        })
        .collect()
}

const fn result_word(result: ForecastResult) -> &'static str {
    match result {
        ForecastResult::Hit => "hit",
        ForecastResult::Miss => "miss",
        ForecastResult::Treated => "treated",
        ForecastResult::Withdrawn => "withdrawn",
    }
}

pub(super) fn scored_sentence(figures: &MonthFigures) -> String {
    let (hits, misses, treated) = (figures.forecast_hits, figures.forecast_misses, figures.forecast_treated);
    if hits + misses + treated == 0 {
        return "No forecast came due this month.".to_owned();
    }
    format!(
        "{hits} came true between the dates or within the time said, {misses} did not, and {treated} cannot be \
         scored because someone acted first."
    )
}
