//! Name servers and web addresses that answer, but much later than they usually do.

use super::{
    pace,
    services::{self, Seen},
};
use crate::{
    calendar::Calendar,
    case::Case,
    detectors::{fact, steps},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    math::quantile::median,
    onset,
    path::slow::Gate,
    series::{Metric, Series},
};
use beforehand_shared::{
    observation::Observation,
    time::{Millis, Timestamp},
};

/// Time to the answer against what is usual.
pub(super) enum Pace {
    /// Too little is known to say what is usual.
    Learning,
    Usual,
    Slow(Slow),
}

pub(super) struct Slow {
    since: Timestamp,
    usual_ms: f64,
    now_ms: f64,
}

impl Pace {
    pub(super) fn of(view: &AssetView) -> Self {
        let Some(answers) = view.series.get(&Metric::AnswerMs) else { return Self::Learning };
        match (pace::watched(answers, gate(&view.facts)), latest(answers)) {
            ((Some(since), Some(usual_ms)), Some(now_ms)) => Self::Slow(Slow { since, usual_ms, now_ms }),
            ((None, Some(_)), Some(_)) => Self::Usual,
            _ => Self::Learning,
        }
    }
}

impl Slow {
    /// Whether the machine's way alone may make it so late.
    pub(super) fn is_explained_by(&self, delay: f64) -> bool {
        delay >= self.now_ms - self.usual_ms
    }
}

const fn gate(facts: &Observation) -> Gate {
    if matches!(facts, Observation::Resolver(_)) { Gate::NAMES } else { Gate::WEB }
}

fn latest(answers: &Series) -> Option<f64> {
    median(&mut answers.recent.iter().rev().take(pace::NOW).map(|sample| sample.value).collect::<Vec<f64>>())
}

/// A note, and a ticket once people wait for it at their work. Where another machine gets its answers in time, the service
/// is well.
pub(super) fn finding<'a>(
    input: &Input,
    seen: &Seen,
    slow: &Slow,
    mut others: impl Iterator<Item = &'a Seen<'a>>,
) -> Finding {
    let is_in_time = |other: &Seen| matches!(other.pace, Pace::Usual) && other.was_answered_after(slow.since);
    let is_felt = input.calendar().is_office_hour(input.now) && onset::answers_late(seen.view, input.now);
    let severity = if is_felt && !others.any(is_in_time) { Severity::Soon } else { Severity::Watch };
    let since = Calendar::new(&input.time_zone).day_time(slow.since);
    let (now, usual) = (time_words(slow.now_ms), time_words(slow.usual_ms));
    let name = input.name_of(seen.asset);
    Finding {
        kind: FindingKind::LinkFault,
        asset: seen.asset.clone(),
        severity,
        sentence: format!("{name} answers slowly since {since}: after {now}, usually {usual}."),
        steps: what_to_do(&seen.view.facts),
        evidence: evidence(input, seen, slow),
        outlook: None,
    }
}

/// What is said when nothing is found any more. What has been slow for days is how a service is now.
pub(super) fn well_again(input: &Input, seen: &Seen) -> String {
    let name = input.name_of(seen.asset);
    let case = input.case_on(seen.asset, FindingKind::LinkFault);
    match case.and_then(|case| Some((case, before(case, seen.view)?, latest(answers(seen.view)?)?))) {
        Some((case, before, now)) if input.now.since(case.opened_at) >= Millis::DAY && now >= 2.0 * before => {
            format!(
                "{name} has answered after {} for days, and {} before: that counts as usual from now on.",
                time_words(now),
                time_words(before)
            )
        }
        _ => format!("{name} answers as usual again."),
    }
}

fn answers(view: &AssetView) -> Option<&Series> {
    view.series.get(&Metric::AnswerMs)
}

/// The usual time on the day before a case of slowness.
fn before(case: &Case, view: &AssetView) -> Option<f64> {
    case.latest.evidence.chart.as_ref().filter(|chart| chart.metric == Metric::AnswerMs)?;
    let hours = answers(view)?.hours_since(case.opened_at.minus(Millis::DAY));
    let hours = hours.iter().take_while(|hour| hour.at < case.opened_at.hour_start());
    median(&mut hours.map(|hour| hour.mean).collect::<Vec<f64>>())
}

fn what_to_do(facts: &Observation) -> Vec<String> {
    match facts {
        Observation::Resolver(_) => steps([
            "Look what the name server is busy with, and how fast those answer that it asks itself.",
            "Until it is fast again, give the machines another one.",
        ]),
        _ => steps([
            "Open the address from another network.",
            "If it is slow there too, tell whoever runs the service, with the times below.",
        ]),
    }
}

fn evidence(input: &Input, seen: &Seen, slow: &Slow) -> Evidence {
    let facts = vec![
        services::place(&seen.view.facts).fact(),
        fact("Answers after", time_words(slow.now_ms)),
        fact("Usually", time_words(slow.usual_ms)),
    ];
    let from = input.now.minus(Millis::DAY);
    let chart = ChartRef { asset: seen.asset.clone(), metric: Metric::AnswerMs, from, limit: None };
    Evidence { facts, chart: Some(chart) }
}

fn time_words(ms: f64) -> String {
    if ms < 1_000.0 { format!("{ms:.0} ms") } else { format!("{:.1} s", ms / 1_000.0) }
}
