//! Name servers and web addresses that answer, but much later than they usually do.

use super::{pace, services};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    detectors::{fact, steps},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    math::quantile::median,
    path::slow::Gate,
    series::{Metric, Series},
};
use beforehand_shared::{
    observation::Observation,
    time::{Millis, Timestamp},
};

struct Slow {
    since: Timestamp,
    usual_ms: f64,
    now_ms: f64,
}

impl Slow {
    fn of(view: &AssetView) -> Option<Self> {
        let answers = view.series.get(&Metric::AnswerMs)?;
        let (since, usual_ms) = pace::watched(answers, gate(&view.facts));
        let mut latest: Vec<f64> = answers.recent.iter().rev().take(pace::NOW).map(|sample| sample.value).collect();
        Some(Self { since: since?, usual_ms: usual_ms?, now_ms: median(&mut latest)? })
    }
}

const fn gate(facts: &Observation) -> Gate {
    if matches!(facts, Observation::Resolver(_)) { Gate::NAMES } else { Gate::WEB }
}

/// Nothing where it answers as fast as usual. Where another machine gets its answers in time, the service is well.
pub(super) fn finding(input: &Input, asset: &AssetId, view: &AssetView) -> Option<Finding> {
    let slow = Slow::of(view)?;
    let mut others = services::asked_by_others(input, asset);
    let severity = if others.any(is_in_time) { Severity::Watch } else { Severity::Soon };
    let since = Calendar::new(&input.time_zone).day_time(slow.since);
    let (now, usual) = (time_words(slow.now_ms), time_words(slow.usual_ms));
    Some(Finding {
        kind: FindingKind::LinkFault,
        asset: asset.clone(),
        severity,
        sentence: format!("{} answers slowly since {since}: after {now}, usually {usual}.", input.name_of(asset)),
        steps: what_to_do(&view.facts),
        evidence: evidence(input, asset, view, &slow),
        outlook: None,
    })
}

fn is_in_time(view: &AssetView) -> bool {
    let is_known = view.series.get(&Metric::AnswerMs).and_then(Series::last).is_some();
    is_known && Slow::of(view).is_none()
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

fn evidence(input: &Input, asset: &AssetId, view: &AssetView, slow: &Slow) -> Evidence {
    let facts = vec![
        services::place(&view.facts).fact(),
        fact("Answers after", time_words(slow.now_ms)),
        fact("Usually", time_words(slow.usual_ms)),
    ];
    let from = input.now.minus(Millis::DAY);
    let chart = ChartRef { asset: asset.clone(), metric: Metric::AnswerMs, from, limit: None };
    Evidence { facts, chart: Some(chart) }
}

fn time_words(ms: f64) -> String {
    if ms < 1_000.0 { format!("{ms:.0} ms") } else { format!("{:.1} s", ms / 1_000.0) }
}
