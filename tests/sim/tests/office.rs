//! What every world must keep, whatever its seed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::finding::FindingKind;
use beforehand_shared::{
    observation::Observation,
    report::Report,
    time::{Millis, Timestamp},
    wire,
};
use beforehand_sim::{
    plan::Plan,
    technician::{OpenTicket, Technician},
    world::{Event, World},
};
use std::collections::BTreeMap;

/// 2026-01-05, a Monday.
const START: Timestamp = Timestamp(1_767_571_200_000);

fn hourly(days: u32) -> Plan {
    Plan { cadence: Millis::HOUR, ..Plan::ordinary(START, days) }
}

fn year(seed: u64) -> (World, Vec<Event>) {
    let mut world = World::office(seed, &hourly(365)).unwrap();
    let events = world.step(world.plan.end());
    (world, events)
}

fn reports(events: &[Event]) -> impl Iterator<Item = &Report> {
    events.iter().filter_map(|event| match event {
        Event::Report(sent) => Some(&sent.report),
        Event::Noticed(_) => None,
    })
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let (first, second) = (year(3), year(3));
    assert_eq!(first.1, second.1);
    assert_eq!(first.0.truth(), second.0.truth());
    assert_ne!(first.1, year(4).1);
}

#[test]
fn reports_arrive_in_order_and_every_hole_in_the_count_is_explained() {
    let (_, events) = year(5);
    assert!(events.is_sorted_by_key(Event::at));
    let mut next: BTreeMap<_, u64> = BTreeMap::new();
    for report in reports(&events) {
        let expected = next.entry(report.host).or_insert(1);
        let lost: u64 = report.gaps.iter().map(|gap| gap.lost).sum();
        assert_eq!(report.seq, *expected + lost);
        *expected = report.seq + 1;
    }
    assert_eq!(next.len(), 6);
}

#[test]
fn every_report_passes_the_wire() {
    let mut world = World::office(1, &hourly(14)).unwrap();
    let events = world.step(world.plan.end());
    for report in reports(&events) {
        assert_eq!(&wire::decode(&wire::encode(report).unwrap()).unwrap(), report);
    }
}

#[test]
fn computers_go_home_with_a_goodbye_and_the_server_stays() {
    let (world, events) = year(6);
    let server = world.machines[0].id;
    let goodbyes = reports(&events).filter(|report| report.goodbye.is_some());
    let (of_server, of_computers): (Vec<_>, Vec<_>) = goodbyes.partition(|report| report.host == server);
    assert!(of_server.is_empty());
    assert!(of_computers.len() > 5 * 220, "{}", of_computers.len());
}

#[test]
fn the_backup_volume_rises_and_falls_and_never_fills() {
    for seed in 0..8 {
        let (_, events) = year(seed);
        let free = reports(&events)
            .flat_map(|report| &report.runs)
            .flat_map(|run| run.outcome.observations())
            .filter_map(|seen| match seen {
                Observation::Volume(volume) if volume.mount == "/srv/backup" => {
                    Some(volume.free_bytes as f64 / volume.total_bytes as f64)
                }
                _ => None,
            });
        let (low, high) = free.fold((1.0f64, 0.0f64), |(low, high), share| (low.min(share), high.max(share)));
        assert!(low > 0.06 && low < 0.25 && high > 0.45, "seed {seed}: {low} to {high}");
    }
}

#[test]
fn an_office_nobody_looks_after_has_every_kind_of_incident() {
    let mut kinds: BTreeMap<FindingKind, u32> = BTreeMap::new();
    for seed in 0..6 {
        let (world, events) = year(seed);
        for incident in &world.truth().incidents {
            *kinds.entry(incident.kind).or_default() += 1;
        }
        let noticed = events.iter().filter(|event| matches!(event, Event::Noticed(_))).count();
        let reported = world.truth().incidents.iter().filter(|incident| incident.reported.is_some()).count();
        assert_eq!(noticed, reported);
        assert!(world.truth().averted.is_empty());
    }
    // Drives and what depends on them are not simulated yet, nor are printers that wear.
    let of_drives = [
        FindingKind::PrinterWearing,
        FindingKind::DriveFailure,
        FindingKind::DriveWear,
        FindingKind::DriveLatency,
        FindingKind::FilesystemReadonly,
        FindingKind::ArrayDegraded,
    ];
    let simulated = FindingKind::ALL.into_iter().filter(|kind| !of_drives.contains(kind));
    assert_eq!(kinds.keys().copied().collect::<Vec<_>>(), simulated.collect::<Vec<_>>());
}

/// A collector that knows everything opens a ticket for whatever needs help.
fn looked_after(seed: u64) -> World {
    let mut technician = Technician::new("Kim".to_owned(), Millis::hours(2), 1.0, seed);
    let mut world = World::office(seed, &hourly(365)).unwrap();
    let mut tickets: Vec<OpenTicket> = Vec::new();
    let mut number = 0;
    while world.now() < world.plan.end() {
        world.step(world.now().plus(Millis::HOUR));
        for asset in world.things.iter().filter(|thing| thing.needs_help()).map(|thing| thing.asset()) {
            if !tickets.iter().any(|ticket| ticket.asset.as_ref() == Some(&asset)) {
                number += 1;
                tickets.push(OpenTicket { number, asset: Some(asset), opened_at: world.now(), is_over: false });
            }
        }
        technician.work(&tickets, &mut world);
        tickets.retain(|ticket| ticket.asset.as_ref().is_some_and(|asset| world.needs_help(asset)));
    }
    world
}

#[test]
fn a_diligent_technician_averts_what_announces_itself() {
    let foreseeable = |world: &World| world.truth().incidents.iter().filter(|incident| incident.foreseeable).count();
    let (mut without, mut with, mut averted) = (0, 0, 0);
    for seed in 0..4 {
        without += foreseeable(&year(seed).0);
        let world = looked_after(seed);
        with += foreseeable(&world);
        averted += world.truth().averted.len();
    }
    assert!(with * 4 < without, "{with} of {without} still happened");
    assert!(averted >= without - with, "{averted} averted");
}
