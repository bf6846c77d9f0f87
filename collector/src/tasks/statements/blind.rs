//! What could not be seen in a month, said openly on the statement.

use beforehand_core::{
    month::BlindSpot,
    sight::{self, Blind, Why},
};
use beforehand_shared::{
    drive::Verdict,
    observation::Observation,
    printer::SupplyLevel,
    report::GapReason,
    time::{Millis, Timestamp},
};
use beforehand_store::{AssetRow, GapRow, HostRow};
use std::collections::BTreeMap;

/// In the order: machines without reports, lost stretches, what may not be looked at, printers
/// without levels and drives whose health cannot be seen.
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
    let in_service = || assets.iter().filter(|asset| asset.retired_at.is_none());
    spots.extend(in_service().filter_map(without_levels));
    spots.extend(in_service().filter_map(unjudged));
    spots
}

/// What the collector itself did not see, by its own account.
pub(super) fn own(blind: &[Blind], month: (Timestamp, Timestamp)) -> Vec<BlindSpot> {
    let told = |length: i64, why: &str| {
        let minutes = u32::try_from(length / Millis::MINUTE.0).ok().filter(|minutes| *minutes > 0);
        minutes.map(|minutes| BlindSpot { minutes: Some(minutes), ..spot("Our collector", why) })
    };
    let stopped = sight::unseen(blind.iter().filter(|one| one.why == Why::Stopped), month).0;
    // What it suspected while it did not run is not counted again.
    let deaf = sight::unseen(blind.iter(), month).0 - stopped;
    let suspected = "many machines of several offices fell silent at once, and it suspected its own connection";
    let stopped = told(stopped, "it did not run, or agents were still coming back to it");
    stopped.into_iter().chain(told(deaf, suspected)).collect()
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

/// A drive that may fail without a word. One that slept when it was looked at last says nothing new.
fn unjudged(asset: &AssetRow) -> Option<BlindSpot> {
    let Observation::Drive(drive) = &asset.facts else { return None };
    match &drive.verdict {
        Verdict::Unknown { why } | Verdict::Blind { why } => {
            Some(spot(&asset.name, &format!("its health cannot be seen, because {why}")))
        }
        Verdict::Other => {
            Some(spot(&asset.name, "its agent is newer than the collector, which does not understand it"))
        }
        Verdict::Passed | Verdict::Failing { .. } | Verdict::Asleep => None,
    }
}

fn spot(what: &str, why: &str) -> BlindSpot {
    BlindSpot { what: what.to_owned(), why: why.to_owned(), minutes: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_core::asset::AssetId;
    use beforehand_shared::{
        asset::AssetKind,
        drive::Drive,
        ids::{ClientId, HostId, SiteId},
    };
    use uuid::Uuid;

    fn asset(verdict: Verdict) -> AssetRow {
        let host = HostId(Uuid::from_u128(1));
        AssetRow {
            client: ClientId(Uuid::from_u128(2)),
            site: SiteId(Uuid::from_u128(3)),
            id: AssetId::new(AssetKind::Drive, host, "ex-1"),
            host,
            name: "Example Disk EX-1 on FRONTDESK".to_owned(),
            first_seen: Timestamp(0),
            seen_at: Timestamp(0),
            facts: Observation::Drive(Box::new(Drive { verdict, ..Drive::default() })),
            in_scope: true,
            retired_at: None,
            people: None,
        }
    }

    #[test]
    fn a_drive_that_cannot_be_asked_is_named_with_the_reason_and_one_that_answers_is_not() {
        let blind = asset(Verdict::Blind { why: "the agent may not open it".to_owned() });
        let retired = AssetRow { retired_at: Some(Timestamp(1)), ..blind.clone() };
        let assets = [asset(Verdict::Passed), asset(Verdict::Asleep), blind, retired];
        let spots = spots(&[], &assets, &[], (Timestamp(0), Timestamp(1)));
        let told: Vec<String> = spots.into_iter().map(|spot| format!("{}: {}", spot.what, spot.why)).collect();
        let expected = "Example Disk EX-1 on FRONTDESK: its health cannot be seen, because the agent may not open it";
        assert_eq!(told, [expected]);
    }
}
