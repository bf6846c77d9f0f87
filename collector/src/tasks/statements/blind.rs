//! What could not be seen in a month, said openly on the statement.

use beforehand_core::month::BlindSpot;
use beforehand_shared::{
    observation::Observation,
    printer::SupplyLevel,
    report::GapReason,
    time::{Millis, Timestamp},
};
use beforehand_store::{AssetRow, GapRow, HostRow};
use std::collections::BTreeMap;

/// In the order: machines without reports, lost stretches, what may not be looked at, printers
/// without levels.
pub(super) fn spots(
    hosts: &[HostRow],
    assets: &[AssetRow],
    gaps: &[GapRow],
    month: (Timestamp, Timestamp),
) -> Vec<BlindSpot> {
    let hosts: Vec<&HostRow> = hosts.iter().filter(|host| host.retired_at.is_none_or(|at| at >= month.0)).collect();
    let mut spots: Vec<BlindSpot> = hosts.iter().filter_map(|host| absent(host, month)).collect();
    spots.extend(lost(&hosts, gaps, month));
    spots.extend(hosts.iter().flat_map(|host| unable(host)));
    spots.extend(assets.iter().filter(|asset| asset.retired_at.is_none()).filter_map(without_levels));
    spots
}

/// A machine that did not report at all in the month.
fn absent(host: &HostRow, (from, to): (Timestamp, Timestamp)) -> Option<BlindSpot> {
    let seen = host.last_report.is_some_and(|at| at >= from);
    let there = host.enrolled_at < to;
    (there && !seen).then(|| spot(&host.name, "it sent no report in this month"))
}

/// Stretches that were lost, by machine and reason. A machine that slept or was off saw nothing
/// that anybody missed.
fn lost(hosts: &[&HostRow], gaps: &[GapRow], (from, to): (Timestamp, Timestamp)) -> Vec<BlindSpot> {
    let mut minutes: BTreeMap<(&str, &'static str), i64> = BTreeMap::new();
    for gap in gaps {
        let Some(why) = words(gap.reason) else { continue };
        let Some(host) = hosts.iter().find(|host| host.id == gap.host) else { continue };
        let length = gap.to.min(to).since(gap.from.max(from));
        *minutes.entry((&host.name, why)).or_insert(0) += length.0.max(0) / Millis::MINUTE.0;
    }
    let spots = minutes
        .into_iter()
        .map(|((host, why), minutes)| BlindSpot { minutes: u32::try_from(minutes).ok(), ..spot(host, why) });
    spots.collect()
}

const fn words(reason: GapReason) -> Option<&'static str> {
    match reason {
        GapReason::SpoolFull => {
            Some("it could not reach the collector for too long, and the oldest reports were dropped")
        }
        GapReason::DiskFull => Some("its own disk was full, and reports were lost"),
        GapReason::Corrupt => Some("stored reports were damaged"),
        GapReason::Refused => Some("the collector refused reports"),
        GapReason::Asleep | GapReason::NotRunning => None,
    }
}

/// Probes that may not look, or fail.
fn unable(host: &HostRow) -> Vec<BlindSpot> {
    let troubled =
        host.probes.iter().filter(|(_, health)| ["denied", "failed", "timed_out"].contains(&health.result.as_str()));
    let spots = troubled.map(|(probe, health)| {
        let why = health.why.clone().unwrap_or_else(|| health.result.replace('_', " "));
        spot(&format!("{} of {}", probe.replace('_', " "), host.name), &why)
    });
    spots.collect()
}

fn without_levels(asset: &AssetRow) -> Option<BlindSpot> {
    let Observation::Printer(printer) = &asset.facts else { return None };
    let numbered = printer.supplies.iter().any(|supply| matches!(supply.level, SupplyLevel::Left(_)));
    (!numbered).then(|| spot(&asset.name, "it does not say how full its supplies are"))
}

fn spot(what: &str, why: &str) -> BlindSpot {
    BlindSpot { what: what.to_owned(), why: why.to_owned(), minutes: None }
}
