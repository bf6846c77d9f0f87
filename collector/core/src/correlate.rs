//! One root cause for a site: what a wider fault explains is kept, but calls nobody.

use crate::{
    asset::AssetId,
    detectors::{Class, anchors, class_of, device, site_explains, supply_is_empty},
    expected::is_expected,
    finding::{Finding, FindingKind, Severity},
    input::Input,
    place::Place,
    series::Metric,
};
use beforehand_shared::{asset::AssetKind, ids::HostId, link::LinkRole, observation::Observation};
use std::collections::{BTreeMap, BTreeSet};

/// What a case is about; one open case for each.
pub type Key = (AssetId, FindingKind);

/// For each finding that a wider one explains, which one. Parents themselves have no parent.
pub fn parents(input: &Input, findings: &BTreeMap<Key, Finding>) -> BTreeMap<Key, Key> {
    let causes = causes(input, findings);
    let mut parents = BTreeMap::new();
    // What comes over weeks is not explained by what happens today.
    let trend = AssetId::line_trend(input.site.id);
    for key in findings.keys().filter(|key| key.0 != trend) {
        let found = RULES.iter().find_map(|rule| rule(input, &causes, key)).filter(|parent| parent != key);
        parents.extend(found.map(|parent| (key.clone(), parent)));
    }
    parents
}

/// What can explain others, and where it says that the fault is.
type Causes = BTreeMap<Key, Option<Place>>;

/// Findings that can explain others, and open cases that nothing has closed since.
fn causes(input: &Input, findings: &BTreeMap<Key, Finding>) -> Causes {
    let calls = |severity, evidence| severity >= Severity::Soon || is_expected(evidence);
    let found = findings.iter().filter(|(_, finding)| calls(finding.severity, &finding.evidence));
    let found = found.map(|(key, finding)| (key.clone(), Place::of(&finding.evidence)));
    let open = input.cases.iter().filter(|case| calls(case.severity, &case.latest.evidence));
    let open = open.map(|case| ((case.asset.clone(), case.kind), Place::of(&case.latest.evidence)));
    found.chain(open.filter(|(key, _)| !findings.contains_key(key))).collect()
}

type Rule = fn(&Input, &Causes, &Key) -> Option<Key>;

/// The widest cause first.
const RULES: [Rule; 6] = [silent_site, told_before, dead_gateway, bad_line, broken_printer, same_service];

/// Machines that fell silent with the whole site.
fn silent_site(input: &Input, causes: &Causes, key: &Key) -> Option<Key> {
    let site = (AssetId::premises(input.site.id), FindingKind::HostSilent);
    let lost = key.1 == FindingKind::HostSilent && key.0.host().is_some_and(|host| site_explains(input, host));
    (lost && causes.contains_key(&site)).then_some(site)
}

/// What was told of a site before anybody knew where its fault was: once that is known to be inside the office, the same
/// ticket says so.
fn told_before(input: &Input, causes: &Causes, key: &Key) -> Option<Key> {
    let line = (AssetId::line(input.site.id), FindingKind::LinkFault);
    let explains = match causes.get(&line)? {
        Some(Place::Machine) => *key == line || causes.get(key) == Some(&Some(Place::Machine)),
        place => place.is_some_and(Place::is_inside),
    };
    (explains && key.1 == FindingKind::LinkFault).then_some(line)
}

/// What lies behind a gateway that does not answer: that of the machine, or of the whole site. That single machines do not
/// get to it says nothing about the line of all, unless no machine does.
fn dead_gateway(input: &Input, causes: &Causes, key: &Key) -> Option<Key> {
    if key.1 != FindingKind::LinkFault {
        return None;
    }
    let gateways = || causes.iter().filter(|(cause, _)| is_gateway(input, cause));
    let cut_off: BTreeSet<HostId> = gateways().filter_map(|(cause, _)| cause.0.host()).collect();
    let every_machine = anchors(input).filter_map(|(asset, _)| asset.host()).all(|host| cut_off.contains(&host));
    let own = key.0.host();
    let explains = |(cause, place): &(&Key, &Option<Place>)| match place {
        // Of a machine that measures nothing any more nobody knows whether the gateway is still gone.
        Some(Place::Gateway) if is_measured(input, cause) => true,
        _ if own.is_none() => every_machine,
        // Machines that share what is bad share a ticket.
        Some(Place::LocalNetwork) if is_gateway(input, key) => shares(causes, key),
        _ => cause.0.host() == own,
    };
    gateways().find(explains).map(|(cause, _)| cause.clone())
}

fn is_measured(input: &Input, key: &Key) -> bool {
    input.assets.get(&key.0).is_some_and(|view| view.is_fresh(&Metric::LossPct, input.now))
}

fn shares(causes: &Causes, key: &Key) -> bool {
    causes.get(key) == Some(&Some(Place::LocalNetwork))
}

fn is_gateway(input: &Input, key: &Key) -> bool {
    let facts = input.assets.get(&key.0).map(|view| &view.facts);
    matches!(facts, Some(Observation::Link(link)) if link.role == LinkRole::Gateway)
}

/// What is reached over the line, when the line is bad.
fn bad_line(input: &Input, causes: &Causes, key: &Key) -> Option<Key> {
    let line = (AssetId::line(input.site.id), FindingKind::LinkFault);
    let behind = key.1 == FindingKind::LinkFault && !is_gateway(input, key);
    (behind && causes.contains_key(&line)).then_some(line)
}

/// A queue whose printer prints nothing.
fn broken_printer(input: &Input, causes: &Causes, key: &Key) -> Option<Key> {
    let Observation::Queue(queue) = &input.assets.get(&key.0)?.facts else { return None };
    let (asset, printer) = device(input, queue)?;
    if class_of(printer) != Some(Class::Failed) {
        return None;
    }
    let cause = (asset.clone(), FindingKind::PrinterFault);
    let empty = |cause: &&Key| {
        cause.1 == FindingKind::SupplyLow
            && cause.0.printer().as_ref() == Some(asset)
            && supply_is_empty(input, &cause.0)
    };
    causes.keys().find(|known| **known == cause).or_else(|| causes.keys().find(empty)).cloned()
}

/// The same service seen from several machines is one matter.
fn same_service(_: &Input, causes: &Causes, key: &Key) -> Option<Key> {
    let kind = key.0.kind().filter(|kind| matches!(kind, AssetKind::Endpoint | AssetKind::Resolver))?;
    let same = |cause: &&Key| cause.1 == key.1 && cause.0.kind() == Some(kind) && cause.0.key() == key.0.key();
    causes.keys().find(same).cloned()
}
