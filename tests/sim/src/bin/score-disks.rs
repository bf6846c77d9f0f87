//! Prints how right tickets about disks are in simulated offices, and how early: `score-disks [WORLDS]`.
//!
//! Nobody works on the tickets, so that everything comes that was going to.

use beforehand_core::{finding::FindingKind, forecast::Forecast, reliability};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_sim::{
    foresight::{OF_DISKS, Ticketed, foresight},
    plan::Plan,
    truth::Truth,
    watched::watch,
    world::World,
};
use std::{env, thread};

/// 2026-01-05, a Monday.
const START: Timestamp = Timestamp(1_767_571_200_000);
const WORLDS: u64 = 100;

type Watched = (Truth, Vec<Ticketed>, Vec<Forecast>);

fn main() {
    let worlds = env::args().nth(1).and_then(|text| text.parse().ok()).unwrap_or(WORLDS);
    let year = Plan { cadence: Millis::hours(6), ..Plan::ordinary(START, 365) };
    let watched = all(worlds, &year, Millis::DAY);
    println!("{worlds} ordinary offices of six machines for a year, looked at every six hours and judged every day:");
    print(&watched, &OF_DISKS);
    reliability_of(&watched);
    // How disks answer is told from minute to minute.
    let month = Plan { computers: 0, trouble: 20.0, ..Plan::ordinary(START, 45) };
    let servers = worlds.div_ceil(5);
    let watched = all(servers, &month, Millis::minutes(30));
    println!("{servers} servers for 45 days, looked at every minute, with twenty times the trouble:");
    print(&watched, &[FindingKind::DriveLatency, FindingKind::FilesystemReadonly]);
}

fn all(worlds: u64, plan: &Plan, every: Millis) -> Vec<Watched> {
    let half = |odd: u64| {
        let seeds = (0..worlds).filter(move |seed| seed % 2 == odd);
        seeds.filter_map(|seed| one(seed, plan, every)).collect::<Vec<_>>()
    };
    let halves = thread::scope(|scope| {
        [0, 1].map(|odd| scope.spawn(move || half(odd))).map(|half| half.join().unwrap_or_default())
    });
    halves.into_iter().flatten().collect()
}

fn one(seed: u64, plan: &Plan, every: Millis) -> Option<Watched> {
    let mut world = World::disks(seed, plan).ok()?;
    let (memory, tickets) = watch(&mut world, every);
    Some((world.truth().clone(), tickets, memory.forecasts().cloned().collect()))
}

fn print(watched: &[Watched], kinds: &[FindingKind]) {
    for kind in kinds {
        let worlds = watched.iter().map(|(truth, tickets, _)| (truth, &tickets[..]));
        println!("  {}", foresight(*kind, worlds).line());
    }
}

/// What was said of drives beside what came.
fn reliability_of(watched: &[Watched]) {
    let forecasts = watched.iter().flat_map(|(.., forecasts)| forecasts);
    let forecasts: Vec<Forecast> = forecasts.filter(|it| it.kind == FindingKind::DriveFailure).cloned().collect();
    for record in reliability::horizon_records(&forecasts) {
        println!("  drive_failure: {} Mean squared error {:.3}.", record.sentence(), record.brier);
        for bin in reliability::reliability(&forecasts, record.within) {
            println!("    {}", bin.sentence());
        }
    }
}
