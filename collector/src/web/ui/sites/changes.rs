//! What changed in the connections of the machines: often the reason of a fault, and never a reason to call.

use super::gather::Known;
use crate::web::ui::show::Present;
use beforehand_core::{
    network::change::{Change, What},
    site_view::{self, Traced},
};
use beforehand_shared::{
    route::{Occasion, Route},
    time::{Millis, Timestamp},
};
use beforehand_statement::words::count;
use beforehand_store::ChangeRow;

/// Changes that are read of a month, and lines that are shown.
pub(super) const READ: u32 = 400;
const SHOWN: usize = 30;
/// Machines that notice the same within this noticed one thing.
const TOGETHER: Millis = Millis::hours(3);

pub(super) struct ChangeLine {
    pub(super) iso: String,
    pub(super) at: String,
    pub(super) what: &'static str,
    pub(super) before: String,
    pub(super) after: String,
    /// What happened in between.
    pub(super) times: String,
    pub(super) machines: String,
}

/// The same change as several machines noticed it.
struct Common<'a> {
    change: &'a Change,
    times: u32,
    machines: Vec<String>,
}

pub(super) fn lines(known: &Known, rows: &[ChangeRow], present: &Present) -> Vec<ChangeLine> {
    let mut all: Vec<Common> = Vec::new();
    for ChangeRow { change, times } in rows {
        let name = known.name(change.host);
        let same = |common: &&mut Common| is_same(common.change, change);
        match all.iter_mut().find(same) {
            Some(common) => common.machines.push(name),
            None => all.push(Common { change, times: *times, machines: vec![name] }),
        }
    }
    all.into_iter().take(SHOWN).map(|common| line(common, present)).collect()
}

/// The office's line and gateway are the same for all; everything else is each machine's own.
fn is_same(one: &Change, other: &Change) -> bool {
    let shared = matches!(one.what, What::PublicAddress | What::Gateway | What::Mtu);
    let apart = |a: Timestamp, b: Timestamp| Millis(a.since(b).0.abs());
    let alike = (one.what, &one.before, &one.after) == (other.what, &other.before, &other.after);
    shared && alike && apart(one.at, other.at) <= TOGETHER
}

fn line(common: Common, present: &Present) -> ChangeLine {
    let Common { change, times, mut machines } = common;
    machines.sort();
    machines.dedup();
    ChangeLine {
        iso: present.iso(change.at),
        at: present.at(change.at),
        what: change.what.name(),
        before: change.before.clone(),
        after: change.after.clone(),
        times: if times > 1 { format!("{times} times within the hour") } else { String::new() },
        machines: if machines.len() > 3 {
            count(machines.len() as u64, "machine", "machines")
        } else {
            machines.join(", ")
        },
    }
}

/// Traces that the page lists.
const TRACES: usize = 40;

pub(super) struct RouteLine {
    pub(super) machine: String,
    pub(super) occasion: &'static str,
    pub(super) at: String,
    pub(super) hops: String,
    pub(super) mtu: String,
}

pub(super) fn routes(known: &Known, present: &Present) -> Vec<RouteLine> {
    let traced = site_view::routes(&known.scene).into_iter().take(TRACES);
    traced
        .map(|Traced { host, at, route }| RouteLine {
            machine: known.name(host),
            occasion: if route.occasion == Occasion::Fault { "in the latest fault" } else { "usual" },
            at: present.ago(at),
            hops: hops(&route),
            mtu: route.mtu.map(|mtu| format!("{mtu} bytes")).unwrap_or_default(),
        })
        .collect()
}

fn hops(route: &Route) -> String {
    let hops = route.hops.iter().map(|hop| hop.map_or_else(|| "no answer".to_owned(), |hop| hop.to_string()));
    let end = if route.reached { route.target.clone() } else { format!("nobody ({} was asked)", route.target) };
    hops.chain([end]).collect::<Vec<_>>().join(" › ")
}
