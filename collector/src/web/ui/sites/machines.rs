//! Who is on, off or silent and since when, and what each machine sees by itself.

use super::{gather::Known, way::pct};
use crate::web::ui::{
    hosts::state::HostState,
    show::{Mark, Present},
};
use beforehand_core::{
    finding::Severity,
    site_view::{self, Own},
};
use beforehand_statement::words::{count, decimal};
use beforehand_store::HostRow;
use std::cmp::Reverse;

pub(super) struct MachineLine {
    pub(super) mark: Mark,
    pub(super) name: String,
    pub(super) href: String,
    pub(super) since: String,
    /// Empty for machines that are switched off now and then.
    pub(super) always_on: &'static str,
    state: HostState,
}

/// Those that should be on and are silent first, then the rest by state and name.
pub(super) fn lines(known: &Known, present: &Present) -> Vec<MachineLine> {
    let mut lines: Vec<MachineLine> = known.hosts.iter().map(|host| line(known, host, present)).collect();
    lines.sort_by_key(|line| (Reverse(line.mark.severity), order(line.state)));
    lines
}

const fn order(state: HostState) -> u8 {
    match state {
        HostState::Silent => 0,
        HostState::Reporting => 1,
        HostState::Away(_) => 2,
        HostState::Waiting | HostState::Retired => 3,
    }
}

fn line(known: &Known, host: &HostRow, present: &Present) -> MachineLine {
    let state = HostState::of(host, present.now);
    let view = known.scene.hosts.get(&host.id);
    let never_rests = view.is_some_and(|view| site_view::is_always_on(&known.scene, host.id, view));
    let missed = never_rests && state == HostState::Silent && !known.collector_is_blind;
    let last = |word: &str| host.last_report.map_or_else(String::new, |at| format!("{word} {}", present.at(at)));
    MachineLine {
        mark: if missed { Mark::named(Severity::Act, "silent") } else { state.mark() },
        name: host.name.clone(),
        href: format!("/hosts/{}/{}", host.client, host.id),
        since: match state {
            HostState::Reporting => {
                host.booted_at.map_or_else(String::new, |at| format!("on since {}", present.at(at)))
            }
            HostState::Waiting => format!("enrolled {}", present.at(host.enrolled_at)),
            HostState::Away(_) | HostState::Silent | HostState::Retired => last("since"),
        },
        always_on: match (host.always_on, never_rests) {
            (Some(true), _) => "always on",
            (None, true) => "always on, as learned",
            (Some(false) | None, _) => "",
        },
        state,
    }
}

/// `5 on, 1 off, none silent`.
pub(super) fn tally(lines: &[MachineLine]) -> String {
    let of = |wanted: fn(HostState) -> bool| lines.iter().filter(|line| wanted(line.state)).count();
    let on = of(|state| state == HostState::Reporting);
    let off = of(|state| matches!(state, HostState::Away(_)));
    let silent = of(|state| matches!(state, HostState::Silent | HostState::Waiting));
    let silent = if silent == 0 { "none silent".to_owned() } else { format!("{silent} silent") };
    format!("{on} on, {off} off, {silent}")
}

/// Paths that the page lists; a machine may claim thousands.
const SHOWN: usize = 300;

/// One path of one machine.
pub(super) struct OwnLine {
    pub(super) machine: String,
    pub(super) part: &'static str,
    pub(super) address: String,
    pub(super) latest: String,
    pub(super) day: String,
    pub(super) at: String,
}

pub(super) fn own(known: &Known, present: &Present) -> Vec<OwnLine> {
    let mut machines: Vec<_> = site_view::own(&known.scene).into_iter().collect();
    machines.sort_by_cached_key(|(host, _)| known.name(*host).to_lowercase());
    let lines = machines.into_iter().flat_map(|(host, paths)| {
        let name = known.name(host);
        paths.into_iter().map(move |own| own_line(&name, &own, present)).collect::<Vec<_>>()
    });
    lines.take(SHOWN).collect()
}

fn own_line(machine: &str, own: &Own, present: &Present) -> OwnLine {
    let link = own.link;
    let trip =
        link.median_us.map_or_else(|| "no answer".to_owned(), |us| format!("{} ms", decimal(f64::from(us) / 1e3)));
    let lost = if link.lost == 0 {
        "none lost".to_owned()
    } else {
        format!("{} of {} lost", link.lost, count(u64::from(link.sent), "ping", "pings"))
    };
    OwnLine {
        machine: machine.to_owned(),
        part: own.part.name(),
        address: link.target.clone(),
        latest: if own.is_fresh { format!("{trip}, {lost}") } else { "not measured now".to_owned() },
        day: own.day_loss_pct.map(pct).unwrap_or_default(),
        at: present.ago(own.at),
    }
}
