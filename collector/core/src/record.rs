//! How right a rule has been, from the provider's own ledger.

use beforehand_shared::time::Millis;
use serde::{Deserialize, Serialize};

/// Counted over the provider's whole ledger, per kind of finding.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleRecord {
    /// Tickets of the rule that were judged.
    pub tickets: u32,
    /// Of these, how many were about something real: everything but *false* and *not needed*.
    pub right: u32,
    pub false_alarms: u32,
    pub not_needed: u32,
    /// Warnings nobody handled in time that reached onset: the natural experiment behind `p`.
    pub untreated_onset: u32,
    /// Warnings nobody handled that went away.
    pub untreated_cleared: u32,
    /// Median time from ticket to onset, or to the expected onset.
    pub median_lead: Option<Millis>,
}
