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
    link::LinkRole,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// After this long what is still unsure is left out.
const SETTLES: Millis = Millis::minutes(30);

/// Troubles that began so far apart are not one.
const APART: Millis = Millis::minutes(10);

/// What is common to the bad paths of a site.
#[derive(Debug, Default)]
pub(super) struct Placed {
    /// Machines whose way is bad as far as the gateway already, and what that comes to.
    near: BTreeSet<HostId>,
    pub near_place: Option<Place>,
    /// What is bad behind the gateway, for all other machines.
    pub line: Option<(Place, Trouble)>,
    /// Machines that have trouble behind the gateway, while others have not.
    lonely: BTreeSet<HostId>,
    /// The machines, or the parts of the way, do not agree yet.
    pub is_undecided: bool,
    /// What each machine sees, while they have trouble that none of the office is free of and that has no place.
    pub unclear: Option<BTreeMap<HostId, Side>>,
    /// Machines with too few targets to compare.
    few: BTreeSet<HostId>,
}

type Measured<'h, 'a> = BTreeMap<HostId, &'h Paths<'a>>;

pub(super) fn place(hosts: &BTreeMap<HostId, Paths>, now: Timestamp) -> Placed {
    let measured: Measured =
        hosts.iter().filter(|(_, paths)| !paths.anchors.is_empty()).map(|(host, paths)| (*host, paths)).collect();
    let few = measured.iter().filter(|(_, paths)| paths.anchors.len() < 2).map(|(host, _)| *host).collect();
    let mut affected: BTreeMap<HostId, Trouble> =
        measured.iter().filter_map(|(host, paths)| Some((*host, trouble(paths, now)?))).collect();
    let is_over = !affected.is_empty();
    affected.retain(|_, trouble| trouble.is_present());
    if affected.is_empty() {
        let is_undecided = is_over || measured.values().any(|paths| is_suspect(paths));
        return Placed { is_undecided, few, ..Placed::default() };
    }
    let (mut placed, office) = (Placed::default(), office(&measured));
    let kinds: BTreeSet<Fault> = affected.values().map(|trouble| trouble.kind).collect();
    // One machine that has long been slow says nothing of what others lose.
    for kind in kinds.into_iter().rev() {
        let sides = sides(kind, &measured, &affected);
        let settles = affected.values().any(|it| it.kind == kind && now.since(it.began) < SETTLES);
        if settles && sides.values().any(|side| *side == Side::Unsure) {
            let none_is_well = !sides.iter().any(|(host, side)| *side == Side::Well && office.contains(host));
            return Placed { is_undecided: true, few, unclear: none_is_well.then_some(sides), ..Placed::default() };
        }
        placed.add(&sides, (&measured, &office), now);
    }
    // What a laptop elsewhere reaches says nothing of the office's gateway.
    let compared: Measured = match placed.near.is_subset(&office) {
        true => measured.into_iter().filter(|(host, _)| office.contains(host)).collect(),
        false => measured,
    };
    placed.near_place = (!placed.near.is_empty()).then(|| near_place(&placed.near, &compared));
    Placed { few, ..placed }
}

/// The machines behind the gateway that most have; all where no gateway has most. A laptop at home has another one.
fn office(measured: &Measured) -> BTreeSet<HostId> {
    let mut behind: BTreeMap<&str, BTreeSet<HostId>> = BTreeMap::new();
    for (host, paths) in measured {
        for gateway in &paths.gateways {
            behind.entry(gateway.asset.key()).or_default().insert(*host);
        }
    }
    let mut sizes: Vec<usize> = behind.values().map(BTreeSet::len).collect();
    sizes.sort_unstable();
    let is_one_largest = sizes.len() > 1 && sizes[sizes.len() - 1] > sizes[sizes.len() - 2];
    let largest = behind.into_values().max_by_key(BTreeSet::len).filter(|_| is_one_largest);
    let Some(mut office) = largest else { return measured.keys().copied().collect() };
    // Who has no gateway that answers may be anywhere.
    office.extend(measured.iter().filter(|(_, paths)| paths.gateways.is_empty()).map(|(host, _)| *host));
    office
}

/// Where the way of one machine is bad.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    Well,
    /// As far as the gateway.
    Near,
    /// Behind the gateway only.
    Beyond,
    Unsure,
    /// Nothing of it says anything of this: neither that it is well nor that it is not.
    Silent,
}

/// Of each machine, as far as trouble of one kind goes.
fn sides(kind: Fault, measured: &Measured, affected: &BTreeMap<HostId, Trouble>) -> BTreeMap<HostId, Side> {
    let Some(others) = affected.values().find(|trouble| trouble.kind == kind) else { return BTreeMap::new() };
    measured.iter().map(|(host, paths)| (*host, side(paths, affected.get(host), others))).collect()
}

/// `own` is what the machine suffers from; one that does not seem to suffer from the others' trouble is compared with it.
fn side(paths: &Paths, own: Option<&Trouble>, others: &Trouble) -> Side {
    let before = |trouble: &Trouble| trouble.began.plus(APART) < others.began;
    let after = |trouble: &Trouble| others.began.plus(APART) < trouble.began;
    let trouble = match own {
        Some(own) if own.kind == others.kind => own,
        // Who was cut off already cannot tell.
        Some(own) if own.kind > others.kind && before(own) => return Side::Silent,
        Some(own) if own.kind > others.kind && !after(own) => own,
        _ => match others.at(&all(&paths.anchors)) {
            Share::Carries => others,
            // Of machines that share the work most ask seldom: one that just lost all has not had the time to say so twice.
            Share::Unsure if others.kind == Fault::Down && paths.has_just_lost_all() => return Side::Silent,
            Share::Unsure => return Side::Unsure,
            Share::Clean => return Side::Well,
            Share::Mute => return Side::Silent,
        },
    };
    if trouble.kind == Fault::Down && (paths.routeless || paths.is_unplugged() || paths.is_shut_in()) {
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

fn near_place(near: &BTreeSet<HostId>, measured: &Measured) -> Place {
    let every = |is: fn(&Paths) -> bool| near.iter().all(|host| measured.get(host).is_some_and(|paths| is(paths)));
    let cut_off = |paths: &Paths| paths.routeless || paths.is_unplugged();
    match (near.len(), measured.len()) {
        (1, 1) if every(cut_off) || every(|paths| paths.is_damaged()) => Place::Machine,
        // The cable holds, and nobody is there.
        (1, 1) if every(|paths| paths.has_no_neighbour()) => Place::Gateway,
        (1, 1) => Place::GatewayOrMachine,
        // All cables at once: what they are plugged into has no power.
        (near, all) if near == all && every(|paths| paths.is_unplugged()) => Place::LocalNetwork,
        // Nobody reaches anybody: it is what all are plugged into.
        (near, all) if near == all && every(|paths| paths.is_isolated()) => Place::LocalNetwork,
        (near, all) if near == all => Place::Gateway,
        (1, _) => Place::Machine,
        _ => Place::LocalNetwork,
    }
}

/// Access line and provider are told apart by the first router of the provider.
fn line(beyond: &Measured, now: Timestamp) -> Option<(Place, Trouble)> {
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

/// Whether the line does well by all machines that can tell.
pub(super) fn is_online(hosts: &BTreeMap<HostId, Paths>, placed: &Placed) -> bool {
    let tell = |(host, paths): &(&HostId, &Paths)| {
        !paths.anchors.is_empty() && !placed.near.contains(host) && !placed.lonely.contains(host)
    };
    let witnesses: Vec<&Paths> = hosts.iter().filter(tell).map(|(_, paths)| paths).collect();
    // A single target may have a fault of its own.
    let least = if witnesses.iter().any(|paths| paths.anchors.len() > 1) { 2 } else { 1 };
    let mut witnesses = witnesses.into_iter().filter(|paths| paths.anchors.len() >= least).peekable();
    witnesses.peek().is_some() && witnesses.all(does_well)
}

/// Most anchors are judged good.
pub(super) fn does_well(paths: &Paths) -> bool {
    let good = paths.anchors.iter().filter(|path| path.health.state == State::Good).count();
    3 * good >= 2 * paths.anchors.len()
}

impl Placed {
    /// Takes in what trouble of one kind shows; the worst kind comes first.
    fn add(
        &mut self,
        sides: &BTreeMap<HostId, Side>,
        (measured, office): (&Measured, &BTreeSet<HostId>),
        now: Timestamp,
    ) {
        let of = |side: Side| sides.iter().filter(move |(_, is)| **is == side).map(|(host, _)| *host);
        let in_office = |side: Side| of(side).any(|host| office.contains(&host));
        self.near.extend(of(Side::Near));
        // Only machines of the office can tell that its line is well, or that it is not.
        if in_office(Side::Well) || !in_office(Side::Beyond) {
            self.lonely.extend(of(Side::Beyond));
        } else if self.line.is_none() {
            let beyond: Measured = of(Side::Beyond).map(|host| (host, measured[&host])).collect();
            self.line = line(&beyond, now);
            self.lonely.retain(|host| !beyond.contains_key(host));
        }
    }

    /// Whether a bad path belongs to a common fault.
    pub(super) fn shares(&self, path: &Path, host: HostId) -> bool {
        self.near.contains(&host) || (self.line.is_some() && path.role != LinkRole::Gateway)
    }

    /// Machines that do not get to the gateway.
    pub(super) const fn near(&self) -> &BTreeSet<HostId> {
        &self.near
    }

    /// Whether a machine has trouble behind the gateway that others have not.
    pub(super) fn is_lonely(&self, host: HostId) -> bool {
        self.lonely.contains(&host)
    }

    /// How far a path that is bad alone may go: a note, unless nothing can be compared with it.
    pub(super) fn cap(&self, host: HostId) -> Severity {
        if self.few.contains(&host) { Severity::Soon } else { Severity::Watch }
    }
}

impl Paths<'_> {
    /// Neighbours that used to answer are silent together with the gateway.
    pub(super) fn is_isolated(&self) -> bool {
        self.neighbours.len() > 1 && self.neighbours.iter().all(|path| path.health.lost_rounds >= 2)
    }

    /// Where no gateway answers pings, what else is near has to tell: neither its neighbours nor its hardware address.
    fn is_shut_in(&self) -> bool {
        self.gateways.is_empty() && (self.is_isolated() || self.has_no_neighbour())
    }

    /// Of two thirds of the anchors the latest round was lost, and no earlier one, as they are asked seldom.
    fn has_just_lost_all(&self) -> bool {
        let lost = self.anchors.iter().filter(|path| path.health.lost_rounds == 1 && path.health.takes_turns());
        3 * lost.count() >= 2 * self.anchors.len()
    }

    /// Whoever answers now and then is there: the question was lost, or its answer.
    fn has_no_neighbour(&self) -> bool {
        let is_silent = self.gateways.iter().all(|path| path.health.lost_rounds >= 2);
        is_silent && self.wire.as_ref().is_some_and(|wire| wire.facts.gateway_known == Some(false))
    }
}
