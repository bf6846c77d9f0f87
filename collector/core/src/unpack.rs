//! From a report as received to facts and samples with corrected times.
//!
//! A host's wall clock may be wrong or jump; its monotonic clock does not. So a measurement is
//! dated backwards from the moment of receipt (contract R13).

pub mod printers;
mod samples;
mod texts;

use crate::{
    asset::AssetId,
    input::ProbeHealth,
    series::{Metric, Sample},
};
use beforehand_shared::{
    drive::Verdict,
    host::Host,
    ids::{BootId, HostId},
    limits,
    link::LinkRole,
    observation::Observation,
    printer_details::FoundPrinter,
    report::{Gap, Goodbye, Report},
    run::{Outcome, ProbeRun},
    text::clean,
    time::{Millis, Timestamp},
};
use std::collections::BTreeMap;

/// Characters of a name that people read.
const NAME_CHARS: usize = 120;

/// How a report arrived: the collector's clock, and the host's two clocks when it was sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Receipt {
    pub received_at: Timestamp,
    pub sent_at: Timestamp,
    pub sent_mono_ms: u64,
    pub sent_boot: BootId,
}

/// The latest fact of a report about one asset.
#[derive(Debug, Clone, PartialEq)]
pub struct FactUpdate {
    pub asset: AssetId,
    /// The host that saw it.
    pub host: HostId,
    pub at: Timestamp,
    /// For people, without the host: `C:`, `/home`, `Kyocera M2540dn`.
    pub name: String,
    pub observation: Observation,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Unpacked {
    /// One for each asset, in the order of their identifiers.
    pub facts: Vec<FactUpdate>,
    /// In the order of the report's runs.
    pub samples: Vec<(AssetId, Metric, Sample)>,
    pub probes: BTreeMap<String, ProbeHealth>,
    /// What the agent said about the machine itself, where it did.
    pub host: Option<Host>,
    pub goodbye: Option<Goodbye>,
    /// Printers that the agent found and nobody watches, each when.
    pub found: Vec<(Timestamp, FoundPrinter)>,
    /// With corrected times.
    pub gaps: Vec<Gap>,
    /// Corrected time of the report's making, less what the host's wall clock said.
    pub offset_ms: i64,
}

pub fn unpack(report: &Report, receipt: &Receipt) -> Unpacked {
    let clock = Clock { receipt, same_boot: report.boot == receipt.sent_boot };
    let made_at = clock.corrected(report.made_at, report.mono_ms);
    let mut facts = BTreeMap::new();
    let mut samples = vec![(AssetId::of_host(report.host), Metric::Present, Sample { at: made_at, value: 1.0 })];
    let (mut probes, mut found) = (BTreeMap::new(), Vec::new());
    for run in &report.runs {
        let at = clock.corrected(run.at, run.mono_ms);
        probes.insert(clean(&run.probe, NAME_CHARS), health(run, at));
        for observation in run.outcome.observations() {
            if let Observation::FoundPrinter(printer) = observation {
                found.push((at, printer.clone()));
            }
            let Some(update) = fact(report.host, at, at.since(run.at), observation) else { continue };
            samples::push(&mut samples, &update);
            facts.insert(update.asset.clone(), update);
        }
    }
    let host = facts.values().find_map(|update: &FactUpdate| match &update.observation {
        Observation::Host(host) => Some(host.clone()),
        _ => None,
    });
    Unpacked {
        host,
        facts: facts.into_values().collect(),
        samples,
        probes,
        found,
        goodbye: report.goodbye,
        gaps: report.gaps.iter().map(|gap| clock.gap(gap)).collect(),
        offset_ms: made_at.since(report.made_at).0,
    }
}

/// Dates what a host says by the collector's clock.
struct Clock<'a> {
    receipt: &'a Receipt,
    same_boot: bool,
}

impl Clock<'_> {
    fn corrected(&self, wall: Timestamp, mono_ms: u64) -> Timestamp {
        if !self.same_boot {
            return self.by_wall(wall);
        }
        let age = i64::try_from(self.receipt.sent_mono_ms.saturating_sub(mono_ms)).unwrap_or(0);
        self.receipt.received_at.minus(Millis(age))
    }

    fn by_wall(&self, wall: Timestamp) -> Timestamp {
        let at = wall.plus(self.receipt.received_at.since(self.receipt.sent_at));
        if at > self.receipt.received_at.plus(limits::FUTURE) { self.receipt.received_at } else { at }
    }

    fn gap(&self, gap: &Gap) -> Gap {
        Gap { from: self.by_wall(gap.from), to: self.by_wall(gap.to), ..gap.clone() }
    }
}

fn health(run: &ProbeRun, at: Timestamp) -> ProbeHealth {
    let (result, why) = match &run.outcome {
        Outcome::Seen { observations } => ("seen", sleepers(observations).or_else(|| silent(observations))),
        Outcome::Unsupported { why } => ("unsupported", Some(clean(why, limits::TEXT_CHARS))),
        Outcome::NoData { why } => ("no_data", Some(clean(why, limits::TEXT_CHARS))),
        Outcome::Denied { why } => ("denied", Some(clean(why, limits::TEXT_CHARS))),
        Outcome::TimedOut { after_ms } => ("timed_out", Some(format!("no answer within {after_ms} ms"))),
        Outcome::Failed { why } => ("failed", Some(clean(why, limits::TEXT_CHARS))),
    };
    ProbeHealth { at, took_ms: run.took_ms, result: result.to_owned(), why }
}

/// Why a look at drives did not see which ones there are.
fn sleepers(observations: &[Observation]) -> Option<String> {
    let asleep = observations.iter().filter(|observation| is_unnamed_sleeper(observation)).count();
    (asleep > 0).then(|| format!("{asleep} of the drives sleep and do not say which ones they are"))
}

/// Which printers were asked and gave no answer.
fn silent(observations: &[Observation]) -> Option<String> {
    let silent = observations.iter().filter_map(|observation| match observation {
        Observation::SilentPrinter(printer) => Some(&*printer.why),
        _ => None,
    });
    let silent: Vec<&str> = silent.collect();
    (!silent.is_empty()).then(|| clean(&silent.join("; "), limits::TEXT_CHARS))
}

/// A sleeping drive of which only the path is known is one of those that are known already, or a new one.
fn is_unnamed_sleeper(observation: &Observation) -> bool {
    matches!(observation, Observation::Drive(drive) if drive.keyed_by_path && drive.verdict == Verdict::Asleep)
}

/// Nothing for a kind this build does not know, for numbers that cannot be, and for what nobody can tell from
/// another.
fn fact(host: HostId, at: Timestamp, shift: Millis, observation: &Observation) -> Option<FactUpdate> {
    let (kind, key) = observation.asset().filter(|_| !is_unnamed_sleeper(observation))?;
    let mut observation = texts::cleaned(samples::plausible(observation)?);
    shift_times(&mut observation, shift);
    Some(FactUpdate { asset: AssetId::new(kind, host, key), host, at, name: name(&observation), observation })
}

/// Corrects the times inside an observation that were read from the host's wall clock.
fn shift_times(observation: &mut Observation, shift: Millis) {
    match observation {
        Observation::Host(host) => {
            host.booted_at = host.booted_at.plus(shift);
            host.started_at = host.started_at.map(|at| at.plus(shift));
        }
        Observation::Queue(queue) => {
            if let Some(job) = &mut queue.oldest {
                job.since = job.since.plus(shift);
            }
        }
        Observation::Printer(printer) => {
            for alert in &mut printer.alerts {
                alert.since = alert.since.map(|at| at.plus(shift));
            }
        }
        _ => {}
    }
}

fn name(observation: &Observation) -> String {
    let raw = match observation {
        Observation::Host(host) => host.name.clone(),
        Observation::Volume(volume) => volume.mount.clone(),
        Observation::Link(link) | Observation::Hop(link) | Observation::Neighbour(link) => match link.role {
            LinkRole::Gateway => format!("gateway {}", link.target),
            LinkRole::Access => format!("the provider's router {}", link.target),
            LinkRole::Neighbour => format!("neighbour {}", link.target),
            LinkRole::Anchor | LinkRole::Other => link.target.clone(),
        },
        Observation::Route(route) => format!("the way to {}", route.target),
        Observation::Interface(interface) => interface.name.clone(),
        Observation::Resolver(resolver) => format!("name server {}", resolver.server),
        Observation::Endpoint(endpoint) => endpoint.url.clone(),
        Observation::Printer(printer) => {
            let named = [Some(&printer.name), printer.model.as_ref(), Some(&printer.key)];
            named.into_iter().flatten().find(|text| !text.trim().is_empty()).cloned().unwrap_or_default()
        }
        Observation::Queue(queue) => queue.name.clone(),
        // Two of one model in a machine are usual: the serial number is on the label.
        Observation::Drive(drive) => match (&drive.model, &drive.serial) {
            (Some(model), Some(serial)) => format!("{model} {serial}"),
            (Some(model), None) => format!("{model} at {}", drive.device),
            (None, _) => drive.device.clone(),
        },
        Observation::BlockDevice(device) => device.device.clone(),
        Observation::Array(array) => array.name.clone(),
        Observation::SilentPrinter(printer) => printer.key.clone(),
        Observation::FoundPrinter(printer) => printer.model.clone().unwrap_or_else(|| printer.address.clone()),
        Observation::Unknown => String::new(),
    };
    clean(&raw, NAME_CHARS)
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::{drive::Drive, ids::Incarnation, printer_details::SilentPrinter, volume::Volume};
    use uuid::Uuid;

    const RECEIVED: Timestamp = Timestamp(1_795_424_400_000);

    fn report(boot: u128, wall: Timestamp, mono_ms: u64, observation: Observation) -> Report {
        let outcome = Outcome::Seen { observations: vec![observation] };
        Report {
            protocol: 1,
            host: HostId(Uuid::from_u128(1)),
            incarnation: Incarnation(Uuid::from_u128(2)),
            seq: 1,
            boot: BootId(Uuid::from_u128(boot)),
            made_at: wall,
            mono_ms,
            goodbye: None,
            gaps: vec![],
            runs: vec![ProbeRun { probe: "disk_space".into(), at: wall, mono_ms, took_ms: 3, outcome }],
        }
    }

    fn receipt(sent_at: Timestamp) -> Receipt {
        Receipt { received_at: RECEIVED, sent_at, sent_mono_ms: 100_000, sent_boot: BootId(Uuid::from_u128(7)) }
    }

    fn volume(free_bytes: u64) -> Observation {
        Observation::Volume(Volume {
            mount: "/home".into(),
            device: "/dev/sda1".into(),
            fs: "ext4".into(),
            total_bytes: 1000,
            free_bytes,
            ..Volume::default()
        })
    }

    #[test]
    fn a_wrong_wall_clock_does_not_date_measurements() {
        let year_1980 = Timestamp(315_532_800_000);
        let unpacked = unpack(&report(7, year_1980, 40_000, volume(10)), &receipt(RECEIVED));
        assert_eq!(unpacked.facts[0].at, RECEIVED.minus(Millis::MINUTE));
        assert_eq!(unpacked.facts[0].name, "/home");
    }

    #[test]
    fn a_report_of_an_earlier_boot_is_dated_by_the_difference_of_the_wall_clocks() {
        let slow = Millis::hours(2);
        let made = RECEIVED.minus(slow).minus(Millis::DAY);
        let unpacked = unpack(&report(6, made, 40_000, volume(10)), &receipt(RECEIVED.minus(slow)));
        assert_eq!(unpacked.facts[0].at, RECEIVED.minus(Millis::DAY));
        assert_eq!(unpacked.offset_ms, slow.0);
    }

    #[test]
    fn nothing_is_dated_in_the_future() {
        let unpacked = unpack(&report(6, RECEIVED.plus(Millis::DAY), 0, volume(10)), &receipt(RECEIVED));
        assert_eq!(unpacked.facts[0].at, RECEIVED);
    }

    #[test]
    fn what_a_drive_counts_is_kept_over_time_unless_it_cannot_be() {
        let drive = Drive {
            key: "ex-0002".into(),
            command_timeouts: Some(4),
            program_failures: Some(0),
            power_cycles: Some(u64::MAX),
            self_test_failed: Some(true),
            ..Drive::default()
        };
        let unpacked = unpack(&report(7, RECEIVED, 100_000, Observation::Drive(Box::new(drive))), &receipt(RECEIVED));
        let kept: Vec<(String, f64)> =
            unpacked.samples[1..].iter().map(|(_, metric, sample)| (metric.to_string(), sample.value)).collect();
        let expected = [("self_test_failed", 1.0), ("command_timeouts", 4.0), ("program_failures", 0.0)];
        assert_eq!(kept, expected.map(|(metric, value)| (metric.to_owned(), value)));
    }

    #[test]
    fn a_printer_that_does_not_answer_is_named_and_has_no_state() {
        let why = "192.0.2.9 does not answer in time; it may be off or asleep".to_owned();
        let silent = SilentPrinter { key: "p".into(), address: "192.0.2.9".into(), since: RECEIVED, why: why.clone() };
        let unpacked = unpack(&report(7, RECEIVED, 100_000, Observation::SilentPrinter(silent)), &receipt(RECEIVED));
        let health = &unpacked.probes["disk_space"];
        assert_eq!((health.result.as_str(), health.why.as_ref()), ("seen", Some(&why)));
        assert!(unpacked.facts.is_empty(), "what is kept of it stays as it was");
    }

    #[test]
    fn a_volume_with_more_free_than_there_is_was_misread_and_is_left_out() {
        let unpacked = unpack(&report(7, RECEIVED, 100_000, volume(1001)), &receipt(RECEIVED));
        assert!(unpacked.facts.is_empty());
        assert_eq!(unpacked.samples.len(), 1, "only the host's presence");
    }
}
