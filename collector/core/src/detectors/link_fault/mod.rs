//! Connections that are down, lossy or slow: every path by itself, then the site as a whole.
//!
//! A path that is bad alone says little: [`site`] asks the other targets and the other machines
//! first. What several share gets one finding; what only one target shows is a note.

mod drift;
mod health;
mod line_words;
mod load;
mod pace;
mod services;
mod share;
mod site;
mod steady;
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
use beforehand_shared::{ids::HostId, interface::Interface, link::LinkRole, observation::Observation, time::Millis};
use health::{Fault, Health, State};
use share::Trouble;
use site::Placed;
use std::collections::BTreeMap;
use steady::Steady;

pub(super) struct LinkFault;

impl Detector for LinkFault {
    fn kind(&self) -> FindingKind {
        FindingKind::LinkFault
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let hosts = paths(input);
        let place = site::place(&hosts, input.now);
        let steady = Steady::new(input, &place);
        let mut findings: Vec<Finding> = hosts
            .iter()
            .flat_map(|(host, paths)| paths.all().map(move |path| (*host, paths, path)))
            .filter_map(|(host, paths, path)| of_path(input, (host, paths), path, (&place, &steady)))
            .collect();
        findings.extend(of_line(input, &hosts, (&place, &steady)));
        findings.extend(services::findings(input));
        findings.extend(drift::finding(input));
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

/// By which a machine is on the network.
struct Wire<'a> {
    facts: &'a Interface,
    /// Damaged frames of the last minutes.
    errors: f64,
}

/// The paths of one host.
#[derive(Default)]
struct Paths<'a> {
    gateways: Vec<Path<'a>>,
    /// First routers of the provider.
    hops: Vec<Path<'a>>,
    anchors: Vec<Path<'a>>,
    wire: Option<Wire<'a>>,
    /// It had a gateway and has none any more, while it goes on asking the anchors.
    routeless: bool,
}

impl<'a> Paths<'a> {
    fn all(&self) -> impl Iterator<Item = &Path<'a>> {
        self.gateways.iter().chain(&self.hops).chain(&self.anchors)
    }
}

fn paths(input: &Input) -> BTreeMap<HostId, Paths<'_>> {
    let mut hosts: BTreeMap<HostId, Paths> = BTreeMap::new();
    for (asset, view, role) in links(input) {
        let (Some(host), Some(health)) = (asset.host(), health::of(input, asset, view, role)) else { continue };
        let paths = hosts.entry(host).or_default();
        let list = match role {
            LinkRole::Gateway => &mut paths.gateways,
            LinkRole::Access => &mut paths.hops,
            LinkRole::Anchor | LinkRole::Other => &mut paths.anchors,
        };
        list.push(Path { asset, role, health });
    }
    for (host, paths) in &mut hosts {
        paths.routeless = is_routeless(input, *host);
        paths.wire = wire(input, *host);
    }
    hosts
}

/// The interface that a machine said something of last, within the last minutes.
fn wire(input: &Input, host: HostId) -> Option<Wire<'_>> {
    let own = input.assets.iter().filter_map(|(asset, view)| match &view.facts {
        Observation::Interface(facts) if asset.host() == Some(host) => Some((view, facts)),
        _ => None,
    });
    let (view, facts) = own.max_by_key(|(view, _)| view.seen_at)?;
    let lately = input.now.minus(LATELY);
    let errors =
        view.series.get(&Metric::FrameErrors).map_or(0.0, |it| it.since(lately).iter().map(|it| it.value).sum());
    (view.seen_at >= lately).then_some(Wire { facts, errors })
}

/// What an interface said longer ago says nothing of now.
const LATELY: Millis = Millis::minutes(10);

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

fn of_path(
    input: &Input,
    (host, paths): (HostId, &Paths),
    path: &Path,
    (place, steady): (&Placed, &Steady),
) -> Option<Finding> {
    let shares = place.shares(path, host);
    if paths.routeless && path.role == LinkRole::Gateway && shares {
        return Some(words::routeless(input, path));
    }
    let fault = match &path.health.state {
        State::Good => {
            return healthy(input, path.asset, FindingKind::LinkFault, || {
                format!("{} answers as usual again.", input.name_of(path.asset))
            });
        }
        State::Unsure => return None,
        State::Bad(fault) => *fault,
    };
    let known = input.case_on(path.asset, FindingKind::LinkFault).is_some();
    match (shares, path.role) {
        (true, LinkRole::Gateway) => Some(words::gateway(input, (path, paths), fault, steady.near(path.asset))),
        (true, _) if path.health.severity > Severity::Watch || known => {
            Some(words::part(input, path, fault, path.health.severity))
        }
        (true, _) => None,
        // A router that answers no pings but passes everything on is no fault.
        (false, LinkRole::Gateway | LinkRole::Access) => None,
        (false, _) if place.is_undecided => None,
        (false, _) if place.is_lonely(host) => Some(words::lonely(input, path, fault)),
        // Most of its targets may be bad, and not enough to say where.
        (false, _) if site::is_suspect(paths) || !site::is_alone(paths, path, input.now) => None,
        (false, _) => Some(words::alone(input, path, fault, place.cap(host))),
    }
}

fn of_line(input: &Input, hosts: &BTreeMap<HostId, Paths>, (place, steady): (&Placed, &Steady)) -> Option<Finding> {
    let line = AssetId::line(input.site.id);
    if let Some((part, trouble)) = &place.line {
        let load = load::of(input, *part, trouble);
        let part = steady.line(&line, if load.is_some() { Place::OwnTraffic } else { *part });
        let finding = line_words::line(input, line, (hosts, place), (part, load))?;
        return Some(unless_expected(input, finding, trouble));
    }
    if !site::is_online(hosts, place) {
        return None;
    }
    healthy(input, &line, FindingKind::LinkFault, || {
        format!("The internet line of {} works as usual again.", input.site.name)
    })
}

/// A note while it is what happens at this hour of the night.
fn unless_expected(input: &Input, mut finding: Finding, trouble: &Trouble) -> Finding {
    let kind = if trouble.kind == Fault::Slow { Kind::Slow } else { Kind::Out };
    let expected = Expected::of(input, kind, trouble.began);
    let lasts = input.now.since(trouble.began);
    if let Some(expected) = expected.filter(|it| finding.severity > Severity::Watch && it.covers(lasts)) {
        finding.severity = Severity::Watch;
        finding.sentence = format!("{} {}", finding.sentence, expected.sentence());
        finding.steps.clear();
        finding.evidence.facts.push(expected.fact());
    }
    finding
}
