//! The latest observation of an asset in words.

use super::{array_words, drive_words, network_words};
use crate::web::ui::show::Fact;
use beforehand_core::{calendar::bytes_words, detectors::repair_words};
use beforehand_shared::{
    asset::AssetKind,
    block_device::BlockDevice,
    drive::Verdict,
    observation::Observation,
    printer::{Printer, PrinterState, Queue, SupplyLevel},
    printer_details::{PrinterDetails, Way},
    volume::Volume,
};
use beforehand_statement::words::{count, decimal};

pub(crate) const fn kind_name(kind: AssetKind) -> &'static str {
    match kind {
        AssetKind::Host => "machine",
        AssetKind::Volume => "volume",
        AssetKind::Link => "connection",
        AssetKind::Interface => "network interface",
        AssetKind::Route => "way to the internet",
        AssetKind::Resolver => "name server",
        AssetKind::Endpoint => "web address",
        AssetKind::Printer => "printer",
        AssetKind::Supply => "supply",
        AssetKind::Queue => "print queue",
        AssetKind::Drive => "drive",
        AssetKind::BlockDevice => "disk in use",
        AssetKind::Array => "array",
    }
}

/// One short phrase.
pub(crate) fn now_words(facts: &Observation) -> String {
    match facts {
        Observation::Host(host) => host.os.clone(),
        Observation::Volume(volume) => {
            let lost = if volume.turned_read_only { ", takes no writes" } else { "" };
            let (free, total) = (bytes_words(volume.free_bytes as f64), bytes_words(volume.total_bytes as f64));
            format!("{free} free of {total}{lost}")
        }
        Observation::Link(link) | Observation::Hop(link) | Observation::Neighbour(link) => network_words::link(link),
        Observation::Route(route) => network_words::route(route),
        Observation::Interface(interface) => network_words::interface(interface),
        Observation::Resolver(resolver) => {
            resolver.error.clone().unwrap_or_else(|| format!("answers in {}", millis(resolver.took_us)))
        }
        Observation::Endpoint(endpoint) => network_words::endpoint(endpoint),
        Observation::Printer(printer) => state_words(printer),
        Observation::Queue(queue) => format!("{}, {}", printer_words(queue.state, &queue.reasons), jobs(queue.jobs)),
        Observation::Drive(drive) => drive_words::verdict(drive),
        Observation::BlockDevice(device) => block_device_words(device),
        Observation::Array(array) => array_words::state(array),
        Observation::SilentPrinter(_) => "does not answer".to_owned(),
        Observation::FoundPrinter(_) => "found, and not watched".to_owned(),
        Observation::Unknown => "of a kind this version does not know".to_owned(),
    }
}

/// What is to be known beside a list with `all` in it.
pub(crate) fn caution<'a>(mut all: impl Iterator<Item = &'a Observation>) -> Option<String> {
    let well = |it: &Observation| matches!(it, Observation::Drive(drive) if drive.verdict == Verdict::Passed);
    all.any(well).then(drive_words::caution)
}

/// What it says about itself.
pub(crate) fn facts(facts: &Observation) -> Vec<Fact> {
    let pairs = match facts {
        Observation::Volume(volume) => of_volume(volume),
        Observation::Printer(printer) => of_printer(printer),
        Observation::Queue(queue) => of_queue(queue),
        Observation::Drive(drive) => drive_words::facts(drive),
        Observation::BlockDevice(device) => of_block_device(device),
        Observation::Array(array) => array_words::facts(array),
        Observation::Link(link) | Observation::Hop(link) | Observation::Neighbour(link) => network_words::of_link(link),
        Observation::Route(route) => network_words::of_route(route),
        Observation::Interface(interface) => network_words::of_interface(interface),
        Observation::Endpoint(endpoint) => network_words::of_endpoint(endpoint),
        Observation::Resolver(resolver) => vec![
            ("Server", resolver.server.clone()),
            ("Asked for", resolver.question.clone()),
            ("Answer", now_words(facts)),
        ],
        Observation::Host(host) => vec![("System", host.os.clone()), ("Agent", host.agent.clone())],
        Observation::SilentPrinter(_) | Observation::FoundPrinter(_) | Observation::Unknown => Vec::new(),
    };
    let known = pairs.into_iter().filter(|(_, value)| !value.is_empty());
    known.map(|(label, value)| Fact { label: label.to_owned(), value }).collect()
}

fn of_volume(volume: &Volume) -> Vec<(&'static str, String)> {
    let inodes = match (volume.inodes_free, volume.inodes_total) {
        (Some(free), Some(total)) => format!("{free} free of {total}"),
        _ => String::new(),
    };
    vec![
        ("Free", bytes_words(volume.free_bytes as f64)),
        ("Size", bytes_words(volume.total_bytes as f64)),
        ("Inodes", inodes),
        ("Device", volume.device.clone()),
        ("File system", volume.fs.clone()),
        ("Errors it noted", volume.fs_errors.map(|errors| errors.to_string()).unwrap_or_default()),
        ("It needs", volume.repair.and_then(repair_words).unwrap_or_default().to_owned()),
    ]
}

fn block_device_words(device: &BlockDevice) -> String {
    device.await_us.map_or_else(|| "nothing asked of it".to_owned(), |us| format!("answers in {}", millis(us)))
}

fn of_block_device(device: &BlockDevice) -> Vec<(&'static str, String)> {
    vec![
        ("Last minute", block_device_words(device)),
        ("At worst", device.worst_await_us.map(millis).unwrap_or_default()),
        ("Requests", device.requests.to_string()),
        ("Read", bytes_words(device.read_bytes as f64)),
        ("Written", bytes_words(device.written_bytes as f64)),
        ("Busy", device.busy_pct.map(|busy| format!("{busy} %")).unwrap_or_default()),
        ("Not answered in time", device.timeouts.map(|late| late.to_string()).unwrap_or_default()),
    ]
}

fn of_printer(printer: &Printer) -> Vec<(&'static str, String)> {
    let mut pairs = vec![
        ("State", state_words(printer)),
        ("It says", printer.message.clone().unwrap_or_default()),
        ("Model", printer.model.clone().unwrap_or_default()),
        ("Address", printer.uri.clone()),
        ("Pages printed", printer.pages.map(|pages| decimal(pages as f64)).unwrap_or_default()),
    ];
    pairs.extend(printer.supplies.iter().map(|supply| ("Supply", format!("{}: {}", supply.name, level(supply.level)))));
    pairs
}

fn of_queue(queue: &Queue) -> Vec<(&'static str, String)> {
    vec![
        ("State", printer_words(queue.state, &queue.reasons)),
        ("It says", queue.message.clone().unwrap_or_default()),
        ("Jobs", jobs(queue.jobs)),
        ("New jobs", if queue.accepting { "taken" } else { "refused" }.to_owned()),
        ("Prints to", queue.device_uri.clone().unwrap_or_default()),
    ]
}

/// One that is seen by SNMP alone and has no row of its own among the devices says nothing of its state.
fn state_words(printer: &Printer) -> String {
    let untold =
        |it: &PrinterDetails| it.seen_by == [Way::Snmp] && it.device_status.is_none() && it.error_bits.is_none();
    if printer.details.as_deref().is_some_and(untold) && printer.reasons.is_empty() {
        return "answers, and does not tell its state".to_owned();
    }
    printer_words(printer.state, &printer.reasons)
}

fn printer_words(state: PrinterState, reasons: &[String]) -> String {
    let state = match state {
        PrinterState::Idle => "ready",
        PrinterState::Processing => "printing",
        PrinterState::Stopped => "stopped",
    };
    if reasons.is_empty() { state.to_owned() } else { format!("{state}: {}", reasons.join(", ").replace('-', " ")) }
}

fn level(level: SupplyLevel) -> String {
    match level {
        SupplyLevel::Left(left) => format!("{left:.0}\u{a0}% left"),
        SupplyLevel::Some => "not empty".to_owned(),
        SupplyLevel::Unknown => "not known".to_owned(),
        SupplyLevel::Unlimited => "no limit".to_owned(),
    }
}

fn jobs(jobs: u32) -> String {
    format!("{} waiting", count(u64::from(jobs), "job", "jobs"))
}

pub(super) fn millis(us: u32) -> String {
    format!("{} ms", decimal(f64::from(us) / 1000.0))
}
