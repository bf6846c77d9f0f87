//! Where a fault lies, by what all machines of a site see: the part nearest to them that explains
//! all of it, as in Duffield's smallest consistent failure set (IEEE Trans. Inf. Theory, 2006).

use super::{Path, Paths, health::State};
use crate::{asset::AssetId, finding::Severity};
use beforehand_shared::{ids::HostId, link::LinkRole};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Where {
    /// No part is bad for all; some machines have too few targets to compare.
    Nowhere {
        few: BTreeSet<HostId>,
    },
    /// The machines do not agree yet.
    Undecided,
    /// The gateway of the whole site; the case is kept on this asset.
    Gateway(AssetId),
    /// As there, seen by one machine alone: it may be that machine.
    GatewayOrMachine(AssetId),
    /// Some machines do not reach their gateway; others do.
    Machines(BTreeSet<HostId>),
    Line,
}

pub(super) fn place(hosts: &BTreeMap<HostId, Paths>) -> Where {
    let measured = |paths: &&Paths| !paths.anchors.is_empty();
    let offline: BTreeSet<HostId> =
        hosts.iter().filter(|(_, paths)| measured(paths) && is_offline(paths)).map(|(host, _)| *host).collect();
    let without_gateway: BTreeSet<HostId> = hosts
        .iter()
        .filter(|(host, paths)| offline.contains(host) && gateway_is_bad(paths))
        .map(|(host, _)| *host)
        .collect();
    let all = hosts.values().filter(measured).count();
    let fine = hosts.values().filter(measured).filter(|paths| seems_online(paths)).count();
    let suspect = hosts.values().any(|paths| is_suspect(paths));
    let undecided = offline.len() + fine < all && suspect;
    if offline.len() < all && undecided {
        return Where::Undecided;
    }
    if without_gateway.is_empty() {
        let whole_line = !offline.is_empty() && offline.len() == all;
        return if whole_line { Where::Line } else { Where::Nowhere { few: with_few_anchors(hosts) } };
    }
    let gateways = hosts.values().flat_map(|paths| &paths.gateways).filter(|path| path.health.is_bad());
    match gateways.map(|path| path.asset).min() {
        Some(asset) if all == 1 && !hosts.values().any(|paths| paths.routeless) => {
            Where::GatewayOrMachine(asset.clone())
        }
        Some(asset) if all > 1 && without_gateway.len() == all => Where::Gateway(asset.clone()),
        _ => Where::Machines(without_gateway),
    }
}

fn with_few_anchors(hosts: &BTreeMap<HostId, Paths>) -> BTreeSet<HostId> {
    hosts.iter().filter(|(_, paths)| paths.anchors.len() < 2).map(|(host, _)| *host).collect()
}

/// Two thirds of several anchors are bad or may be.
pub(super) fn is_suspect(paths: &Paths) -> bool {
    let suspect = paths.anchors.iter().filter(|path| path.health.is_suspect()).count();
    paths.anchors.len() >= 2 && 3 * suspect >= 2 * paths.anchors.len()
}

/// All other anchors lose something too, if not enough to be bad yet: then it is not that one target.
pub(super) fn others_lose(paths: &Paths, path: &Path) -> bool {
    let mut others = paths.anchors.iter().filter(|other| other.asset != path.asset).peekable();
    others.peek().is_some() && others.all(|other| other.health.loss_pct > 0.0)
}

/// Two thirds of the anchors are bad; with a single one nobody knows whose fault it is.
fn is_offline(paths: &Paths) -> bool {
    let bad = paths.anchors.iter().filter(|path| path.health.is_bad()).count();
    let all_but_one_known = paths.anchors.len() >= 2 || gateway_is_bad(paths);
    all_but_one_known && 3 * bad >= 2 * paths.anchors.len() && bad > 0
}

fn gateway_is_bad(paths: &Paths) -> bool {
    // What was silent while others still answered through it is no witness of what came later.
    let behind = paths.anchors.iter().map(|path| path.health.lost_rounds).max().unwrap_or_default();
    let is_witness = |path: &Path| path.health.lost_rounds < behind + 2;
    let bad = |path: &Path| path.health.is_bad() && is_witness(path);
    paths.routeless || !paths.gateways.is_empty() && paths.gateways.iter().all(bad)
}

/// Most anchors answered the latest round.
fn seems_online(paths: &Paths) -> bool {
    let clean = paths.anchors.iter().filter(|path| path.health.clean_now && !path.health.is_bad()).count();
    3 * clean >= 2 * paths.anchors.len()
}

/// Most anchors are judged good.
pub(super) fn is_online(paths: &Paths) -> bool {
    let good = paths.anchors.iter().filter(|path| path.health.state == State::Good).count();
    3 * good >= 2 * paths.anchors.len()
}

impl Where {
    /// Whether a bad path belongs to the common fault.
    pub(super) fn shares(&self, path: &Path, host: HostId) -> bool {
        match (self, path.role) {
            (Self::Gateway(_) | Self::GatewayOrMachine(_), _) | (Self::Line, LinkRole::Anchor) => true,
            (Self::Machines(hosts), _) => hosts.contains(&host),
            _ => false,
        }
    }

    pub(super) const fn is_undecided(&self) -> bool {
        matches!(self, Self::Undecided)
    }

    /// How far a path that is bad alone may go: a note, unless nothing can be compared with it.
    pub(super) fn cap(&self, host: HostId) -> Severity {
        match self {
            Self::Nowhere { few } if few.contains(&host) => Severity::Soon,
            _ => Severity::Watch,
        }
    }
}
