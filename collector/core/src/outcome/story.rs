//! The evidence of an entry, so that someone who doubts it can check it.

use super::view::View;
use crate::{
    calendar::duration_words,
    forecast::{FanPoint, Outlook},
    ledger::{Story, StoryChart},
    series::Sample,
};

/// Values kept for the chart of an entry: more than its width in the statement can show.
const CHART_VALUES: usize = 300;

/// `outlook` is the forecast that the outcome rests on.
pub(super) fn story(view: &View<'_>, outlook: Option<&Outlook>) -> Story {
    let closed = view.closed;
    let worst = view.reports.iter().max_by_key(|r| u64::from(r.people) * u64::from(r.minutes_lost));
    Story {
        saw: closed.case.first.sentence.clone(),
        saw_at: Some(closed.case.opened_at),
        expected: outlook.and_then(|outlook| expected(view, outlook)),
        expected_from: outlook.and_then(|outlook| outlook.q10),
        expected_at: outlook.and_then(|outlook| outlook.q50),
        expected_to: outlook.and_then(|outlook| outlook.q90),
        work: closed.work.clone(),
        minutes_worked: closed.work.iter().map(|work| work.minutes).sum(),
        acted_at: view.action.as_ref().map(|action| action.at),
        after: after(view),
        events: closed.events.clone(),
        chart: chart(view, outlook),
        users: closed.users,
        people: worst.map_or(0, |report| report.people),
        minutes_lost: worst.map_or(0, |report| report.minutes_lost),
    }
}

fn expected(view: &View<'_>, outlook: &Outlook) -> Option<String> {
    let date = |at| view.calendar.day_time(at);
    Some(match (outlook.q10, outlook.q90) {
        (Some(from), Some(to)) => {
            format!("Users would have noticed between {} and {} (80 %).", date(from), date(to))
        }
        (Some(from), None) => {
            format!("Users would have noticed from {} on (9 of 10 such forecasts are later).", date(from))
        }
        (None, _) => return None,
    })
}

fn after(view: &View<'_>) -> String {
    let closed_at = view.calendar.day_time(view.closed_at);
    let end = view.closed.events.last().map_or("", |event| event.sentence.as_str());
    let noticed = match view.noticed_at() {
        Some(from) => format!("Users could notice it for {}.", duration_words(view.closed_at.since(from))),
        None => "No user reported anything.".to_owned(),
    };
    [format!("It was over on {closed_at}."), end.to_owned(), noticed]
        .into_iter()
        .filter(|sentence| !sentence.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn chart(view: &View<'_>, outlook: Option<&Outlook>) -> Option<StoryChart> {
    let closed = view.closed;
    let reference = [&closed.case.first, &closed.case.latest].into_iter().find_map(|j| j.evidence.chart.as_ref())?;
    let (title, unit) = reference.metric.evidence_title(&closed.asset_name);
    let scale = |value: f64| value / unit;
    let shown = closed.measured.iter().filter(|sample| sample.at >= reference.from && sample.value.is_finite());
    let measured: Vec<_> = shown.map(|sample| Sample { at: sample.at, value: scale(sample.value) }).collect();
    let fan = outlook.map_or(&[][..], |outlook| &outlook.fan);
    (!measured.is_empty()).then(|| StoryChart {
        title,
        measured: thin(measured),
        fan: fan.iter().map(|point| scaled(point, unit)).collect(),
        limit: reference.limit.map(scale),
        acted_at: view.action.as_ref().map(|action| action.at),
        onset: view.noticed_at(),
    })
}

fn scaled(point: &FanPoint, unit: f64) -> FanPoint {
    FanPoint {
        at: point.at,
        p10: point.p10 / unit,
        p25: point.p25 / unit,
        p50: point.p50 / unit,
        p75: point.p75 / unit,
        p90: point.p90 / unit,
    }
}

/// At most [`CHART_VALUES`] of `values`, evenly, the last one kept.
fn thin(values: Vec<Sample>) -> Vec<Sample> {
    let step = values.len().div_ceil(CHART_VALUES).max(1);
    let last = values.len().saturating_sub(1);
    values.into_iter().enumerate().filter(|(i, _)| (last - i).is_multiple_of(step)).map(|(_, sample)| sample).collect()
}
