//! Name servers and web addresses that give no usable answer, or a late one.

use super::slow_service;
use crate::{
    asset::AssetId,
    calendar::Calendar,
    detectors::{fact, healthy, steps},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    place::Place,
    series::{Metric, SELDOM, Series},
};
use beforehand_shared::{ids::HostId, observation::Observation, time::Millis};

/// Failures in a row before a person is called, and before it is urgent; with a wide spacing two
/// are enough for both.
const SOON: usize = 3;
const ACT: usize = 10;
const WIDE: usize = 2;

/// `waits` says of which machines nothing new is to be said yet, and `is_slow` of which the way out is slow or worse: what
/// they get late may be in time.
pub(super) fn findings(
    input: &Input,
    waits: impl Fn(HostId) -> bool,
    is_slow: impl Fn(HostId) -> bool,
) -> Vec<Finding> {
    let services = input.assets.iter().filter(|(_, view)| {
        matches!(view.facts, Observation::Resolver(_) | Observation::Endpoint(_))
            && view.is_fresh(&Metric::Failed, input.now)
    });
    let is_told = |asset: &AssetId| input.case_on(asset, FindingKind::LinkFault).is_some();
    let services = services.filter(|(asset, _)| is_told(asset) || !asset.host().is_some_and(&waits));
    services.filter_map(|(asset, view)| judge(input, asset, view, asset.host().is_some_and(&is_slow))).collect()
}

/// Failures in a row from which it is said to be out, for queries so far apart.
pub(crate) fn out_from(apart: Millis) -> usize {
    if apart > SELDOM { WIDE } else { SOON }
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView, is_slow: bool) -> Option<Finding> {
    let failed = view.series.get(&Metric::Failed)?;
    let in_a_row = failed.recent.iter().rev().take_while(|sample| sample.value > 0.0).count();
    if in_a_row == 0 {
        if let Some(slow) = slow_service::finding(input, asset, view) {
            return (!is_slow).then_some(slow);
        }
        return healthy(input, asset, FindingKind::LinkFault, || {
            format!("{} answers as usual again.", input.name_of(asset))
        });
    }
    let soon = out_from(failed.spacing());
    let act = if soon == WIDE { WIDE + 1 } else { ACT };
    let severity = match in_a_row {
        n if n >= act => Severity::Act,
        n if n >= soon => Severity::Soon,
        _ => return None,
    };
    let severity = if asked_by_others(input, asset).any(answers) { Severity::Watch } else { severity };
    Some(Finding {
        kind: FindingKind::LinkFault,
        asset: asset.clone(),
        severity,
        sentence: sentence(input, asset, failed, in_a_row),
        steps: what_to_do(&view.facts),
        evidence: evidence(input, asset, view),
        outlook: None,
    })
}

/// The same service, as other machines of the site see it now.
pub(super) fn asked_by_others<'a>(input: &'a Input, asset: &'a AssetId) -> impl Iterator<Item = &'a AssetView> {
    let same = move |other: &AssetId| other != asset && other.kind() == asset.kind() && other.key() == asset.key();
    let others = input.assets.iter().filter(move |(other, _)| same(other)).map(|(_, view)| view);
    others.filter(|view| view.is_fresh(&Metric::Failed, input.now))
}

fn answers(view: &AssetView) -> bool {
    view.series.get(&Metric::Failed).and_then(Series::last).is_some_and(|last| last.value <= 0.0)
}

pub(super) const fn place(facts: &Observation) -> Place {
    if matches!(facts, Observation::Resolver(_)) { Place::NameServer } else { Place::Service }
}

fn sentence(input: &Input, asset: &AssetId, failed: &Series, in_a_row: usize) -> String {
    let first = failed.recent.len().saturating_sub(in_a_row);
    let since = failed.recent.get(first).map_or(input.now, |sample| sample.at);
    let since = Calendar::new(&input.time_zone).day_time(since);
    format!("{} has given no usable answer since {since}.", input.name_of(asset))
}

fn what_to_do(facts: &Observation) -> Vec<String> {
    match facts {
        Observation::Resolver(_) => steps(["Check the name server; until it works, give the machines another one."]),
        _ => steps(["Open the address from another network.", "If it fails there too, call whoever runs the service."]),
    }
}

fn evidence(input: &Input, asset: &AssetId, view: &AssetView) -> Evidence {
    let mut facts = vec![place(&view.facts).fact()];
    match &view.facts {
        Observation::Resolver(resolver) => {
            facts.push(fact("Asked for", resolver.question.clone()));
            facts.extend(resolver.error.clone().map(|error| fact("Answer", error)));
        }
        Observation::Endpoint(endpoint) => {
            facts.extend(endpoint.status.map(|status| fact("Status", status.to_string())));
            facts.extend(endpoint.error.clone().map(|error| fact("Answer", error)));
        }
        _ => {}
    }
    let chart =
        ChartRef { asset: asset.clone(), metric: Metric::Failed, from: input.now.minus(Millis::DAY), limit: None };
    Evidence { facts, chart: Some(chart) }
}
