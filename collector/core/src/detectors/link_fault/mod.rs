//! Connections that are down, lossy or slow: every path by itself, then the site as a whole.
//!
//! A path that is bad alone says little: [`site`] asks the other targets and the other machines
//! first. What several share gets one finding; what only one target shows is a note.

mod away;
mod drift;
mod health;
mod line_words;
mod load;
mod near_words;
mod pace;
mod services;
mod share;
mod site;
mod slow_service;
mod steady;
mod unclear;
mod v6;
mod wire;
mod words;

use super::{Detector, healthy};
use crate::{
    asset::AssetId,
    expected::{Expected, Kind},
    finding::{Finding, FindingKind, Severity},
    input::{AssetView, Input},
    place::Place,
    series::Metric,
};
use beforehand_shared::{
    ids::HostId,
    link::LinkRole,
    observation::Observation,
    time::{Millis, Timestamp},
};
use health::{Fault, Health, State};
use near_words::Near;
pub(crate) use services::out_from as service_out_from;
use site::Placed;
use std::{collections::BTreeMap, net::Ipv6Addr};
use steady::Steady;
use wire::Wire;

/// Of a request to a web address: names, connection, encryption, question and answer, some of them twice.
const ROUND_TRIPS: f64 = 10.0;

pub(super) struct LinkFault;

impl Detector for LinkFault {
    fn kind(&self) -> FindingKind {
        FindingKind::LinkFault
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let (away, hosts) = away_and_here(input);
        let place = site::place(&hosts, input.now);
        let steady = Steady::new(input, &place);
        let line = of_line(input, &hosts, (&place, &steady));
        let radio = near_words::radio_of(&hosts, place.near());
        let common = Common { place: &place, steady: &steady, line: line.as_ref().map(|line| line.severity), radio };
        let mut findings: Vec<Finding> = hosts
            .iter()
            .flat_map(|(host, paths)| paths.all().map(move |path| (*host, paths, path)))
            .filter_map(|(host, paths, path)| of_path(input, (host, paths), path, &common))
            .collect();
        findings.extend(unclear::inside(input, &place, &findings).or(line));
        findings.extend(away::findings(input, &away));
        findings.extend(v6::finding_of(input, &hosts, &place));
        findings.extend(drift::finding(input));
        // Where most of what a machine asks may be bad, its services wait until it is known what they hang on.
        let waits = |host: HostId| match away.get(&host) {
            Some(paths) => site::is_suspect(paths),
            None => place.is_undecided && hosts.get(&host).is_some_and(site::is_suspect),
        };
        let delay = |host: HostId| hosts.get(&host).or_else(|| away.get(&host)).map_or(0.0, delay);
        findings.extend(services::findings(input, &services::Ways { waits, delay }));
        findings
    }
}

/// Fresh paths to public addresses.
pub(crate) fn anchors(input: &Input) -> impl Iterator<Item = (&AssetId, &AssetView)> {
    links(input).filter(|(_, _, role)| *role == LinkRole::Anchor).map(|(asset, view, _)| (asset, view))
}

fn links(input: &Input) -> impl Iterator<Item = (&AssetId, &AssetView, LinkRole)> {
    input.assets.iter().filter_map(|(asset, view)| match &view.facts {
        Observation::Link(link) if link.role != LinkRole::Other && view.is_fresh(&Metric::LossPct, input.now) => {
            Some((asset, view, link.role))
        }
        _ => None,
    })
}

struct Path<'a> {
    asset: &'a AssetId,
    role: LinkRole,
    health: Health<'a>,
}

/// The paths of one host.
#[derive(Default)]
struct Paths<'a> {
    gateways: Vec<Path<'a>>,
    /// First routers of the provider.
    hops: Vec<Path<'a>>,
    anchors: Vec<Path<'a>>,
    /// Public addresses of IPv6, which say nothing of IPv4.
    v6: Vec<Path<'a>>,
    /// Other machines of the office.
    neighbours: Vec<Path<'a>>,
    wire: Option<Wire<'a>>,
    /// It had a gateway and has none any more, while it goes on asking the anchors.
    routeless: bool,
}

impl<'a> Paths<'a> {
    fn all(&self) -> impl Iterator<Item = &Path<'a>> {
        self.gateways.iter().chain(&self.hops).chain(&self.anchors)
    }
}

/// Milliseconds by which an answer may come later because of a machine's way: all of them where most of its way may be bad,
/// and else what its slow paths take longer, for each of the round trips of a request.
fn delay(paths: &Paths) -> f64 {
    if site::is_suspect(paths) {
        return f64::INFINITY;
    }
    let slow = paths.all().filter(|path| matches!(path.health.state, State::Bad(Fault::Slow)));
    let longer = slow.filter_map(|path| Some(path.health.rtt_ms? - path.health.usual_ms?));
    ROUND_TRIPS * longer.fold(0.0, f64::max)
}

/// The paths of machines that are elsewhere, and those of all others.
fn away_and_here(input: &Input) -> (BTreeMap<HostId, Paths<'_>>, BTreeMap<HostId, Paths<'_>>) {
    let away = away::machines(input);
    paths(input).into_iter().partition(|(host, _)| away.contains(host))
}

fn paths(input: &Input) -> BTreeMap<HostId, Paths<'_>> {
    let mut hosts: BTreeMap<HostId, Paths> = BTreeMap::new();
    for (asset, view, role) in links(input) {
        let (Some(host), Some(health)) = (asset.host(), health::of(input, asset, view, role)) else { continue };
        // How the line was came over the line that it says is dead.
        if input.has_waited(host) {
            continue;
        }
        let paths = hosts.entry(host).or_default();
        let list = match role {
            LinkRole::Gateway => &mut paths.gateways,
            LinkRole::Access => &mut paths.hops,
            LinkRole::Neighbour => &mut paths.neighbours,
            LinkRole::Anchor if is_v6(asset) => &mut paths.v6,
            LinkRole::Anchor | LinkRole::Other => &mut paths.anchors,
        };
        list.push(Path { asset, role, health });
    }
    for (host, paths) in &mut hosts {
        paths.routeless = is_routeless(input, *host);
        paths.wire = Wire::of(input, *host);
        // Where nothing of IPv4 ever answered, IPv6 is the line.
        if paths.anchors.is_empty() {
            paths.anchors = std::mem::take(&mut paths.v6);
        }
    }
    hosts
}

/// The key of a path is the address that is pinged.
pub(crate) fn is_v6(asset: &AssetId) -> bool {
    asset.key().parse::<Ipv6Addr>().is_ok()
}

/// A machine without a route has no gateway to ask. One round may miss it; two do not.
fn is_routeless(input: &Input, host: HostId) -> bool {
    let latest = |role: LinkRole| {
        let own = input.assets.iter().filter(move |(asset, view)| {
            asset.host() == Some(host) && matches!(&view.facts, Observation::Link(link) if link.role == role)
        });
        let series = own.filter_map(|(_, view)| view.series.get(&Metric::LossPct));
        series.filter_map(|series| Some((series.last()?.at, series.spacing()))).max()
    };
    let (Some((gateway, _)), Some((anchor, spacing))) = (latest(LinkRole::Gateway), latest(LinkRole::Anchor)) else {
        return false;
    };
    let behind = anchor.since(gateway);
    // One that is not asked for longer was switched off in the settings.
    2 * behind.0 >= 3 * spacing.0 && behind < Millis::DAY
}

/// What a path is judged beside.
struct Common<'a> {
    place: &'a Placed,
    steady: &'a Steady<'a>,
    /// How urgent the line of all is.
    line: Option<Severity>,
    /// The access point of those who do not get to the gateway.
    radio: Option<&'a str>,
}

fn of_path(input: &Input, (host, paths): (HostId, &Paths), path: &Path, common: &Common) -> Option<Finding> {
    let Common { place, steady, line, radio } = common;
    let shares = place.shares(path, host);
    if paths.routeless && path.role == LinkRole::Gateway && shares {
        return Some(words::routeless(input, path));
    }
    let fault = match &path.health.state {
        State::Good => {
            return healthy(input, path.asset, FindingKind::LinkFault, || words::well_again(input, path));
        }
        State::Unsure => return None,
        State::Bad(fault) => *fault,
    };
    let known = input.case_on(path.asset, FindingKind::LinkFault).is_some();
    match (shares, path.role) {
        (true, LinkRole::Gateway) => {
            let near = Near::new(steady.near(path.asset), *radio);
            Some(near_words::gateway(input, (path, paths), fault, near))
        }
        // Nobody answers for the gateway that it lost: the first of what it does not reach tells of all.
        (true, _) if paths.gateways.is_empty() && place.near().contains(&host) => {
            let first = paths.anchors.iter().find(|path| path.health.is_bad());
            let is_first = first.is_some_and(|first| first.asset == path.asset);
            let cut_off = is_first.then(|| words::cut_off(input, path, fault, place.near_place));
            cut_off.or_else(|| known.then(|| words::part(input, path, fault, Severity::Watch)))
        }
        (true, _) if path.health.severity > Severity::Watch || known => {
            // The middle path says how urgent the line is; one that is worse is no reason to call twice.
            let most = line.filter(|_| !place.near().contains(&host)).unwrap_or(Severity::Act);
            Some(words::part(input, path, fault, path.health.severity.min(most)))
        }
        (true, _) => None,
        // A router that answers no pings but passes everything on is no fault.
        (false, LinkRole::Gateway | LinkRole::Access) => None,
        (false, _) if place.is_undecided => None,
        (false, _) if place.is_lonely(host) => Some(words::lonely(input, (path, paths), fault)),
        // Most of its targets may be bad, and not enough to say where.
        (false, _) if site::is_suspect(paths) || !site::is_alone(paths, path, input.now) => None,
        (false, _) => Some(words::alone(input, path, fault, place.cap(host))),
    }
}

fn of_line(input: &Input, hosts: &BTreeMap<HostId, Paths>, (place, steady): (&Placed, &Steady)) -> Option<Finding> {
    let line = AssetId::line(input.site.id);
    if let Some((part, trouble)) = &place.line {
        let load = load::of(input, *part, trouble);
        let others = if load.is_some() { 0 } else { input.elsewhere.lines_at(trouble.began) };
        let part = match steady.line(&line, if load.is_some() { Place::OwnTraffic } else { *part }) {
            // Lines of several offices do not fail by themselves at once.
            Place::AccessLine | Place::Line if others > 0 => Place::Provider,
            part => part,
        };
        let finding = line_words::line(input, line, (hosts, place), (part, load, others))?;
        return Some(unless_expected(input, finding, (trouble.kind, trouble.began)));
    }
    if unclear::is_told(input, place, steady) {
        return unclear::finding(input, line, (hosts, place));
    }
    if !site::is_online(hosts, place) {
        return None;
    }
    healthy(input, &line, FindingKind::LinkFault, || line_words::well_again(input, &line, hosts))
}

/// A note while it is what happens at this hour of the night.
fn unless_expected(input: &Input, mut finding: Finding, (fault, began): (Fault, Timestamp)) -> Finding {
    let kind = if fault == Fault::Slow { Kind::Slow } else { Kind::Out };
    let expected = Expected::of(input, kind, began);
    let lasts = input.now.since(began);
    if let Some(expected) = expected.filter(|it| finding.severity > Severity::Watch && it.covers(lasts)) {
        finding.severity = Severity::Watch;
        finding.sentence = format!("{} {}", finding.sentence, expected.sentence());
        finding.steps.clear();
        finding.evidence.facts.push(expected.fact());
    }
    finding
}
