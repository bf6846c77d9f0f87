//! The line over IPv6, judged by itself: programs fall back to IPv4 when it fails, and are slow then (RFC 8305).

use super::{
    Path, Paths,
    health::State,
    site::{self, Placed},
    words::{does, evidence, finding, since},
};
use crate::{
    asset::AssetId,
    detectors::{fact, healthy, steps},
    finding::{Finding, FindingKind, Severity},
    input::Input,
    place::Place,
};
use beforehand_shared::ids::HostId;
use std::collections::BTreeMap;

/// A machine with fewer such targets does not tell a target from the line.
const LEAST: usize = 2;

/// Nothing while the line itself is in question.
pub(super) fn finding_of(input: &Input, hosts: &BTreeMap<HostId, Paths>, place: &Placed) -> Option<Finding> {
    let line = AssetId::line_v6(input.site.id);
    let tells = |paths: &&Paths| paths.v6.len() >= LEAST && !paths.anchors.is_empty() && site::does_well(paths);
    let witnesses: Vec<&Paths> = hosts.values().filter(|_| place.line.is_none()).filter(tells).collect();
    if place.is_undecided || witnesses.is_empty() {
        return None;
    }
    let is_bad = |paths: &&Paths| paths.v6.iter().all(|path| path.health.is_bad());
    if witnesses.iter().all(is_bad) {
        return bad(input, line, &witnesses);
    }
    let is_good = |paths: &Paths| paths.v6.iter().any(|path| path.health.state == State::Good);
    healthy(input, &line, FindingKind::LinkFault, || {
        format!("The internet line of {} works over IPv6 as usual again.", input.site.name)
    })
    .filter(|_| witnesses.iter().any(|paths| is_good(paths)))
}

/// Of the worst path; a ticket, but never an urgent one.
fn bad(input: &Input, line: AssetId, witnesses: &[&Paths]) -> Option<Finding> {
    let paths = || witnesses.iter().flat_map(|paths| &paths.v6);
    let worst: &Path = paths().max_by_key(|path| (path.health.lost_rounds, path.health.severity))?;
    let State::Bad(fault) = worst.health.state else { return None };
    let began = paths().map(|path| path.health.since).min()?;
    let what = does(fault, &worst.health, &since(input, began));
    let mut evidence = evidence(input, worst.asset, &worst.health);
    evidence.facts.insert(0, Place::Line.fact());
    let seen = format!("{} paths over IPv6, from {} machines", paths().count(), witnesses.len());
    evidence.facts.push(fact("Seen on", seen));
    let sentence = format!("Over IPv6 the internet line of {} {what}; over IPv4 it works.", input.site.name);
    let todo = steps([
        "Ask the provider of the line whether IPv6 works, with these figures.",
        "Until it does, programs fall back to IPv4: pages may open late, nothing else is lost.",
    ]);
    Some(finding(line, worst.health.severity.min(Severity::Soon), sentence, todo, evidence))
}
