//! The collector's answer to a report.

use crate::{ids::Incarnation, time::Timestamp};
use serde::{Deserialize, Serialize};

/// Sent only after the report is durable. An agent treats nothing else as delivered: a captive
/// portal's page is not this.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub incarnation: Incarnation,
    pub seq: u64,
    /// The highest sequence number of this incarnation that is stored. Lower than what the agent
    /// has delivered means a collector restored from an older backup: the agent sends again.
    pub high_water: u64,
    pub collector_time: Timestamp,
    /// Set when this `(incarnation, seq)` is stored with other content: the machine was rolled
    /// back or cloned, and continues under this incarnation, sending the report again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub continue_as: Option<Incarnation>,
    /// The revision of what this host is handed ([`crate::settings`]); older collectors hand nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<u64>,
}

/// Body of every error of the collector's API: what the sender may know and do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    /// Stable word for programs, such as `body_too_large`.
    pub code: String,
    /// One sentence for people.
    pub message: String,
}
