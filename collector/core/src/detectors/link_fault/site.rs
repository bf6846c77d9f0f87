//! Where a fault lies, by what all machines of a site see: the part nearest to them that explains all of it, as in
//! Duffield's smallest consistent failure set (IEEE Trans. Inf. Theory, 2006).

use super::{
    Path, Paths,
    health::{Fault, State},
    share::{Share, Trouble},
};
use crate::{finding::Severity, place::Place};
use beforehand_shared::{
    ids::HostId,
    interface::InterfaceState,
    link::LinkRole,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// After this long what is still unsure is left out.
const SETTLES: Millis = Millis::minutes(30);

/// What is common to the bad paths of a site.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// Machines whose way is bad as far as the gateway already, and what that comes to.
    near: BTreeSet<HostId>,
    pub near_place: Option<Place>,
    /// What is bad behind the gateway, for all other machines.
    pub line: Option<(Place, Trouble)>,
    /// Machines that reach nothing behind the gateway, while others do.
    lonely: BTreeSet<HostId>,
    /// The machines, or the parts of the way, do not agree yet.
    pub is_undecided: bool,
    /// Machines with too few targets to compare.
    few: BTreeSet<HostId>,
}

pub(super) fn place(hosts: &BTreeMap<HostId, Paths>, now: Timestamp) -> Placed {
    let measured: BTreeMap<HostId, &Paths> =
        hosts.iter().filter(|(_, paths)| !paths.anchors.is_empty()).map(|(host, paths)| (*host, paths)).collect();
    let few = measured.iter().filter(|(_, paths)| paths.anchors.len() < 2).map(|(host, _)| *host).collect();
    let mut affected: BTreeMap<HostId, Trouble> =
        measured.iter().filter_map(|(host, paths)| Some((*host, trouble(paths, now)?))).collect();
    let is_over = !affected.is_empty();
    affected.retain(|_, trouble| trouble.is_present());
    let Some(mildest) = affected.values().min_by_key(|trouble| trouble.kind).copied() else {
        let is_undecided = is_over || measured.values().any(|paths| is_suspect(paths));
        return Placed { is_undecided, few, ..Placed::default() };
    };
    let settles = affected.values().all(|trouble| now.since(trouble.began) < SETTLES);
    let sides = measured.iter().map(|(host, paths)| (*host, side(paths, affected.get(host), &mildest)));
    let sides: BTreeMap<HostId, Side> = sides.collect();
    let of = |side: Side| sides.iter().filter(move |(_, is)| **is == side).map(|(host, _)| *host);
    if settles && of(Side::Unsure).next().is_some() {
        return Placed { is_undecided: true, few, ..Placed::default() };
    }
    let near: BTreeSet<HostId> = of(Side::Near).collect();
    let beyond: BTreeMap<HostId, &Paths> = of(Side::Beyond).map(|host| (host, measured[&host])).collect();
    let near_place = (!near.is_empty()).then(|| near_place(&near, &measured));
    let others_do = of(Side::Well).next().is_some();
    let line = if others_do { None } else { line(&beyond, now) };
    let lonely = if others_do { beyond.into_keys().collect() } else { BTreeSet::new() };
    Placed { near, near_place, line, lonely, is_undecided: false, few }
}

/// Where the way of one machine is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Well,
    /// As far as the gateway.
    Near,
    /// Behind the gateway only.
    Beyond,
    Unsure,
}

/// `own` is what the machine suffers from; one that does not seem to is compared with the others' trouble.
fn side(paths: &Paths, own: Option<&Trouble>, others: &Trouble) -> Side {
    let trouble = match (own, others.at(&all(&paths.anchors))) {
        (Some(own), _) => own,
        (None, Share::Carries) => others,
        (None, Share::Unsure) => return Side::Unsure,
        (None, Share::Clean | Share::Mute) => return Side::Well,
    };
    if trouble.kind == Fault::Down && (paths.routeless || paths.is_unplugged()) {
        return Side::Near;
    }
    match trouble.at(&all(&paths.gateways)) {
        Share::Carries => Side::Near,
        Share::Clean | Share::Mute => Side::Beyond,
        Share::Unsure => Side::Unsure,
    }
}

fn all<'p, 'a>(paths: &'p [Path<'a>]) -> Vec<&'p Path<'a>> {
    paths.iter().collect()
}

/// Two thirds of the anchors are bad; with a single one nobody knows whose fault it is, unless something nearer is bad.
fn trouble(paths: &Paths, now: Timestamp) -> Option<Trouble> {
    let bad: Vec<&Path> = paths.anchors.iter().filter(|path| path.health.is_bad()).collect();
    let nearer = paths.gateways.iter().chain(&paths.hops).any(|path| path.health.is_bad());
    let is_common = paths.anchors.len() >= 2 || nearer || paths.routeless;
    Trouble::of(&bad, now).filter(|_| is_common && 3 * bad.len() >= 2 * paths.anchors.len())
}

fn near_place(near: &BTreeSet<HostId>, measured: &BTreeMap<HostId, &Paths>) -> Place {
    let every = |is: fn(&Paths) -> bool| near.iter().all(|host| measured.get(host).is_some_and(|paths| is(paths)));
    let cut_off = |paths: &Paths| paths.routeless || paths.is_unplugged();
    match (near.len(), measured.len()) {
        (1, 1) if every(cut_off) || every(|paths| paths.is_damaged()) => Place::Machine,
        // The cable holds, and nobody is there.
        (1, 1) if every(|paths| paths.has_no_neighbour()) => Place::Gateway,
        (1, 1) => Place::GatewayOrMachine,
        // All cables at once: what they are plugged into has no power.
        (near, all) if near == all && every(|paths| paths.is_unplugged()) => Place::LocalNetwork,
        (near, all) if near == all => Place::Gateway,
        (1, _) => Place::Machine,
        _ => Place::LocalNetwork,
    }
}

/// Access line and provider are told apart by the first router of the provider.
fn line(beyond: &BTreeMap<HostId, &Paths>, now: Timestamp) -> Option<(Place, Trouble)> {
    let anchors = || beyond.values().flat_map(|paths| &paths.anchors);
    let bad: Vec<&Path> = anchors().filter(|path| path.health.is_bad()).collect();
    let trouble = Trouble::of(&bad, now)?;
    let hops: Vec<&Path> = beyond.values().flat_map(|paths| &paths.hops).collect();
    let place = match trouble.at(&hops) {
        Share::Carries => Place::AccessLine,
        Share::Clean => Place::Provider,
        Share::Unsure | Share::Mute => Place::Line,
    };
    Some((place, trouble))
}

/// Two thirds of several anchors are bad or may be.
pub(super) fn is_suspect(paths: &Paths) -> bool {
    let suspect = paths.anchors.iter().filter(|path| path.health.is_suspect()).count();
    paths.anchors.len() >= 2 && 3 * suspect >= 2 * paths.anchors.len()
}

/// Whether all others of its kind do well: then it is that one target. What they show a little of, too, is not.
pub(super) fn is_alone(paths: &Paths, path: &Path, now: Timestamp) -> bool {
    let others: Vec<&Path> = paths.anchors.iter().filter(|other| other.asset != path.asset).collect();
    let share = Trouble::of(&[path], now).map(|trouble| trouble.at(&others));
    matches!(share, Some(Share::Clean | Share::Mute))
}

/// Most anchors are judged good.
pub(super) fn is_online(paths: &Paths) -> bool {
    let good = paths.anchors.iter().filter(|path| path.health.state == State::Good).count();
    3 * good >= 2 * paths.anchors.len()
}

impl Placed {
    /// Whether a bad path belongs to a common fault.
    pub(super) fn shares(&self, path: &Path, host: HostId) -> bool {
        self.near.contains(&host) || (self.line.is_some() && path.role != LinkRole::Gateway)
    }

    /// Machines that do not get to the gateway.
    pub(super) const fn near(&self) -> &BTreeSet<HostId> {
        &self.near
    }

    /// Whether a machine alone reaches nothing behind the gateway.
    pub(super) fn is_lonely(&self, host: HostId) -> bool {
        self.lonely.contains(&host)
    }

    /// How far a path that is bad alone may go: a note, unless nothing can be compared with it.
    pub(super) fn cap(&self, host: HostId) -> Severity {
        if self.few.contains(&host) { Severity::Soon } else { Severity::Watch }
    }
}

/// Damaged frames within ten minutes that are no accident.
const DAMAGED: f64 = 10.0;
/// Radio signals below this in dBm lose packets.
const WEAK_DBM: i32 = -75;

impl Paths<'_> {
    /// Nothing at the other end of its cable, no radio network, or its network is switched off.
    pub(super) fn is_unplugged(&self) -> bool {
        let state = self.wire.as_ref().map(|wire| wire.facts.state);
        matches!(state, Some(InterfaceState::NoCarrier | InterfaceState::Off))
    }

    fn is_damaged(&self) -> bool {
        let is_weak = |dbm: i32| dbm < WEAK_DBM;
        self.wire.as_ref().is_some_and(|it| it.errors >= DAMAGED || it.facts.signal_dbm.is_some_and(is_weak))
    }

    fn has_no_neighbour(&self) -> bool {
        // Whoever answers now and then is there: the question was lost, or its answer.
        let is_silent = self.gateways.iter().all(|path| path.health.lost_rounds >= 2);
        is_silent && self.wire.as_ref().is_some_and(|wire| wire.facts.gateway_known == Some(false))
    }
}
