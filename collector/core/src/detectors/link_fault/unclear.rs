//! Trouble of a whole site whose place is not known: told while it lasts, with what each machine sees, and refined in the
//! same ticket.

use super::{
    Paths,
    health::{Fault, mean_of},
    line_words::typical,
    site::{Placed, Side},
    steady::Steady,
    unless_expected,
    words::{does, evidence, finding as told, since},
};
use crate::{
    asset::AssetId,
    case::{Case, CaseState},
    detectors::{fact, steps},
    finding::{Fact, Finding, FindingKind, Severity},
    input::Input,
    place::Place,
};
use beforehand_shared::{asset::AssetKind, ids::HostId};
use std::{cmp::Reverse, collections::BTreeMap};

/// Machines that are named with what they see.
const NAMED: usize = 8;

/// Whether people are told of a trouble without a place: it has been unclear for some rounds, and no place was told before.
pub(super) fn is_told(input: &Input, place: &Placed, steady: &Steady) -> bool {
    let line = AssetId::line(input.site.id);
    let mut told = places(input);
    let is_new = told.all(|(asset, place)| *asset != line && !place.is_inside());
    let is_open = || known(input) == Some(Place::Unknown);
    place.unclear.is_some() && (is_open() || (is_new && steady.stays_unclear()))
}

/// Where the open tickets about connections say that the fault is.
fn places(input: &Input) -> impl Iterator<Item = (&AssetId, Place)> {
    let is_told = |case: &&Case| case.kind == FindingKind::LinkFault && case.state == CaseState::Open;
    let told = input.cases.iter().filter(is_told).filter(|case| case.severity >= Severity::Soon);
    told.filter_map(|case| Some((&case.asset, Place::of(&case.latest.evidence)?)))
}

/// The same of the line of all.
fn known(input: &Input) -> Option<Place> {
    let line = AssetId::line(input.site.id);
    places(input).find(|(asset, _)| **asset == line).map(|(_, place)| place)
}

pub(super) fn finding(
    input: &Input,
    line: AssetId,
    (hosts, place): (&BTreeMap<HostId, Paths>, &Placed),
) -> Option<Finding> {
    let sides = place.unclear.as_ref()?;
    let (path, fault, severity, began) = typical(hosts.values())?;
    let what = does(fault, &path.health, &since(input, began));
    let sentence = format!(
        "The internet connection of {} {what}. Where is not known yet: what its machines see does not agree, or is too \
         little.",
        input.site.name
    );
    let todo = steps([
        "Do people notice? Then look at router and modem: do both show a connection?",
        "Come back here: this ticket says where it is as soon as that is known.",
    ]);
    let mut evidence = evidence(input, path.asset, &path.health);
    evidence.facts.insert(0, Place::Unknown.fact());
    let named = sides.iter().filter_map(|(host, side)| of_machine(input, (*host, hosts.get(host)?), *side, fault));
    evidence.facts.extend(named.take(NAMED));
    Some(unless_expected(input, told(line, severity, sentence, todo, evidence), (fault, began)))
}

/// What one machine sees.
fn of_machine(input: &Input, (host, paths): (HostId, &Paths), side: Side, fault: Fault) -> Option<Fact> {
    let seen = match side {
        Side::Near => "bad as far as the gateway",
        Side::Beyond => "bad behind the gateway only",
        Side::Unsure => "bad, perhaps as far as the gateway",
        Side::Well => "well",
        Side::Silent => return None,
    };
    let figure = |paths: &[super::Path]| {
        let health = || paths.iter().map(|path| &path.health);
        match fault {
            Fault::Slow => mean_of(health().filter_map(|it| it.rtt_ms)).map(|ms| format!("{ms:.0} ms")),
            Fault::Lossy | Fault::Down => mean_of(health().map(|it| it.loss_pct)).map(|pct| format!("{pct:.0} % lost")),
        }
    };
    let (gateway, internet) = (figure(&paths.gateways), figure(&paths.anchors)?);
    let figures = gateway.map_or_else(
        || format!("{internet} to the internet, no gateway that answers"),
        |gateway| format!("{gateway} to the gateway, {internet} to the internet"),
    );
    let name = input.hosts.get(&host).map_or_else(|| host.to_string(), |host| host.name.clone());
    Some(fact(&name, format!("{seen}: {figures}")))
}

/// What the ticket of a site that was told without a place says once it is known to be inside the office: as the machines'
/// own findings do.
pub(super) fn inside(input: &Input, place: &Placed, findings: &[Finding]) -> Option<Finding> {
    known(input).filter(|known| matches!(known, Place::Unknown | Place::Machine) || known.is_inside())?;
    let is_common = place.near_place.is_some_and(Place::is_inside);
    let is_it = |found: &&Finding| {
        let is_link = found.asset.kind() == Some(AssetKind::Link) && found.severity >= Severity::Watch;
        is_link
            && Place::of(&found.evidence)
                .is_some_and(|at| if is_common { at.is_inside() } else { at == Place::Machine })
    };
    let worst = findings.iter().filter(is_it).max_by_key(|found| (found.severity, Reverse(&found.asset)));
    let worst = worst.filter(|_| !place.is_undecided && place.line.is_none())?;
    Some(Finding { asset: AssetId::line(input.site.id), ..worst.clone() })
}
