//! What an agent sends: the outcome of every probe run since the last report.

use crate::{
    ids::{BootId, HostId, Incarnation},
    run::ProbeRun,
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// [`crate::PROTOCOL_VERSION`] of the writer.
    pub protocol: u32,
    pub host: HostId,
    pub incarnation: Incarnation,
    /// Counts the reports of an incarnation from 1, without holes: a hole is a loss, and a
    /// [`Gap`] of a later report explains it.
    pub seq: u64,
    pub boot: BootId,
    /// When the report was made, by the host's wall clock.
    pub made_at: Timestamp,
    /// When the report was made, in milliseconds of the host's monotonic clock.
    pub mono_ms: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub goodbye: Option<Goodbye>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    #[serde(default)]
    pub runs: Vec<ProbeRun>,
}

/// Why the agent expects to be silent after this report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Goodbye {
    /// The service was stopped; the machine goes on.
    Stop,
    Shutdown,
    Suspend,
}

/// A stretch for which nothing will come, said openly.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gap {
    /// First and last instant without data, by the host's wall clock.
    pub from: Timestamp,
    pub to: Timestamp,
    pub reason: GapReason,
    /// Reports that were lost; 0 where none was ever made (sleep).
    pub lost: u64,
    /// First and last sequence number lost, where known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seqs: Option<(u64, u64)>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// The spool reached its limit of size or age.
    SpoolFull,
    /// The state directory could not be written; reports were kept in memory as far as it goes.
    DiskFull,
    /// A spooled report was damaged.
    Corrupt,
    /// The collector refused the report for good (a 4xx about its content).
    Refused,
    /// The machine slept.
    Asleep,
    /// The agent did not run.
    NotRunning,
}

/// Header of a report's request: the host's wall clock (ms) when it was sent.
pub const SENT_AT_HEADER: &str = "beforehand-sent-at";
/// Header of a report's request: the host's monotonic clock (ms) when it was sent. With it the
/// collector dates measurements by its own clock, whatever the host's wall clock did meanwhile.
pub const SENT_MONO_HEADER: &str = "beforehand-sent-mono";
/// Header of a report's request: the boot that the monotonic clock belongs to.
pub const SENT_BOOT_HEADER: &str = "beforehand-sent-boot";
