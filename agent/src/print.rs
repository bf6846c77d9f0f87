//! What the probes see, as a table for people: worst first, with units, and what could not be seen.

use beforehand_shared::{
    array::{Array, ArrayState},
    block_device::BlockDevice,
    drive::{Drive, Trouble, Verdict},
    host::Host,
    interface::{Interface, InterfaceState},
    link::{Endpoint, Link, LinkRole, Resolver},
    observation::Observation,
    printer::{Printer, PrinterState, Queue, Supply, SupplyLevel},
    printer_details::FoundPrinter,
    route::Route,
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
    volume::{Repair, Volume},
};

/// How bad a line is: sorts the table, and is its first column.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Mark {
    Bad,
    Look,
    Unseen,
    Fine,
}

impl Mark {
    const fn word(self) -> &'static str {
        match self {
            Self::Bad => "BAD",
            Self::Look => "look",
            Self::Unseen => "unseen",
            Self::Fine => "ok",
        }
    }
}

struct Row {
    mark: Mark,
    kind: &'static str,
    name: String,
    text: String,
}

/// The table of `runs`, made at `now`. It judges roughly; the collector judges with history.
pub fn table(runs: &[ProbeRun], now: Timestamp) -> String {
    let mut rows: Vec<Row> = runs.iter().flat_map(|run| rows_of(run, now)).collect();
    rows.sort_by(|a, b| (a.mark, a.kind, &a.name).cmp(&(b.mark, b.kind, &b.name)));
    let width = |of: fn(&Row) -> usize| rows.iter().map(of).max().unwrap_or(0).min(44);
    let (kind, name) = (width(|row| row.kind.len()), width(|row| row.name.chars().count()));
    let line = |row: &Row| format!("{:<6}  {:<kind$}  {:<name$}  {}\n", row.mark.word(), row.kind, row.name, row.text);
    rows.iter().map(line).collect()
}

fn rows_of(run: &ProbeRun, now: Timestamp) -> Vec<Row> {
    let unseen = |text: String| vec![Row { mark: Mark::Unseen, kind: "probe", name: run.probe.clone(), text }];
    match &run.outcome {
        Outcome::Seen { observations } => observations.iter().flat_map(|seen| rows_of_one(seen, now)).collect(),
        Outcome::Unsupported { why } => unseen(format!("not supported here: {why}")),
        Outcome::NoData { why } => unseen(why.clone()),
        Outcome::Denied { why } => unseen(format!("not allowed: {why}")),
        Outcome::TimedOut { after_ms } => unseen(format!("no answer after {} s", after_ms / 1_000)),
        Outcome::Failed { why } => unseen(format!("failed: {why}")),
    }
}

fn rows_of_one(seen: &Observation, now: Timestamp) -> Vec<Row> {
    let one = |kind, name: &str, (mark, text)| vec![Row { mark, kind, name: name.to_owned(), text }];
    match seen {
        Observation::Host(host) => one("host", &host.name, host_text(host, now)),
        Observation::Volume(volume) => one("volume", &volume.mount, volume_text(volume)),
        Observation::Link(link) | Observation::Hop(link) | Observation::Neighbour(link) => {
            one("link", &link.target, link_text(link))
        }
        Observation::Route(route) => one("route", &route.target, route_text(route)),
        Observation::Interface(interface) => one("interface", &interface.name, interface_text(interface)),
        Observation::Resolver(resolver) => one("resolver", &resolver.server, resolver_text(resolver)),
        Observation::Endpoint(endpoint) => one("endpoint", &endpoint.url, endpoint_text(endpoint, now)),
        Observation::Printer(printer) => printer_rows(printer),
        Observation::Queue(queue) => one("queue", &queue.name, queue_text(queue, now)),
        Observation::SilentPrinter(silent) => one("printer", &silent.key, (Mark::Unseen, silent.why.clone())),
        Observation::FoundPrinter(found) => one("found", &found.address, (Mark::Fine, found_text(found))),
        Observation::Drive(drive) => one("drive", &drive.device, drive_text(drive)),
        Observation::Array(array) => one("array", &array.name, array_text(array)),
        Observation::BlockDevice(device) => one("disk", &device.device, block_device_text(device)),
        Observation::Unknown => Vec::new(),
    }
}

fn host_text(host: &Host, now: Timestamp) -> (Mark, String) {
    (Mark::Fine, format!("{}, up {}, agent {}", host.os, length(now.since(host.booted_at)), host.agent))
}

fn volume_text(volume: &Volume) -> (Mark, String) {
    let percent = |free: u64, total: u64| 100.0 * free as f64 / total.max(1) as f64;
    let free = percent(volume.free_bytes, volume.total_bytes);
    let inodes = volume.inodes_total.zip(volume.inodes_free).map(|(total, left)| percent(left, total));
    let worst = inodes.unwrap_or(100.0).min(free);
    let needs = volume.repair.and_then(needs);
    let mark = if worst < 5.0 || volume.turned_read_only {
        Mark::Bad
    } else if worst < 10.0 || needs.is_some() {
        Mark::Look
    } else {
        Mark::Fine
    };
    let inodes = inodes.map(|inodes| format!(", {inodes:.0} % of inodes free")).unwrap_or_default();
    let (left, total) = (bytes(volume.free_bytes), bytes(volume.total_bytes));
    let lost = if volume.turned_read_only { ", TAKES NO WRITES" } else { "" };
    let errors = volume.fs_errors.filter(|errors| *errors > 0).map(|errors| format!(", {errors} errors noted"));
    let errors = errors.unwrap_or_default();
    let needs = needs.unwrap_or_default();
    let quota = if volume.quota { "a quota of " } else { "" };
    let place = format!("{quota}{} on {}", volume.fs, volume.device);
    (mark, format!("{left} of {total} free ({free:.0} %){inodes}{lost}{errors}{needs}, {place}"))
}

const fn needs(repair: Repair) -> Option<&'static str> {
    match repair {
        Repair::None => None,
        Repair::Scan => Some(", needs a scan"),
        Repair::SpotFix => Some(", needs a spot fix"),
        Repair::Full => Some(", needs a whole check"),
        Repair::Untold | Repair::Other => Some(", is not well"),
    }
}

fn block_device_text(device: &BlockDevice) -> (Mark, String) {
    let ms = |us: u32| format!("{:.1} ms", f64::from(us) / 1_000.0);
    let mark = if device.timeouts.is_some_and(|timeouts| timeouts > 0) { Mark::Look } else { Mark::Fine };
    let answers = device.await_us.zip(device.worst_await_us);
    let answers = answers.map_or_else(
        || "no requests".to_owned(),
        |(usual, worst)| format!("{} requests, answers after {}, at worst {}", device.requests, ms(usual), ms(worst)),
    );
    let busy = device.busy_pct.map(|busy| format!(", busy {busy} %")).unwrap_or_default();
    let late = device.timeouts.filter(|late| *late > 0).map(|late| format!(", {late} not answered in time"));
    (mark, format!("{answers}{busy}{}", late.unwrap_or_default()))
}

fn link_text(link: &Link) -> (Mark, String) {
    let mark = match link.lost {
        0 => Mark::Fine,
        lost if lost == link.sent => Mark::Bad,
        _ => Mark::Look,
    };
    let role = match link.role {
        LinkRole::Gateway => "gateway",
        LinkRole::Access => "router of the provider",
        LinkRole::Neighbour => "neighbour",
        LinkRole::Anchor | LinkRole::Other => "anchor",
    };
    let ms = |us: u32| f64::from(us) / 1_000.0;
    let time = link.median_us.map(|us| format!(", median {:.1} ms", ms(us))).unwrap_or_default();
    let jitter = link.jitter_us.map(|us| format!(", jitter {:.1} ms", ms(us))).unwrap_or_default();
    (mark, format!("{role}, {} of {} pings lost{time}{jitter}", link.lost, link.sent))
}

fn route_text(route: &Route) -> (Mark, String) {
    let hops: Vec<String> =
        route.hops.iter().map(|hop| hop.map_or_else(|| "?".to_owned(), |hop| hop.to_string())).collect();
    let (mark, end) = if route.reached { (Mark::Fine, "there") } else { (Mark::Look, "nobody") };
    let mtu = route.mtu.map(|mtu| format!(", {mtu} bytes in one piece")).unwrap_or_default();
    (mark, format!("{} > {end}{mtu}", hops.join(" > ")))
}

fn interface_text(interface: &Interface) -> (Mark, String) {
    let (mark, state) = match interface.state {
        InterfaceState::Up => (Mark::Fine, "up"),
        InterfaceState::NoCarrier => (Mark::Bad, "nothing at the other end"),
        InterfaceState::Off => (Mark::Bad, "off"),
        InterfaceState::Unknown => (Mark::Look, "in a state that is not known"),
    };
    let speed = interface.speed_mbit.map(|mbit| format!(", {mbit} Mbit/s")).unwrap_or_default();
    let signal = interface.signal_dbm.map(|dbm| format!(", signal {dbm} dBm")).unwrap_or_default();
    let gateway = match interface.gateway_known {
        Some(false) => ", the gateway does not say who it is",
        _ => "",
    };
    (mark, format!("{state}{speed}{signal}{gateway}"))
}

fn resolver_text(resolver: &Resolver) -> (Mark, String) {
    let ms = resolver.took_us / 1_000;
    match &resolver.error {
        Some(why) => (Mark::Bad, format!("{} not resolved: {why}", resolver.question)),
        None => (Mark::Fine, format!("{} resolved in {ms} ms", resolver.question)),
    }
}

fn endpoint_text(endpoint: &Endpoint, now: Timestamp) -> (Mark, String) {
    let left = endpoint.certificate.as_ref().map(|certificate| certificate.not_after.since(now));
    let mark = match (&endpoint.error, endpoint.status, left) {
        (Some(_), _, _) | (_, Some(500..), _) => Mark::Bad,
        (_, _, Some(left)) if left.0 <= 0 => Mark::Bad,
        (_, Some(400..), _) => Mark::Look,
        (_, _, Some(left)) if left < Millis::days(14) => Mark::Look,
        _ => Mark::Fine,
    };
    let answer = match (&endpoint.error, endpoint.status) {
        (Some(why), _) => why.clone(),
        (None, Some(status)) => format!("status {status} in {} ms", endpoint.took_us / 1_000),
        (None, None) => "no answer".to_owned(),
    };
    let certificate = left.map(|left| match left.0 {
        ..=0 => format!(", certificate expired {} ago", length(Millis(-left.0))),
        _ => format!(", certificate holds {} more", length(left)),
    });
    (mark, answer + &certificate.unwrap_or_default())
}

fn printer_rows(printer: &Printer) -> Vec<Row> {
    let details = printer.details.as_deref();
    let disputes = details.into_iter().flat_map(|it| &it.disagreements).flat_map(|it| &it.said);
    let disputes = disputes.filter_map(|said| Some(format!("queue {} says {}", said.name.as_ref()?, said.what)));
    let said: Vec<String> = printer.reasons.iter().chain(&printer.message).cloned().chain(disputes).collect();
    let mark = match (printer.state, said.len() > printer.message.iter().len()) {
        (PrinterState::Stopped, _) => Mark::Bad,
        (_, true) => Mark::Look,
        _ => Mark::Fine,
    };
    let said = said.join(", ");
    let text = format!("{}{}{said}", state(printer.state), if said.is_empty() { "" } else { ": " });
    let head = Row { mark, kind: "printer", name: printer.name.clone(), text };
    let supply = |supply: &Supply| {
        let (mark, level) = level(supply.level);
        Row {
            mark,
            kind: "supply",
            name: printer.name.clone(),
            text: format!("{} {}: {level}", supply.kind, supply.name),
        }
    };
    std::iter::once(head).chain(printer.supplies.iter().map(supply)).collect()
}

fn found_text(found: &FoundPrinter) -> String {
    let known = [found.model.clone(), found.uri.clone(), Some(format!("key {}", found.key))];
    known.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn level(level: SupplyLevel) -> (Mark, String) {
    match level {
        SupplyLevel::Left(left) if left < 5.0 => (Mark::Bad, format!("{left:.0} % left")),
        SupplyLevel::Left(left) if left < 15.0 => (Mark::Look, format!("{left:.0} % left")),
        SupplyLevel::Left(left) => (Mark::Fine, format!("{left:.0} % left")),
        SupplyLevel::Some => (Mark::Fine, "some left".to_owned()),
        SupplyLevel::Unknown => (Mark::Fine, "level not known".to_owned()),
        SupplyLevel::Unlimited => (Mark::Fine, "unlimited".to_owned()),
    }
}

fn queue_text(queue: &Queue, now: Timestamp) -> (Mark, String) {
    let waited = queue.oldest.as_ref().map(|job| now.since(job.since));
    let is_stuck = waited.is_some_and(|waited| waited > Millis::minutes(15));
    let mark = match queue.state {
        _ if is_stuck => Mark::Bad,
        PrinterState::Stopped => Mark::Bad,
        _ if !queue.accepting => Mark::Look,
        _ => Mark::Fine,
    };
    let waited = waited.map(|waited| format!(", the oldest for {}", length(waited))).unwrap_or_default();
    let closed = if queue.accepting { "" } else { ", takes no jobs" };
    let message = queue.message.as_ref().map(|message| format!(": {message}")).unwrap_or_default();
    (mark, format!("{}, {} jobs wait{waited}{closed}{message}", state(queue.state), queue.jobs))
}

fn array_text(array: &Array) -> (Mark, String) {
    let (mark, state) = match &array.state {
        ArrayState::Healthy => (Mark::Fine, "whole".to_owned()),
        ArrayState::Degraded => (Mark::Bad, format!("lacks {} of its members", array.missing)),
        ArrayState::Rebuilding { percent, .. } => {
            let percent = percent.map(|percent| format!(", {percent:.0} % done")).unwrap_or_default();
            (Mark::Look, format!("rebuilds, lacks {} of its members{percent}", array.missing))
        }
        ArrayState::Failed => (Mark::Bad, "gives no data".to_owned()),
        ArrayState::Unknown { why } => (Mark::Unseen, format!("not known: {why}")),
        ArrayState::Other => (Mark::Unseen, "not known".to_owned()),
    };
    let tolerates = array.tolerates.map(|more| format!("{more} more may fail"));
    let members = (!array.members.is_empty()).then(|| format!("{} members", array.members.len()));
    let rest = [array.level.clone(), members, tolerates, array.bytes.map(bytes)];
    (mark, std::iter::once(state).chain(rest.into_iter().flatten()).collect::<Vec<_>>().join(", "))
}

fn drive_text(drive: &Drive) -> (Mark, String) {
    let lost = drive.media_errors.unwrap_or(0).saturating_add(drive.pending_sectors.unwrap_or(0));
    let (mark, verdict) = match &drive.verdict {
        Verdict::Passed if lost > 0 => (Mark::Look, "healthy by its own verdict".to_owned()),
        Verdict::Passed => (Mark::Fine, "healthy by its own verdict".to_owned()),
        Verdict::Failing { reasons } => (Mark::Bad, format!("says that it fails: {}", troubles(reasons))),
        Verdict::Unknown { why } => (Mark::Unseen, format!("health not known: {why}")),
        Verdict::Blind { why } => (Mark::Unseen, format!("cannot be asked: {why}")),
        Verdict::Other => (Mark::Unseen, "health not known".to_owned()),
        Verdict::Asleep => (Mark::Unseen, "asleep, not woken".to_owned()),
    };
    let number = |value: Option<u64>, words: &str| value.map(|value| format!("{value} {words}"));
    let some = |value: Option<u64>, words: &str| number(value.filter(|value| *value > 0), words);
    let rest = [
        drive.model.clone(),
        drive.serial.as_ref().map(|serial| format!("serial {serial}")),
        drive.bytes.map(bytes),
        drive.temperature_c.map(|celsius| format!("{celsius} °C")),
        number(drive.power_on_hours, "h on"),
        drive.wear_used_pct.map(|used| format!("{used} % worn")),
        some(drive.media_errors, "media errors"),
        some(drive.reallocated_sectors, "sectors reallocated"),
        some(drive.pending_sectors, "sectors pending"),
        some(drive.crc_errors, "cable errors"),
    ];
    let rest: Vec<String> = rest.into_iter().flatten().collect();
    (mark, std::iter::once(verdict).chain(rest).collect::<Vec<_>>().join(", "))
}

fn troubles(reasons: &[Trouble]) -> String {
    let one = |trouble: &Trouble| {
        trouble.text.as_ref().map_or(trouble.code.clone(), |text| format!("{} ({text})", trouble.code))
    };
    reasons.iter().map(one).collect::<Vec<_>>().join(", ")
}

const fn state(state: PrinterState) -> &'static str {
    match state {
        PrinterState::Idle => "idle",
        PrinterState::Processing => "printing",
        PrinterState::Stopped => "stopped",
    }
}

/// Sizes as disks are sold: 1 GB is 10⁹ bytes.
pub(crate) fn bytes(n: u64) -> String {
    let units = [(1e12, "TB"), (1e9, "GB"), (1e6, "MB")];
    let (size, unit) = units.iter().find(|(size, _)| n as f64 >= *size).unwrap_or(&(1e3, "kB"));
    format!("{:.1} {unit}", n as f64 / size)
}

fn length(length: Millis) -> String {
    let minutes = length.0.max(0) / Millis::MINUTE.0;
    match minutes {
        ..120 => format!("{minutes} min"),
        120..2_880 => format!("{} h", minutes / 60),
        _ => format!("{} days", minutes / 1_440),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_stands_first_and_what_was_not_seen_says_why() {
        let volume = |mount: &str, free_bytes| {
            Observation::Volume(Volume {
                mount: mount.into(),
                device: "/dev/sda1".into(),
                fs: "ext4".into(),
                total_bytes: 100_000_000_000,
                free_bytes,
                ..Volume::default()
            })
        };
        let run = |outcome| ProbeRun { probe: "p".into(), at: Timestamp(0), mono_ms: 0, took_ms: 1, outcome };
        let runs = [
            run(Outcome::Seen { observations: vec![volume("/", 50_000_000_000), volume("/srv", 1_000_000_000)] }),
            run(Outcome::Denied { why: "pings need CAP_NET_RAW".into() }),
        ];
        let table = table(&runs, Timestamp(0));
        let lines: Vec<&str> = table.lines().collect();
        assert!(lines[0].starts_with("BAD") && lines[0].contains("1.0 GB of 100.0 GB free (1 %)"), "{table}");
        assert!(lines[1].starts_with("unseen") && lines[1].contains("not allowed: pings need CAP_NET_RAW"), "{table}");
        assert!(lines[2].starts_with("ok"), "{table}");
    }
}
