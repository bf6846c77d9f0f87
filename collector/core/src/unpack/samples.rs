//! Which numbers of an observation are kept over time, and which cannot be true.

use super::FactUpdate;
use crate::{
    asset::AssetId,
    detectors::troubles,
    series::{Metric, Sample},
};
use beforehand_shared::{
    array::{Array, ArrayState},
    block_device::BlockDevice,
    drive::Drive,
    interface::{Interface, Traffic},
    limits,
    link::{Endpoint, Link, LinkRole, Verdict},
    observation::Observation,
    printer::{Printer, PrinterState, Queue, Supply, SupplyLevel},
    time::Timestamp,
};

/// Longest time to an answer that can be real, in microseconds.
const LONGEST_US: u32 = 120_000_000;
/// Largest volume and largest number of pages, sectors and errors that can be real.
const ABSURD: u64 = 1 << 60;

/// The observation without numbers that cannot be; nothing where it says nothing then.
pub(super) fn plausible(observation: &Observation) -> Option<Observation> {
    match observation {
        Observation::Volume(volume) => {
            let sane = volume.free_bytes <= volume.total_bytes && (1..ABSURD).contains(&volume.total_bytes);
            sane.then(|| observation.clone())
        }
        Observation::Link(link) => (link.sent > 0 && link.lost <= link.sent).then(|| observation.clone()),
        // It travels as a kind of its own for the sake of older collectors, and is a link.
        Observation::Hop(link) => {
            let link = Link { role: LinkRole::Access, ..link.clone() };
            plausible(&Observation::Link(link))
        }
        Observation::Neighbour(link) => {
            let link = Link { role: LinkRole::Neighbour, ..link.clone() };
            plausible(&Observation::Link(link))
        }
        Observation::Route(route) => {
            let mut route = route.clone();
            route.hops.truncate(limits::HOPS);
            Some(Observation::Route(route))
        }
        Observation::Interface(interface) => Some(Observation::Interface(sane_interface(interface.clone()))),
        Observation::Printer(printer) => {
            let mut printer = printer.clone();
            printer.pages = printer.pages.filter(|pages| *pages < ABSURD);
            printer.supplies.truncate(limits::PRINTER_LIST);
            for supply in &mut printer.supplies {
                supply.level = sane_level(supply.level);
            }
            tell_apart(&mut printer.supplies);
            Some(Observation::Printer(printer))
        }
        Observation::Array(array) => Some(Observation::Array(sane_array(array.clone()))),
        Observation::Drive(drive) => Some(Observation::Drive(Box::new(sane_drive(Drive::clone(drive))))),
        other => Some(other.clone()),
    }
}

/// More than this in Mbit/s no interface carries.
const FASTEST_MBIT: u64 = 1_000_000;

fn sane_interface(mut interface: Interface) -> Interface {
    let fits = |bytes: u64, over_ms: u32| bytes / 125 <= FASTEST_MBIT.saturating_mul(u64::from(over_ms));
    interface.traffic = interface.traffic.filter(|it| {
        it.over_ms > 0 && fits(it.received_bytes, it.over_ms) && fits(it.sent_bytes, it.over_ms) && it.errors < ABSURD
    });
    interface.speed_mbit = interface.speed_mbit.filter(|mbit| u64::from(*mbit) <= FASTEST_MBIT);
    interface.signal_dbm = interface.signal_dbm.filter(|dbm| (-120..0).contains(dbm));
    interface
}

fn sane_drive(mut drive: Drive) -> Drive {
    let sane = |number: &u64| *number < ABSURD;
    let counts = [
        &mut drive.bytes,
        &mut drive.power_on_hours,
        &mut drive.media_errors,
        &mut drive.reallocated_sectors,
        &mut drive.pending_sectors,
        &mut drive.uncorrectable_sectors,
        &mut drive.crc_errors,
        &mut drive.reallocation_events,
        &mut drive.command_timeouts,
        &mut drive.spin_retries,
        &mut drive.end_to_end_errors,
        &mut drive.program_failures,
        &mut drive.erase_failures,
        &mut drive.power_cycles,
        &mut drive.error_log_entries,
    ];
    for count in counts {
        *count = count.filter(sane);
    }
    drive.temperature_c = drive.temperature_c.filter(|celsius| (-40..=150).contains(celsius));
    drive.spare_pct = drive.spare_pct.filter(|left| *left <= 100);
    drive
}

fn sane_array(mut array: Array) -> Array {
    array.members.truncate(limits::ARRAY_LIST);
    if let ArrayState::Rebuilding { percent, .. } = &mut array.state {
        *percent = percent.filter(|percent| (0.0..=100.0).contains(percent));
    }
    array
}

/// Two supplies of one name would share a series.
fn tell_apart(supplies: &mut [Supply]) {
    for place in 1..supplies.len() {
        let (before, rest) = supplies.split_at_mut(place);
        let same = before.iter().filter(|other| other.name == rest[0].name).count();
        if same > 0 {
            rest[0].name = format!("{} ({})", rest[0].name, place + 1);
        }
    }
}

fn sane_level(level: SupplyLevel) -> SupplyLevel {
    match level {
        SupplyLevel::Left(left) if !(0.0..=100.0).contains(&left) => SupplyLevel::Unknown,
        other => other,
    }
}

/// Appends the samples of one fact.
pub(super) fn push(samples: &mut Vec<(AssetId, Metric, Sample)>, update: &FactUpdate) {
    let mut keep = |metric: Metric, value: f64| {
        if value.is_finite() {
            samples.push((update.asset.clone(), metric, Sample { at: update.at, value }));
        }
    };
    match &update.observation {
        Observation::Volume(volume) => {
            keep(Metric::FreeBytes, volume.free_bytes as f64);
            keep(Metric::TotalBytes, volume.total_bytes as f64);
            if let (Some(total), Some(free)) = (volume.inodes_total.filter(|n| *n > 0), volume.inodes_free) {
                keep(Metric::InodesTotal, total as f64);
                keep(Metric::InodesFree, free.min(total) as f64);
            }
            if let Some(errors) = volume.fs_errors.filter(|errors| *errors < ABSURD) {
                keep(Metric::FsErrors, errors as f64);
            }
        }
        Observation::Link(link) => of_link(&mut keep, link),
        Observation::Interface(interface) => of_interface(&mut keep, interface),
        Observation::Resolver(resolver) => answer(&mut keep, resolver.took_us, !resolver.works()),
        Observation::Endpoint(endpoint) => of_endpoint(&mut keep, endpoint, update.at),
        Observation::Printer(printer) => of_printer(&mut keep, printer),
        Observation::Queue(queue) => of_queue(&mut keep, queue, update),
        Observation::Drive(drive) => of_drive(&mut keep, drive),
        Observation::Array(array) => of_array(&mut keep, array),
        Observation::BlockDevice(device) => of_block_device(&mut keep, device),
        Observation::Host(_)
        | Observation::Hop(_)
        | Observation::Neighbour(_)
        | Observation::Route(_)
        | Observation::SilentPrinter(_)
        | Observation::FoundPrinter(_)
        | Observation::Unknown => {}
    }
}

fn millis(us: Option<u32>) -> Option<f64> {
    us.filter(|us| *us <= LONGEST_US).map(|us| f64::from(us) / 1e3)
}

fn of_endpoint(keep: &mut impl FnMut(Metric, f64), endpoint: &Endpoint, at: Timestamp) {
    answer(keep, endpoint.took_us, !endpoint.works());
    let Some(certificate) = &endpoint.certificate else { return };
    let ends = certificate.chain_ends.unwrap_or(certificate.not_after);
    keep(Metric::CertificateDays, ends.since(at).as_days());
    if let Some(verdict) = certificate.verdict.filter(|verdict| *verdict != Verdict::Other) {
        keep(Metric::CertificateRefused, f64::from(u8::from(verdict != Verdict::Sound)));
    }
}

fn of_link(keep: &mut impl FnMut(Metric, f64), link: &Link) {
    keep(Metric::LossPct, 100.0 * f64::from(link.lost) / f64::from(link.sent));
    millis(link.median_us).into_iter().for_each(|ms| keep(Metric::RttMs, ms));
    millis(link.jitter_us).into_iter().for_each(|ms| keep(Metric::JitterMs, ms));
}

fn of_interface(keep: &mut impl FnMut(Metric, f64), interface: &Interface) {
    if let Some(Traffic { over_ms, received_bytes, sent_bytes, errors, dropped, retries }) = interface.traffic {
        // Bits in a millisecond are kbit in a second.
        let kbit = |bytes: u64| 8.0 * bytes as f64 / f64::from(over_ms);
        keep(Metric::ReceivedKbit, kbit(received_bytes));
        keep(Metric::SentKbit, kbit(sent_bytes));
        keep(Metric::FrameErrors, errors as f64);
        keep(Metric::FramesDropped, dropped as f64);
        retries.into_iter().for_each(|retries| keep(Metric::FramesGivenUp, retries as f64));
    }
    interface.signal_dbm.into_iter().for_each(|dbm| keep(Metric::SignalDbm, f64::from(dbm)));
}

fn answer(keep: &mut impl FnMut(Metric, f64), took_us: u32, failed: bool) {
    keep(Metric::Failed, f64::from(u8::from(failed)));
    if let (false, Some(ms)) = (failed, millis(Some(took_us))) {
        keep(Metric::AnswerMs, ms);
    }
}

fn of_block_device(keep: &mut impl FnMut(Metric, f64), device: &BlockDevice) {
    keep(Metric::Requests, device.requests.min(ABSURD) as f64);
    millis(device.await_us).into_iter().for_each(|ms| keep(Metric::AwaitMs, ms));
    millis(device.worst_await_us).into_iter().for_each(|ms| keep(Metric::WorstAwaitMs, ms));
    device.busy_pct.into_iter().for_each(|busy| keep(Metric::BusyPct, f64::from(busy.min(100))));
    device.timeouts.into_iter().filter(|late| *late < ABSURD).for_each(|late| keep(Metric::Timeouts, late as f64));
}

fn of_printer(keep: &mut impl FnMut(Metric, f64), printer: &Printer) {
    keep(Metric::PrinterState, state(printer.state));
    keep(Metric::Troubled, f64::from(troubles(printer)));
    if let Some(jobs) = printer.jobs {
        keep(Metric::Jobs, f64::from(jobs));
    }
    if let Some(pages) = printer.pages {
        keep(Metric::Pages, pages as f64);
    }
    for Supply { name, level, .. } in &printer.supplies {
        if let SupplyLevel::Left(left) = level {
            keep(Metric::SupplyPct(name.clone()), f64::from(*left));
        }
    }
}

fn of_queue(keep: &mut impl FnMut(Metric, f64), queue: &Queue, update: &FactUpdate) {
    keep(Metric::PrinterState, state(queue.state));
    keep(Metric::Jobs, f64::from(queue.jobs));
    let waited = queue.oldest.as_ref().map_or(0.0, |job| update.at.since(job.since).as_hours() * 60.0);
    keep(Metric::OldestJobMinutes, waited.max(0.0));
    if let Some(pages) = queue.oldest.as_ref().and_then(|job| job.pages_done) {
        keep(Metric::Pages, f64::from(pages));
    }
}

fn of_array(keep: &mut impl FnMut(Metric, f64), array: &Array) {
    if !matches!(array.state, ArrayState::Unknown { .. } | ArrayState::Other) {
        keep(Metric::MembersMissing, f64::from(array.missing));
    }
    if let ArrayState::Rebuilding { percent: Some(percent), .. } = array.state {
        keep(Metric::RebuiltPct, percent);
    }
    if let Some(errors) = array.errors.filter(|errors| *errors < ABSURD) {
        keep(Metric::ArrayErrors, errors as f64);
    }
}

fn of_drive(keep: &mut impl FnMut(Metric, f64), drive: &Drive) {
    let counts = [
        (Metric::TemperatureC, drive.temperature_c.map(f64::from)),
        (Metric::WearPct, drive.wear_used_pct.map(f64::from)),
        (Metric::SparePct, drive.spare_pct.map(f64::from)),
        (Metric::PowerOnHours, drive.power_on_hours.map(|hours| hours as f64)),
        (Metric::MediaErrors, drive.media_errors.map(|errors| errors as f64)),
        (Metric::ReallocatedSectors, drive.reallocated_sectors.map(|sectors| sectors as f64)),
        (Metric::PendingSectors, drive.pending_sectors.map(|sectors| sectors as f64)),
        (Metric::UncorrectableSectors, drive.uncorrectable_sectors.map(|sectors| sectors as f64)),
        (Metric::CrcErrors, drive.crc_errors.map(|errors| errors as f64)),
        (Metric::SelfTestFailed, drive.self_test_failed.map(|failed| f64::from(u8::from(failed)))),
    ];
    let further = [
        (Metric::ReallocationEvents, drive.reallocation_events),
        (Metric::CommandTimeouts, drive.command_timeouts),
        (Metric::SpinRetries, drive.spin_retries),
        (Metric::EndToEndErrors, drive.end_to_end_errors),
        (Metric::ProgramFailures, drive.program_failures),
        (Metric::EraseFailures, drive.erase_failures),
        (Metric::PowerCycles, drive.power_cycles),
        (Metric::ErrorLogEntries, drive.error_log_entries),
    ];
    let further = further.into_iter().map(|(metric, count)| (metric, count.map(|count| count as f64)));
    for (metric, value) in counts.into_iter().chain(further) {
        if let Some(value) = value {
            keep(metric, value);
        }
    }
}

const fn state(state: PrinterState) -> f64 {
    match state {
        PrinterState::Idle => 0.0,
        PrinterState::Processing => 1.0,
        PrinterState::Stopped => 2.0,
    }
}
