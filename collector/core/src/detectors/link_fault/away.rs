//! Machines that are not in the office: a laptop at home is behind another gateway than most.

use super::{
    Path, Paths,
    health::State,
    words::{does, evidence, finding, since},
};
use crate::{
    detectors::healthy,
    finding::{Finding, FindingKind, Severity},
    input::Input,
};
use beforehand_shared::{
    ids::HostId,
    link::LinkRole,
    observation::Observation,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// The gateway of a machine that was switched off since is still that of its office.
const KNOWN: Millis = Millis::days(14);
/// Behind a second gateway of an office are more than this share of the machines behind the first.
const SECOND: f64 = 0.34;

/// Those whose latest gateway is that of few, where the gateway of most is known, of machines that are off, too.
pub(super) fn machines(input: &Input) -> BTreeSet<HostId> {
    let mut latest: BTreeMap<HostId, (Timestamp, &str)> = BTreeMap::new();
    for (asset, view) in &input.assets {
        let is_gateway = matches!(&view.facts, Observation::Link(link) if link.role == LinkRole::Gateway);
        if let Some(host) = asset.host().filter(|_| is_gateway && input.now.since(view.seen_at) < KNOWN) {
            let known = latest.entry(host).or_insert((view.seen_at, asset.key()));
            *known = (*known).max((view.seen_at, asset.key()));
        }
    }
    let mut behind: BTreeMap<&str, BTreeSet<HostId>> = BTreeMap::new();
    for (host, (_, gateway)) in latest {
        behind.entry(gateway).or_default().insert(host);
    }
    let most = behind.values().map(BTreeSet::len).max().unwrap_or(0);
    let are_away = |hosts: &BTreeSet<HostId>| {
        hosts.len() < most && (hosts.len() == 1 || (hosts.len() as f64) < SECOND * most as f64)
    };
    behind.into_values().filter(are_away).flatten().collect()
}

/// What they meet is not the office's: notes, and nothing about its line.
pub(super) fn findings(input: &Input, away: &BTreeMap<HostId, Paths>) -> Vec<Finding> {
    away.values().flat_map(Paths::all).filter_map(|path| of_path(input, path)).collect()
}

fn of_path(input: &Input, path: &Path) -> Option<Finding> {
    let name = input.name_of(path.asset);
    match path.health.state {
        State::Good => healthy(input, path.asset, FindingKind::LinkFault, || format!("{name} answers as usual again.")),
        State::Unsure => None,
        // A router that answers no pings but passes everything on is no fault.
        State::Bad(_) if path.role == LinkRole::Access => None,
        State::Bad(fault) => {
            let what = does(fault, &path.health, &since(input, path.health.since));
            let sentence = format!("{name} {what}; this machine is behind another gateway than the office.");
            let severity = path.health.severity.min(Severity::Watch);
            let evidence = evidence(input, path.asset, &path.health);
            Some(finding(path.asset.clone(), severity, sentence, Vec::new(), evidence))
        }
    }
}
