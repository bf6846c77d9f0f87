//! What happens in a world: a compact description from which reports are made. Times are hours from the start.

use beforehand_shared::interface::InterfaceState;
use beforehand_shared::link::Verdict;
use beforehand_shared::volume::ThinPool;
use serde::Deserialize;
use std::{fs, path::Path};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Course {
    /// What the case shows, for the reader.
    pub(crate) about: String,
    pub(crate) zone: String,
    /// Local date and time.
    pub(crate) start: String,
    pub(crate) hours: f64,
    pub(crate) every_minutes: i64,
    /// Before this, only history is made.
    #[serde(default)]
    pub(crate) judge_from: f64,
    /// What the site is called, where that matters.
    #[serde(default)]
    pub(crate) site: Option<String>,
    pub(crate) hosts: Vec<HostCourse>,
    #[serde(default)]
    pub(crate) volumes: Vec<VolumeCourse>,
    #[serde(default)]
    pub(crate) printers: Vec<PrinterCourse>,
    #[serde(default)]
    pub(crate) queues: Vec<QueueCourse>,
    #[serde(default)]
    pub(crate) links: Vec<LinkCourse>,
    /// When lines of other sites with the same operator went bad; they stay so.
    #[serde(default)]
    pub(crate) elsewhere: Vec<f64>,
    /// For an address and one other site: from when on, whether that gets an answer.
    #[serde(default)]
    pub(crate) asked_elsewhere: Vec<(String, Vec<(f64, bool)>)>,
    #[serde(default)]
    pub(crate) interfaces: Vec<InterfaceCourse>,
    #[serde(default)]
    pub(crate) endpoints: Vec<EndpointCourse>,
    #[serde(default)]
    pub(crate) drives: Vec<DriveCourse>,
    #[serde(default)]
    pub(crate) devices: Vec<DeviceCourse>,
    #[serde(default)]
    pub(crate) arrays: Vec<ArrayCourse>,
    /// How the client orders supplies, where it is not as usual.
    #[serde(default)]
    pub(crate) orders: Option<beforehand_core::site::Orders>,
    /// When the client is closed.
    #[serde(default)]
    pub(crate) closed: Vec<beforehand_core::closed::Closing>,
    #[serde(default)]
    pub(crate) maintenance: Vec<(f64, f64)>,
    /// When someone worked on all tickets that are open.
    #[serde(default)]
    pub(crate) acted: Vec<f64>,
    /// Assets taken out of service: when, and the start of their name.
    #[serde(default)]
    pub(crate) decommissioned: Vec<(f64, String)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HostCourse {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) always_on: Option<bool>,
    /// Whether it says that it has a desktop.
    #[serde(default)]
    pub(crate) desktop: Option<bool>,
    /// From, to, and whether it says goodbye.
    #[serde(default)]
    pub(crate) off: Vec<(f64, f64, bool)>,
    /// Between which hours its reports wait in its spool.
    #[serde(default)]
    pub(crate) held: Vec<(f64, f64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct VolumeCourse {
    pub(crate) host: usize,
    pub(crate) mount: String,
    pub(crate) total_gb: f64,
    /// Free space, straight between the points.
    pub(crate) free_gb: Vec<(f64, f64)>,
    /// Errors noted by its file system, and whether it takes writes, from when on.
    #[serde(default)]
    pub(crate) health: Vec<(f64, u64, bool)>,
    /// What Windows says that its file system needs, from when on; an empty word where it says nothing.
    #[serde(default)]
    pub(crate) needs: Vec<(f64, String)>,
    /// What of a thin pool it is.
    #[serde(default)]
    pub(crate) thin_pool: Option<ThinPool>,
    #[serde(default)]
    pub(crate) quota: bool,
    /// Period in hours and depth of a wave that takes space evenly and gives it back at once.
    #[serde(default)]
    pub(crate) wave: Option<(f64, f64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PrinterCourse {
    pub(crate) host: usize,
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) uri: Option<String>,
    /// From when on: state, reasons, jobs. `gone` is not reported at all.
    pub(crate) says: Vec<(f64, String, Vec<String>, u32)>,
    /// Printed evenly from 8 to 18 o'clock on working days.
    #[serde(default)]
    pub(crate) pages_a_day: f64,
    #[serde(default)]
    pub(crate) supplies: Vec<SupplyCourse>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SupplyCourse {
    pub(crate) name: String,
    pub(crate) kind: String,
    /// Points in which its sensor counts, rounded up.
    pub(crate) step: f64,
    /// The only values it shows, ascending; each until less is left.
    #[serde(default)]
    pub(crate) shows: Vec<f64>,
    /// From when on: per cent left then, and per cent that a working day takes.
    pub(crate) left: Vec<(f64, f64, f64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct QueueCourse {
    pub(crate) host: usize,
    pub(crate) name: String,
    pub(crate) device_uri: String,
    /// From when on: state, jobs, and since when the oldest waits.
    pub(crate) says: Vec<(f64, String, u32, f64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LinkCourse {
    pub(crate) host: usize,
    pub(crate) target: String,
    #[serde(default)]
    pub(crate) gateway: bool,
    /// The first router of the provider.
    #[serde(default)]
    pub(crate) access: bool,
    /// Another machine of the office.
    #[serde(default)]
    pub(crate) neighbour: bool,
    pub(crate) rtt_ms: f64,
    /// From when on the round trip takes so many milliseconds more.
    #[serde(default)]
    pub(crate) slower: Vec<(f64, f64)>,
    /// From when on: per cent lost, spread evenly; below 0 it is not asked.
    pub(crate) lost: Vec<(f64, f64)>,
    /// Asked in one round of so many, and in every round while it loses something.
    #[serde(default)]
    pub(crate) seldom: Option<u32>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct InterfaceCourse {
    pub(crate) host: usize,
    /// From when on: its state, whether the gateway is known, and the Mbit/s that are sent.
    pub(crate) says: Vec<(f64, InterfaceState, bool, f64)>,
    #[serde(default)]
    pub(crate) address: Option<std::net::IpAddr>,
    #[serde(default)]
    pub(crate) access_point: Option<String>,
    /// From when on: the strength of its radio signal in dBm, and the frames that it gives up in each minute.
    #[serde(default)]
    pub(crate) radio: Vec<(f64, i32, u64)>,
    /// From when on: the Mbit/s of its cable, and whether both sides may speak at once; 1000 before.
    #[serde(default)]
    pub(crate) cable: Vec<(f64, u32, bool)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointCourse {
    pub(crate) host: usize,
    pub(crate) url: String,
    /// From when on: when the certificate ends.
    pub(crate) ends: Vec<(f64, f64)>,
    /// From when on: what the agent finds of it; nothing before.
    #[serde(default)]
    pub(crate) verdicts: Vec<(f64, Verdict)>,
    /// When the certificate above it ends, where that is sooner.
    pub(crate) chain_ends: Option<f64>,
    /// From when on: milliseconds to its answer; 40 before.
    #[serde(default)]
    pub(crate) answers: Vec<(f64, f64)>,
    /// From and to: it gives no answer.
    #[serde(default)]
    pub(crate) fails: Vec<(f64, f64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DriveCourse {
    pub(crate) host: usize,
    pub(crate) model: String,
    pub(crate) serial: String,
    pub(crate) terabytes: f64,
    #[serde(default)]
    pub(crate) bus: Option<String>,
    /// Where the system has it, if that matters.
    #[serde(default)]
    pub(crate) device: Option<String>,
    /// From when on: `passed`, `asleep`, `nameless` (asleep, and not telling which drive it is), `blind`, `shut` (the
    /// controller before it cannot be asked), `gone` (not seen at all), or the codes of why it fails; and its data
    /// errors.
    pub(crate) says: Vec<(f64, String, u64)>,
    /// Sectors that it cannot read, errors on its cable, and per cent used of its expected writes, from when on.
    #[serde(default)]
    pub(crate) pending: Vec<(f64, u64)>,
    #[serde(default)]
    pub(crate) cable: Vec<(f64, u64)>,
    /// Straight between the points.
    #[serde(default)]
    pub(crate) wear: Vec<(f64, f64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeviceCourse {
    pub(crate) host: usize,
    pub(crate) device: String,
    /// From when on: milliseconds to an answer, requests in a minute, and requests that were not answered in time.
    pub(crate) says: Vec<(f64, f64, u64, u64)>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ArrayCourse {
    pub(crate) host: usize,
    pub(crate) name: String,
    pub(crate) level: String,
    /// Serial numbers of the drives that it lies on.
    pub(crate) drives: Vec<String>,
    /// From when on: `healthy`, `degraded`, `rebuilding` with per cent and minutes left, `failed`, `blind` or `gone`
    /// (not seen at all); how many members are missing, and how many more may.
    pub(crate) says: Vec<(f64, String, u32, Option<u32>)>,
}

impl Course {
    pub(crate) fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap();
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
    }
}

/// The latest entry that holds at `hour`.
pub(crate) fn latest<T>(entries: &[T], hour: f64, from: impl Fn(&T) -> f64) -> Option<&T> {
    entries.iter().rev().find(|entry| from(entry) <= hour)
}

/// Straight between the points; before the first and after the last as there.
pub(crate) fn between(points: &[(f64, f64)], hour: f64) -> Option<f64> {
    let after = points.iter().position(|(at, _)| *at > hour).unwrap_or(points.len());
    let (from, level) = *points.get(after.saturating_sub(1))?;
    let next = points.get(after).filter(|_| after > 0);
    Some(next.map_or(level, |(to, next)| level + (next - level) * (hour - from) / (to - from)))
}

impl VolumeCourse {
    pub(crate) fn free_at(&self, hour: f64) -> f64 {
        let level = between(&self.free_gb, hour).unwrap_or(0.0);
        let taken = self.wave.map_or(0.0, |(period, depth)| depth * (hour / period).fract());
        (level - taken).clamp(0.0, self.total_gb) * 1e9
    }
}

/// Working days from hour 0, which is a Monday's midnight, until `hour`: 8 to 18 o'clock, Monday to Friday.
pub(crate) fn working_days(hour: f64) -> f64 {
    let day = (hour / 24.0).floor();
    let whole = 5.0 * (day / 7.0).floor() + (day % 7.0).min(5.0);
    let today = if day % 7.0 < 5.0 { ((hour % 24.0 - 8.0) / 10.0).clamp(0.0, 1.0) } else { 0.0 };
    whole + today
}

impl SupplyCourse {
    pub(crate) fn level_at(&self, hour: f64) -> Option<f64> {
        let (from, left, a_day) = latest(&self.left, hour, |it| it.0)?;
        let left = left - a_day * (working_days(hour) - working_days(*from));
        let shown = self.shows.iter().copied().find(|value| *value >= left);
        Some(shown.unwrap_or_else(|| ((left / self.step).ceil() * self.step).clamp(0.0, 100.0)))
    }
}
