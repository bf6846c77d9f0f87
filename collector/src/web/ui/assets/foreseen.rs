//! What was foreseen of an asset, as it was said at the time, and what came of it.

use super::part::Part;
use crate::web::ui::show::Present;
use beforehand_core::{
    calendar::{chance_words, duration_words},
    forecast::{Forecast, ForecastResult},
    reliability::{horizon_records, reliability},
};

/// How many forecasts are told.
const TOLD: usize = 12;

/// The part's place in the page and its title; how what was foreseen is called, done and not done: `full`, `it was
/// full`, `it had not filled up`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Words {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) head: &'static str,
    pub(super) came: &'static str,
    pub(super) did_not: &'static str,
}

/// The table of forecasts, given latest first, and how right they and their chances were.
pub(super) fn part(forecasts: &[Forecast], words: Words, present: &Present) -> Part {
    let mut part = Part::new(words.id, words.title);
    if forecasts.is_empty() {
        return part;
    }
    part.lines.push(record(forecasts));
    let row = |forecast: &Forecast| (told(forecast, words, present), String::new());
    part.table(["Made", words.head, "Chances", "What came of it"], forecasts.iter().take(TOLD).map(row));
    let records = horizon_records(forecasts);
    part.below.extend(records.iter().map(|record| format!("Chances that were said of it. {}", record.sentence())));
    if let Some(longest) = records.last() {
        part.below.extend(reliability(forecasts, longest.within).iter().map(|bin| bin.sentence()));
    }
    part
}

fn record(forecasts: &[Forecast]) -> String {
    let ended = |result| forecasts.iter().filter(|it| it.result.is_some_and(|it| it.result == result)).count();
    let open = forecasts.iter().filter(|forecast| forecast.result.is_none()).count();
    let known = [
        (ended(ForecastResult::Hit), "came true"),
        (ended(ForecastResult::Miss), "did not"),
        (ended(ForecastResult::Treated), "cannot be known, because someone acted"),
        (ended(ForecastResult::Withdrawn), "cannot be known any more"),
        (open, "still to be seen"),
    ];
    let told: Vec<String> =
        known.iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}")).collect();
    let what = if forecasts.len() == 1 { "forecast" } else { "forecasts" };
    format!("{} {what}: {}.", forecasts.len(), told.join(", "))
}

/// One forecast as it was made, as a row.
fn told(forecast: &Forecast, words: Words, present: &Present) -> [String; 4] {
    let outlook = &forecast.outlook;
    let day = |at| present.calendar.date_words(at, present.now);
    let when = match (outlook.q10, outlook.q50, outlook.q90) {
        _ if outlook.is_dateless() => "no date, chances alone".to_owned(),
        (Some(from), Some(middle), Some(to)) => {
            format!("{} (80 %), most likely {}", present.calendar.range_words(from, to, present.now), day(middle))
        }
        (Some(from), ..) => format!("{} at the earliest", day(from)),
        _ => "not within its horizon".to_owned(),
    };
    let chances = outlook.chances.iter();
    let chances = chances.map(|it| format!("{} within {}", chance_words(it.p), duration_words(it.within)));
    [present.at(forecast.made_at), when, chances.collect::<Vec<_>>().join(", "), came(forecast, words, present)]
}

fn came(forecast: &Forecast, words: Words, present: &Present) -> String {
    let Some(result) = forecast.result else { return "still to be seen".to_owned() };
    let at = present.at(result.onset.unwrap_or(result.at));
    let it_came = if result.onset.is_some() { format!("{} {at}", words.came) } else { format!("known {at}") };
    match result.result {
        ForecastResult::Hit => format!("came true: {it_came}"),
        ForecastResult::Miss if result.onset.is_some() => format!("missed: {it_came}"),
        ForecastResult::Miss => format!("missed: {} by {at}", words.did_not),
        ForecastResult::Treated => format!("someone acted before, {}", present.at(result.at)),
        ForecastResult::Withdrawn => format!("withdrawn {}: it cannot be known any more", present.at(result.at)),
    }
}
