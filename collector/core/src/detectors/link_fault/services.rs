//! Name servers and web addresses that give no usable answer, or a late one.

use super::slow_service::{self, Pace};
use crate::{
    asset::AssetId,
    calendar::Calendar,
    detectors::{fact, healthy, steps},
    elsewhere::{Word, other_sites},
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input},
    place::Place,
    series::{Metric, SELDOM, Series},
};
use beforehand_shared::{
    ids::HostId,
    observation::Observation,
    settings::is_local,
    time::{Millis, Timestamp},
};

/// Failures in a row before a person is called, and before it is urgent; with a wide spacing two
/// are enough for both.
const SOON: usize = 3;
const ACT: usize = 10;
const WIDE: usize = 2;

/// The name server that the system of a machine asks, as agents call it.
const SYSTEM: &str = "system";

/// What else is known of the machines that ask.
pub(super) struct Ways<W, D> {
    /// Of which nothing new is to be said yet.
    pub waits: W,
    /// Milliseconds by which answers may come later than usual because of the way of a machine.
    pub delay: D,
}

/// A service as one machine sees it now.
pub(super) struct Seen<'a> {
    pub asset: &'a AssetId,
    pub view: &'a AssetView,
    failed: &'a Series,
    in_a_row: usize,
    pub pace: Pace,
}

impl<'a> Seen<'a> {
    fn of(input: &Input, asset: &'a AssetId, view: &'a AssetView) -> Option<Self> {
        let is_service = matches!(view.facts, Observation::Resolver(_) | Observation::Endpoint(_));
        let failed =
            view.series.get(&Metric::Failed).filter(|_| is_service && view.is_fresh(&Metric::Failed, input.now))?;
        let in_a_row = failed.recent.iter().rev().take_while(|sample| sample.value > 0.0).count();
        Some(Self { asset, view, failed, in_a_row, pace: Pace::of(view) })
    }

    fn is_of_same(&self, other: &Self) -> bool {
        self.asset != other.asset && self.asset.kind() == other.asset.kind() && self.asset.key() == other.asset.key()
    }

    /// Whether it is what programs of the machine use, beside a public name server that is asked for comparison.
    fn stands_in_for(&self, other: &Self) -> bool {
        let is_public = || other.asset.key().parse().is_ok_and(|address| !is_local(address));
        let are_resolvers = [self, other].iter().all(|one| matches!(one.view.facts, Observation::Resolver(_)));
        are_resolvers && self.asset.key() == SYSTEM && self.asset.host() == other.asset.host() && is_public()
    }

    /// When the failures of now began.
    fn failed_from(&self, now: Timestamp) -> Timestamp {
        let first = self.failed.recent.len().saturating_sub(self.in_a_row);
        self.failed.recent.get(first).map_or(now, |sample| sample.at)
    }

    /// Whether it has got an answer since then: what it saw before says nothing.
    pub(super) fn was_answered_after(&self, at: Timestamp) -> bool {
        self.in_a_row == 0 && self.failed.last().is_some_and(|last| last.at > at)
    }
}

pub(super) fn findings<W: Fn(HostId) -> bool, D: Fn(HostId) -> f64>(input: &Input, ways: &Ways<W, D>) -> Vec<Finding> {
    let seen: Vec<Seen> = input.assets.iter().filter_map(|(asset, view)| Seen::of(input, asset, view)).collect();
    let is_told = |asset: &AssetId| input.case_on(asset, FindingKind::LinkFault).is_some();
    let waits = |asset: &AssetId| asset.host().is_some_and(&ways.waits);
    let told = seen.iter().filter(|one| is_told(one.asset) || !waits(one.asset));
    told.filter_map(|one| {
        let others = seen.iter().filter(|other| other.is_of_same(one) || other.stands_in_for(one));
        judge(input, one, others, one.asset.host().map_or(0.0, &ways.delay))
    })
    .collect()
}

/// Failures in a row from which it is said to be out, for queries so far apart.
pub(crate) fn out_from(apart: Millis) -> usize {
    if apart > SELDOM { WIDE } else { SOON }
}

fn judge<'a>(
    input: &Input,
    seen: &Seen,
    others: impl Iterator<Item = &'a Seen<'a>> + Clone,
    delay: f64,
) -> Option<Finding> {
    if seen.in_a_row == 0 {
        return match &seen.pace {
            Pace::Slow(slow) if slow.is_explained_by(delay) => None,
            Pace::Slow(slow) => Some(slow_service::finding(input, seen, slow, others)),
            Pace::Learning | Pace::Usual => {
                healthy(input, seen.asset, FindingKind::LinkFault, || slow_service::well_again(input, seen))
            }
        };
    }
    let soon = out_from(seen.failed.spacing());
    let act = if soon == WIDE { WIDE + 1 } else { ACT };
    let severity = match seen.in_a_row {
        n if n >= act => Severity::Act,
        n if n >= soon => Severity::Soon,
        _ => return None,
    };
    let since = seen.failed_from(input.now);
    let is_well = |other: &&Seen| other.was_answered_after(since) && !matches!(other.pace, Pace::Slow(_));
    let is_served = others.clone().any(|other| is_well(&other));
    let fault = Where::of(input, seen, others.filter(is_well).any(|other| other.is_of_same(seen)), since);
    let name = input.name_of(seen.asset);
    let from = Calendar::new(&input.time_zone).day_time(since);
    Some(Finding {
        kind: FindingKind::LinkFault,
        asset: seen.asset.clone(),
        severity: if is_served { Severity::Watch } else { severity },
        sentence: format!("{name} has given no usable answer since {from}{}.", fault.cause),
        steps: fault.steps,
        evidence: evidence(input, seen.asset, seen.view, fault.place),
        outlook: None,
    })
}

pub(super) const fn place(facts: &Observation) -> Place {
    if matches!(facts, Observation::Resolver(_)) { Place::NameServer } else { Place::Service }
}

/// Where it is that a service is not reached, and what to do.
struct Where {
    place: Place,
    /// How the sentence goes on.
    cause: String,
    steps: Vec<String>,
}

impl Where {
    fn of(input: &Input, seen: &Seen, others_are_served: bool, since: Timestamp) -> Self {
        let at = |place, cause: String, steps| Self { place, cause, steps };
        if matches!(seen.view.facts, Observation::Resolver(_)) {
            let todo = steps(["Check the name server; until it works, give the machines another one."]);
            return at(Place::NameServer, String::new(), todo);
        }
        if others_are_served {
            let todo =
                steps(["Look at its firewall, VPN and proxy.", "Does it ask the same name server as the others?"]);
            return at(Place::Machine, "; other machines here get theirs, so it is this machine".to_owned(), todo);
        }
        match input.elsewhere.of_service(seen.asset.key(), since) {
            Word::Neither(n) => {
                let todo = steps(["Call whoever runs the service; nothing in the office has to be restarted."]);
                at(Place::Service, format!("; {} get none either, so it is the service", other_sites(n)), todo)
            }
            Word::TheyDo(n) => {
                let todo = steps([
                    "Look at firewall, proxy and name server of this office.",
                    "Does the service keep this office's public address out?",
                ]);
                at(Place::WayToService, format!("; {} get theirs, so it is the way from here", other_sites(n)), todo)
            }
            Word::Nothing => at(
                Place::Service,
                String::new(),
                steps([
                    "Open the address from another network.",
                    "If it fails there too, call whoever runs the service.",
                ]),
            ),
        }
    }
}

fn evidence(input: &Input, asset: &AssetId, view: &AssetView, place: Place) -> Evidence {
    let mut facts = vec![place.fact()];
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
