//! The tables of the sheet: the way by time, and each address as each machine saw it.

use super::{LineSheet, asked, words};
use crate::words::{Zone, decimal, name};
use beforehand_core::site_view::{
    Part, Traced,
    evidence::{Evidence, Reading, Target},
};
use beforehand_shared::route::Occasion;
use serde::Serialize;

/// More would fill pages that nobody reads; the rest is counted.
const TARGETS: usize = 40;
/// Traces of several machines look alike.
const TRACES: usize = 6;

#[derive(Debug, Serialize)]
pub(super) struct Table {
    heads: Vec<String>,
    rows: Vec<Line>,
    /// What was left out; may be empty.
    more: String,
}

#[derive(Debug, Serialize)]
struct Line {
    cells: Vec<String>,
    /// Within the disturbance.
    inside: bool,
}

pub(super) fn rows(evidence: &Evidence, zone: &Zone) -> Table {
    let parts: Vec<Part> = asked(evidence).collect();
    let lost = parts.iter().map(|part| format!("{}: lost", words::short(*part)));
    let heads = [format!("From ({})", zone.offset(evidence.from))].into_iter().chain(lost);
    let mut day = None;
    let rows = evidence.rows.iter().map(|row| {
        let reading = |part: &Part| {
            let place = Part::PINGED.iter().position(|known| known == part)?;
            row.parts.get(place).copied().flatten()
        };
        let date = zone.day_short(row.at);
        let clock = zone.clock(row.at);
        let when = if day.as_ref() == Some(&date) { clock } else { format!("{date}, {clock}") };
        day = Some(date);
        let mut cells = vec![when];
        cells.extend(parts.iter().map(|part| reading(part).map_or_else(|| "not measured".to_owned(), lost_words)));
        let last = parts.last().and_then(reading);
        cells.push(last.map_or_else(String::new, |reading| rtt_words(reading.rtt_ms)));
        cells.push(row.machines.to_string());
        let inside = row.at.plus(evidence.interval) > evidence.from && row.at < evidence.to;
        Line { cells, inside }
    });
    let rows = rows.collect();
    Table { heads: heads.chain(["Round trip".to_owned(), "Machines".to_owned()]).collect(), rows, more: String::new() }
}

pub(super) fn targets(sheet: &LineSheet<'_>) -> Table {
    let all = &sheet.evidence.targets;
    let line = |target: &Target| {
        let machine = sheet.machines.get(&target.host).map(|machine| name(machine)).unwrap_or_default();
        let rounds = target.during.map_or(0, |during| during.rounds);
        let trip = |reading: Option<Reading>| reading.map_or_else(String::new, |reading| rtt_words(reading.rtt_ms));
        let lost = |reading: Option<Reading>| reading.map_or_else(|| "not measured".to_owned(), lost_words);
        let cells = vec![
            machine,
            name(&target.address),
            words::short(target.part).to_owned(),
            rounds.to_string(),
            lost(target.during),
            trip(target.during),
            lost(target.before),
            trip(target.before),
        ];
        Line { cells, inside: target.during.is_some_and(|during| during.loss_pct >= 50.0) }
    };
    let heads =
        ["Machine", "Address", "Part of the way", "Rounds", "Lost", "Round trip", "Lost before", "Round trip before"];
    let more = all.len().saturating_sub(TARGETS);
    Table {
        heads: heads.map(str::to_owned).to_vec(),
        rows: all.iter().take(TARGETS).map(line).collect(),
        more: if more == 0 {
            String::new()
        } else {
            format!("{more} more paths were measured and say the same kind of thing; they are left out here.")
        },
    }
}

/// The way router by router; nothing where nobody traced it in the disturbance.
pub(super) fn traces(sheet: &LineSheet<'_>, zone: &Zone) -> Option<Table> {
    let line = |traced: &Traced| {
        let Traced { host, at, route } = traced;
        let during = route.occasion == Occasion::Fault;
        let hops = route.hops.iter().map(|hop| hop.map_or_else(|| "no answer".to_owned(), |hop| hop.to_string()));
        let end = if route.reached { name(&route.target) } else { "nobody answered further on".to_owned() };
        let cells = vec![
            sheet.machines.get(host).map(|machine| name(machine)).unwrap_or_default(),
            format!("{}, {}", zone.day_short(*at), zone.clock(*at)),
            if during { "in the disturbance" } else { "usually" }.to_owned(),
            hops.chain([end]).collect::<Vec<_>>().join(" › "),
        ];
        Line { cells, inside: during }
    };
    let rows: Vec<Line> = sheet.evidence.traces.iter().take(TRACES).map(line).collect();
    let heads = ["Machine", "Traced", "The way", "Routers in their order"].map(str::to_owned).to_vec();
    (!rows.is_empty()).then_some(Table { heads, rows, more: String::new() })
}

/// `12 %`; never 0 or 100 of what is not quite that.
pub(super) fn lost_words(reading: Reading) -> String {
    match reading.loss_pct {
        0.0 => "0 %".to_owned(),
        pct if pct >= 100.0 => "100 %".to_owned(),
        pct if pct < 0.1 => "under 0.1 %".to_owned(),
        pct if pct > 99.9 => "over 99.9 %".to_owned(),
        pct => format!("{} %", decimal(pct)),
    }
}

fn rtt_words(ms: Option<f64>) -> String {
    ms.map_or_else(|| "–".to_owned(), |ms| format!("{} ms", decimal(ms)))
}
