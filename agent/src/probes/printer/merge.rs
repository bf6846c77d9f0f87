//! One printer from all who saw it: facts are taken from whom knows best, and what they contradict each other in
//! is kept as evidence. Pure.

use super::address;
use beforehand_shared::{
    limits,
    printer::{Alert, Printer, PrinterState, Queue, Supply, SupplyLevel},
    printer_details::{Disagreement, PrinterDetails, Said, Way},
    printer_identity::{self, Identity},
};

/// The printers behind `sightings`, each of one way of asking, in the order of their keys. `queues` are those of
/// this machine.
pub fn printers(sightings: Vec<Printer>, queues: &[Queue]) -> Vec<Printer> {
    let mut groups: Vec<Vec<Printer>> = Vec::new();
    for sighting in sightings {
        match groups.iter_mut().find(|group| group.iter().any(|other| is_one(other, &sighting))) {
            Some(group) => group.push(sighting),
            None => groups.push(vec![sighting]),
        }
    }
    let mut printers: Vec<Printer> = groups.into_iter().filter_map(|group| merged(group, queues)).collect();
    printers.sort_by(|a, b| a.key.cmp(&b.key));
    printers
}

/// By their marks; where these do not tell, by having been asked at the same place in different ways.
fn is_one(a: &Printer, b: &Printer) -> bool {
    let by_place = || {
        let places = |printer: &Printer| details(printer).addresses.clone();
        let ways = |printer: &Printer| details(printer).seen_by.clone();
        ways(a) != ways(b) && places(a).iter().any(|place| places(b).contains(place))
    };
    a.key == b.key || printer_identity::same(&Identity::of(a), &Identity::of(b)).unwrap_or_else(by_place)
}

fn details(printer: &Printer) -> &PrinterDetails {
    const NONE: &PrinterDetails = &PrinterDetails {
        serial: None,
        uuid: None,
        mac: None,
        addresses: Vec::new(),
        seen_by: Vec::new(),
        disagreements: Vec::new(),
        device_status: None,
        error_bits: None,
        inputs: Vec::new(),
        outputs: Vec::new(),
        open_covers: Vec::new(),
        console: Vec::new(),
    };
    printer.details.as_deref().unwrap_or(NONE)
}

/// IPP first: its state is defined as whether the printer prints (RFC 8011, section 5.4.11), while
/// `hrDeviceStatus` is also "down" for an empty tray that nobody needs.
fn merged(mut group: Vec<Printer>, queues: &[Queue]) -> Option<Printer> {
    group.sort_by_key(|printer| (details(printer).seen_by.first().copied(), printer.uri.clone()));
    let disagreements = disagreements(&group, queues);
    let mut group = group.into_iter();
    let mut printer = group.next()?;
    for other in group {
        printer = joined(printer, other);
    }
    let mut known = details(&printer).clone();
    known.disagreements = disagreements;
    printer.key = Identity::of(&printer).key().unwrap_or(printer.key);
    printer.details = (known != PrinterDetails::default()).then(|| Box::new(known));
    Some(printer)
}

fn joined(first: Printer, second: Printer) -> Printer {
    let (known, more) = (details(&first).clone(), details(&second).clone());
    let mut reasons = first.reasons;
    let is_new = |reason: &String, known: &[String]| !known.iter().any(|other| word(other) == word(reason));
    reasons.extend(second.reasons.into_iter().filter(|reason| is_new(reason, &reasons)).collect::<Vec<_>>());
    reasons.truncate(limits::PRINTER_LIST);
    let mut joined = PrinterDetails {
        addresses: union(known.addresses, more.addresses),
        seen_by: union(known.seen_by, more.seen_by),
        disagreements: Vec::new(),
        device_status: known.device_status.or(more.device_status),
        error_bits: known.error_bits.or(more.error_bits),
        inputs: longer(known.inputs, more.inputs),
        outputs: longer(known.outputs, more.outputs),
        open_covers: union(known.open_covers, more.open_covers),
        console: longer(known.console, more.console),
        ..PrinterDetails::default()
    };
    Identity { serial: known.serial, uuid: known.uuid, mac: known.mac }
        .with(&Identity { serial: more.serial, uuid: more.uuid, mac: more.mac })
        .write_to(&mut joined);
    Printer {
        key: first.key,
        uri: first.uri,
        name: first.name,
        model: first.model.or(second.model),
        state: first.state,
        reasons,
        message: first.message.or(second.message),
        alerts: alerts(first.alerts, second.alerts),
        supplies: supplies(first.supplies, second.supplies),
        jobs: first.jobs.or(second.jobs),
        pages: first.pages.max(second.pages),
        details: Some(Box::new(joined)),
    }
}

/// A reason without what it means to the printer.
fn word(reason: &str) -> &str {
    ["-report", "-warning", "-error"].iter().find_map(|suffix| reason.strip_suffix(suffix)).unwrap_or(reason)
}

fn union<T: PartialEq>(mut first: Vec<T>, second: Vec<T>) -> Vec<T> {
    for item in second {
        if !first.contains(&item) && first.len() < limits::PRINTER_LIST {
            first.push(item);
        }
    }
    first
}

fn longer<T>(first: Vec<T>, second: Vec<T>) -> Vec<T> {
    if second.len() > first.len() { second } else { first }
}

/// Both ways speak of the same table of the device, so that the list of one of them is enough.
fn alerts(first: Vec<Alert>, second: Vec<Alert>) -> Vec<Alert> {
    let told = |alerts: &[Alert]| alerts.iter().filter(|alert| alert.severity.is_some()).count();
    if told(&second) > told(&first) { second } else { first }
}

/// The list with more numbers; one list, so that no cartridge stands in it twice.
fn supplies(first: Vec<Supply>, second: Vec<Supply>) -> Vec<Supply> {
    let numbers = |supplies: &[Supply]| supplies.iter().filter(|it| matches!(it.level, SupplyLevel::Left(_))).count();
    if numbers(&second) > numbers(&first) { second } else { first }
}

const fn state_word(state: PrinterState) -> &'static str {
    match state {
        PrinterState::Idle => "idle",
        PrinterState::Processing => "processing",
        PrinterState::Stopped => "stopped",
    }
}

fn disagreements(group: &[Printer], queues: &[Queue]) -> Vec<Disagreement> {
    let said = |by: Way, what: &str| Said { by, name: None, what: what.to_owned() };
    let way = |printer: &Printer| details(printer).seen_by.first().copied().unwrap_or(Way::Other);
    let mut states: Vec<Said> = group.iter().map(|it| said(way(it), state_word(it.state))).collect();
    let stops = group.iter().filter(|it| it.state == PrinterState::Stopped).count();
    let places: Vec<&String> = group.iter().flat_map(|it| &details(it).addresses).collect();
    let leads_here = |queue: &&Queue| {
        let place = queue.device_uri.as_deref().and_then(address::of_device);
        place.is_some_and(|place| places.iter().any(|known| address::host(known) == place))
    };
    // The printer answers, and so it is neither gone nor switched off.
    let offline = queues.iter().filter(leads_here).filter(|queue| is_offline(queue));
    let offline: Vec<Said> = offline
        .map(|queue| Said { by: Way::Queue, name: Some(queue.name.clone()), what: "offline".to_owned() })
        .collect();
    let contradicts = !offline.is_empty() || (stops > 0 && stops < group.len());
    states.extend(offline);
    states.dedup();
    states.truncate(limits::PRINTER_LIST);
    if contradicts { vec![Disagreement { about: "state".to_owned(), said: states }] } else { Vec::new() }
}

fn is_offline(queue: &Queue) -> bool {
    queue.reasons.iter().any(|reason| ["offline", "timed-out", "shutdown"].contains(&word(reason)))
}
