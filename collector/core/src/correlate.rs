//! One root cause for a site: what a wider fault explains is kept, but calls nobody.

use crate::{
    asset::AssetId,
    detectors::{Class, anchors, class_of, device, site_explains, supply_is_empty},
    finding::{Finding, FindingKind, Severity},
    input::Input,
};
use beforehand_shared::{asset::AssetKind, link::LinkRole, observation::Observation};
use std::collections::{BTreeMap, BTreeSet};

/// What a case is about; one open case for each.
pub type Key = (AssetId, FindingKind);

/// For each finding that a wider one explains, which one. Parents themselves have no parent.
pub fn parents(input: &Input, findings: &BTreeMap<Key, Finding>) -> BTreeMap<Key, Key> {
    let causes = causes(input, findings);
    let mut parents = BTreeMap::new();
    for key in findings.keys() {
        let found = RULES.iter().find_map(|rule| rule(input, &causes, key)).filter(|parent| parent != key);
        parents.extend(found.map(|parent| (key.clone(), parent)));
    }
    parents
}

/// Findings that can explain others, and open cases that nothing has closed since.
fn causes(input: &Input, findings: &BTreeMap<Key, Finding>) -> BTreeSet<Key> {
    let found = findings.iter().filter(|(_, finding)| finding.severity >= Severity::Soon).map(|(key, _)| key.clone());
    let open = input.cases.iter().filter(|case| case.severity >= Severity::Soon);
    let open = open.map(|case| (case.asset.clone(), case.kind)).filter(|key| !findings.contains_key(key));
    found.chain(open).collect()
}

type Rule = fn(&Input, &BTreeSet<Key>, &Key) -> Option<Key>;

/// The widest cause first.
const RULES: [Rule; 5] = [silent_site, dead_gateway, bad_line, broken_printer, same_service];

/// Machines that fell silent with the whole site.
fn silent_site(input: &Input, causes: &BTreeSet<Key>, key: &Key) -> Option<Key> {
    let site = (AssetId::premises(input.site.id), FindingKind::HostSilent);
    let lost = key.1 == FindingKind::HostSilent && key.0.host().is_some_and(|host| site_explains(input, host));
    (lost && causes.contains(&site)).then_some(site)
}

/// What lies behind a gateway that does not answer: that of the machine, or of the whole site.
fn dead_gateway(input: &Input, causes: &BTreeSet<Key>, key: &Key) -> Option<Key> {
    if key.1 != FindingKind::LinkFault {
        return None;
    }
    let mut gateways: Vec<&Key> = causes.iter().filter(|cause| is_gateway(input, cause)).collect();
    let whole_site = gateways.len() > 1;
    // That one of several machines does not get to its gateway says nothing about the line of all.
    let is_only_one = || anchors(input).filter_map(|(asset, _)| asset.host()).collect::<BTreeSet<_>>().len() < 2;
    let explains = |gateway: &&Key| match key.0.host() {
        Some(host) => gateway.0.host() == Some(host),
        None => is_only_one(),
    };
    gateways.retain(|gateway| whole_site || explains(gateway));
    gateways.into_iter().min().cloned()
}

fn is_gateway(input: &Input, key: &Key) -> bool {
    let facts = input.assets.get(&key.0).map(|view| &view.facts);
    matches!(facts, Some(Observation::Link(link)) if link.role == LinkRole::Gateway)
}

/// What is reached over the line, when the line is bad.
fn bad_line(input: &Input, causes: &BTreeSet<Key>, key: &Key) -> Option<Key> {
    let line = (AssetId::line(input.site.id), FindingKind::LinkFault);
    let behind = key.1 == FindingKind::LinkFault && !is_gateway(input, key);
    (behind && causes.contains(&line)).then_some(line)
}

/// A queue whose printer prints nothing.
fn broken_printer(input: &Input, causes: &BTreeSet<Key>, key: &Key) -> Option<Key> {
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
    causes.get(&cause).or_else(|| causes.iter().find(empty)).cloned()
}

/// The same service seen from several machines is one matter.
fn same_service(_: &Input, causes: &BTreeSet<Key>, key: &Key) -> Option<Key> {
    let kind = key.0.kind().filter(|kind| matches!(kind, AssetKind::Endpoint | AssetKind::Resolver))?;
    let same = |cause: &&Key| cause.1 == key.1 && cause.0.kind() == Some(kind) && cause.0.key() == key.0.key();
    causes.iter().find(same).cloned()
}
