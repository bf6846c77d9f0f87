//! One execution of one probe. Failures travel too: the collector must tell *silent*,
//! *unsupported*, *blind* and *broken* apart.

use crate::{observation::Observation, time::Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProbeRun {
    /// Name of the probe: `host`, `disk_space`, `connectivity` (pings), `service` (name servers and
    /// web addresses), `printer`, `drives`.
    pub probe: String,
    /// When it started, by the host's wall clock.
    pub at: Timestamp,
    /// When it started, in milliseconds of the host's monotonic clock.
    pub mono_ms: u64,
    /// How long it took.
    pub took_ms: u32,
    pub outcome: Outcome,
}

/// What came of a run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "result", rename_all = "snake_case")]
pub enum Outcome {
    Seen {
        observations: Vec<Observation>,
    },
    /// This system has nothing of the kind and never will.
    Unsupported {
        why: String,
    },
    /// Nothing to look at now (no printer configured, no volume mounted).
    NoData {
        why: String,
    },
    /// There is something, but the agent may not look at it.
    Denied {
        why: String,
    },
    /// The deadline passed; the run was abandoned.
    TimedOut {
        after_ms: u32,
    },
    Failed {
        why: String,
    },
}

impl Outcome {
    /// What was seen; nothing for every kind of failure.
    pub fn observations(&self) -> &[Observation] {
        match self {
            Self::Seen { observations } => observations,
            Self::Unsupported { .. }
            | Self::NoData { .. }
            | Self::Denied { .. }
            | Self::TimedOut { .. }
            | Self::Failed { .. } => &[],
        }
    }

    /// As [`Self::observations`], to be changed.
    pub fn observations_mut(&mut self) -> &mut [Observation] {
        match self {
            Self::Seen { observations } => observations,
            Self::Unsupported { .. }
            | Self::NoData { .. }
            | Self::Denied { .. }
            | Self::TimedOut { .. }
            | Self::Failed { .. } => &mut [],
        }
    }
}
