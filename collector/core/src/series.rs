//! Numbers over time: samples as measured, and hours that sum them up.

mod names;

use beforehand_shared::time::{Millis, Timestamp};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// What is measured of an asset; the unit is part of the name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Metric {
    /// One sample of 1 for each report of a host: when it was there.
    Present,
    FreeBytes,
    TotalBytes,
    InodesFree,
    InodesTotal,
    /// Per cent of a minute's pings without an answer.
    LossPct,
    RttMs,
    JitterMs,
    /// Mean rate over a run at which a machine received and sent, in kbit/s.
    ReceivedKbit,
    SentKbit,
    /// Frames that an interface received damaged or could not send in a run.
    FrameErrors,
    /// Frames that a radio gave up after many tries, in a run.
    FramesGivenUp,
    /// Frames that an interface had no room for, in a run.
    FramesDropped,
    /// Strength of a radio signal in dBm.
    SignalDbm,
    /// Time to the answer of a resolver or an endpoint.
    AnswerMs,
    /// 1 when a resolver or an endpoint gave no usable answer, else 0.
    Failed,
    /// Days until an endpoint's certificate ends.
    CertificateDays,
    /// 1 while the certificate of an endpoint is refused whatever the date, else 0; none where that is not judged.
    CertificateRefused,
    /// 0 idle, 1 processing, 2 stopped.
    PrinterState,
    Pages,
    /// 1 while a printer reports a jam or a fault that it recovers from, 2 while it reports both, else 0.
    Troubled,
    /// Jobs that wait in a queue or a printer.
    Jobs,
    /// Minutes the oldest job has waited.
    OldestJobMinutes,
    /// Of a drive, in degrees Celsius.
    TemperatureC,
    /// Per cent used of a drive's expected writes.
    WearPct,
    /// Per cent left of a drive's spare blocks.
    SparePct,
    PowerOnHours,
    /// Data that a drive could not give back or take.
    MediaErrors,
    ReallocatedSectors,
    PendingSectors,
    UncorrectableSectors,
    /// Errors on the cable of a drive.
    CrcErrors,
    /// Attempts of a drive to move a sector.
    ReallocationEvents,
    /// Commands that a drive did not do in time.
    CommandTimeouts,
    SpinRetries,
    /// Data that changed on its way inside a drive.
    EndToEndErrors,
    /// Cells of flash that could not be written.
    ProgramFailures,
    /// Blocks of flash that could not be erased.
    EraseFailures,
    PowerCycles,
    /// Errors that a drive has logged.
    ErrorLogEntries,
    /// 1 while the last self-test of a drive that came to a result found a fault, else 0.
    SelfTestFailed,
    /// Mean time from a request to a disk to its answer; the median of a run.
    AwaitMs,
    /// The same in the worst part of a run.
    WorstAwaitMs,
    /// Requests to a disk in a run.
    Requests,
    /// Per cent of a run in which a disk had something to do.
    BusyPct,
    /// Requests that a disk did not answer in time, since its machine started.
    Timeouts,
    /// Errors that a file system noted itself.
    FsErrors,
    /// Members that an array lacks.
    MembersMissing,
    /// Per cent of an array that is rebuilt.
    RebuiltPct,
    /// Errors that an array counts itself.
    ArrayErrors,
    /// Per cent left of the supply with this name.
    SupplyPct(String),
}

impl Metric {
    /// All but those of supplies, which bear names of their own.
    pub fn all() -> impl Iterator<Item = &'static Self> {
        names::ALL.iter().map(|(metric, ..)| metric)
    }

    /// How the words of all metrics of supplies begin.
    pub const OF_SUPPLIES: &str = "supply_pct/";

    fn names(&self) -> Option<&'static names::Names> {
        names::ALL.iter().find(|(metric, ..)| metric == self)
    }

    /// For pages, with the unit in brackets: pictures read the unit there.
    pub fn title(&self) -> String {
        match self {
            Self::SupplyPct(name) => format!("{name} left (%)"),
            plain => plain.names().map_or_else(String::new, |(_, _, title, _)| (*title).to_owned()),
        }
    }

    /// For evidence that is kept about `asset`, with the unit in brackets; and what values are divided by for that unit.
    pub fn evidence_title(&self, asset: &str) -> (String, f64) {
        match (self, self.names()) {
            (_, Some((.., (what, unit, scale)))) => (format!("{what}: {asset} ({unit})"), *scale),
            (Self::SupplyPct(name), None) => (format!("{name} of {asset} (%)"), 1.0),
            (_, None) => (asset.to_owned(), 1.0),
        }
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SupplyPct(name) => write!(f, "{}{name}", Self::OF_SUPPLIES),
            plain => f.write_str(plain.names().map_or("", |(_, word, ..)| word)),
        }
    }
}

/// A word that names no metric of this build.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no metric is called {0:?}")]
pub struct UnknownMetric(pub String);

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(word: &str) -> Result<Self, Self::Err> {
        if let Some(name) = word.strip_prefix(Self::OF_SUPPLIES) {
            return Ok(Self::SupplyPct(name.to_owned()));
        }
        names::ALL
            .iter()
            .find(|(_, known, ..)| *known == word)
            .map(|(metric, ..)| metric.clone())
            .ok_or_else(|| UnknownMetric(word.to_owned()))
    }
}

impl From<Metric> for String {
    fn from(metric: Metric) -> Self {
        metric.to_string()
    }
}

impl TryFrom<String> for Metric {
    type Error = UnknownMetric;

    fn try_from(word: String) -> Result<Self, Self::Error> {
        word.parse()
    }
}

/// One value as measured.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    pub at: Timestamp,
    pub value: f64,
}

/// One UTC hour of samples, summed up.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Hour {
    /// Start of the hour.
    pub at: Timestamp,
    pub count: u32,
    pub min: f64,
    pub max: f64,
    pub mean: f64,
    /// The latest value of the hour.
    pub last: f64,
}

impl Hour {
    /// The hour with one more sample in it.
    #[must_use]
    pub fn with(self, value: f64) -> Self {
        let count = self.count + 1;
        Self {
            at: self.at,
            count,
            min: self.min.min(value),
            max: self.max.max(value),
            mean: self.mean + (value - self.mean) / f64::from(count),
            last: value,
        }
    }

    /// The hour of a first sample.
    pub fn of(sample: Sample) -> Self {
        let value = sample.value;
        Self { at: sample.at.hour_start(), count: 1, min: value, max: value, mean: value, last: value }
    }
}

/// What the analysis gets of one series: the long past in hours, the near past as measured.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Series {
    /// Ascending; hours without samples are absent.
    pub hours: Vec<Hour>,
    /// Ascending; the last [`crate::input::RECENT`].
    pub recent: Vec<Sample>,
}

/// What comes further apart than this comes seldom. More than the five minutes at which many machines of an office ask, so
/// that these are never now the one and now the other.
pub(crate) const SELDOM: Millis = Millis::minutes(7);

impl Series {
    /// The latest sample, where there is one.
    pub fn last(&self) -> Option<Sample> {
        self.recent.last().copied()
    }

    /// The samples after `from`.
    pub fn since(&self, from: Timestamp) -> &[Sample] {
        let start = self.recent.partition_point(|sample| sample.at <= from);
        &self.recent[start..]
    }

    /// The hours that begin at or after `from`.
    pub fn hours_since(&self, from: Timestamp) -> &[Hour] {
        let start = self.hours.partition_point(|hour| hour.at < from);
        &self.hours[start..]
    }

    /// The value at `at`: the last one measured until then.
    pub fn value_at(&self, at: Timestamp) -> Option<f64> {
        let samples = self.recent.partition_point(|sample| sample.at <= at);
        if let Some(sample) = samples.checked_sub(1).and_then(|i| self.recent.get(i)) {
            return Some(sample.value);
        }
        let hours = self.hours.partition_point(|hour| hour.at.plus(Millis::HOUR) <= at);
        hours.checked_sub(1).and_then(|i| self.hours.get(i)).map(|hour| hour.last)
    }

    /// By how much it changed from `within` ago until `now`; nothing where it is not known for so long.
    pub fn change(&self, now: Timestamp, within: Millis) -> Option<f64> {
        Some(self.value_at(now)? - self.value_at(now.minus(within))?)
    }

    /// The hours that were over by `at`, as they were known then, of the `length` before it.
    #[must_use]
    pub fn as_of(&self, at: Timestamp, length: Millis) -> Self {
        let known = |hour: &&Hour| hour.at.plus(Millis::HOUR) <= at && hour.at >= at.minus(length);
        Self { hours: self.hours.iter().filter(known).copied().collect(), recent: Vec::new() }
    }

    /// When it was first measured, as far as is known.
    pub fn first_at(&self) -> Option<Timestamp> {
        let measured = self.recent.first().map(|sample| sample.at);
        self.hours.first().map(|hour| hour.at).into_iter().chain(measured).min()
    }

    /// Whether its samples come so far apart that each says more than one of many.
    pub fn is_seldom(&self) -> bool {
        self.spacing() > SELDOM
    }

    /// The usual time between two samples, from the latest of them; an hour where only hours are known,
    /// a minute where nothing is.
    pub fn spacing(&self) -> Millis {
        let latest = &self.recent[self.recent.len().saturating_sub(9)..];
        let mut steps: Vec<Millis> = latest.windows(2).map(|pair| pair[1].at.since(pair[0].at)).collect();
        steps.sort_unstable();
        match steps.get(steps.len() / 2) {
            Some(step) => (*step).max(Millis::SECOND),
            None if self.hours.len() > 1 => Millis::HOUR,
            None => Millis::MINUTE,
        }
    }
}
