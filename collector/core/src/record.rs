//! How right a rule has been, from the provider's own ledger.

use crate::{
    calendar::duration_words,
    finding::FindingKind,
    ledger::{self, Entry},
    outcome::Outcome,
};
use beforehand_shared::time::Millis;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A rule with fewer judged tickets is left alone.
const JUDGED_BEFORE_DEMOTION: u32 = 8;
/// A rule that is right less often opens notes instead of tickets.
const PRECISION_FLOOR: f64 = 0.3;

/// Counted over the provider's whole ledger, per kind of finding.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct RuleRecord {
    /// Tickets of the rule that were judged. What was out of scope says nothing about the rule,
    /// nor does what someone handled although it was not needed.
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
        let right = match (self.right, self.tickets) {
            (_, 0) => return "no judged ticket yet".to_owned(),
            (right, 1) => format!("right {right} of 1 time"),
            (right, tickets) => format!("right {right} of {tickets} times"),
        };
        match self.median_lead {
            Some(lead) if lead > Millis(0) => format!("{right}, median lead {}", duration_words(lead)),
            Some(_) => format!("{right}, as a rule only after it began"),
            None => right,
        }
    }

    fn add(&mut self, entry: &Entry) {
        let acted = entry.evidence.acted_at.is_some();
        match entry.outcome {
            Outcome::OutOfScope | Outcome::Missed => return,
            Outcome::NotNeeded if acted => return,
            Outcome::NotNeeded => self.not_needed += 1,
            Outcome::False => self.false_alarms += 1,
            Outcome::PreventedProven | Outcome::PreventedLikely | Outcome::Shortened | Outcome::Late => self.right += 1,
        }
        self.tickets += 1;
        let gone = matches!(entry.outcome, Outcome::NotNeeded | Outcome::False);
        if gone && !acted {
            self.untreated_cleared += 1;
        }
        if warned_in_vain(entry) {
            self.untreated_onset += 1;
        }
    }
}

/// Whether a ticket existed before onset and nobody acted on it until then.
fn warned_in_vain(entry: &Entry) -> bool {
    let (Some(ticketed_at), Some(onset)) = (entry.ticketed_at, entry.onset) else { return false };
    ticketed_at < onset && !entry.evidence.work.iter().any(|work| work.acted && work.at < onset)
}

/// How right each rule has been, over the entries of any number of clients.
pub fn records(entries: &[Entry]) -> BTreeMap<FindingKind, RuleRecord> {
    let mut records: BTreeMap<FindingKind, RuleRecord> = BTreeMap::new();
    let mut leads: BTreeMap<FindingKind, Vec<Millis>> = BTreeMap::new();
    for entry in ledger::standing(entries) {
        let (Some(kind), Some(ticketed_at)) = (entry.kind, entry.ticketed_at) else { continue };
        let record = records.entry(kind).or_default();
        let right_before = record.right;
        record.add(entry);
        if let (true, Some(onset)) = (record.right > right_before, entry.onset.or(entry.evidence.expected_at)) {
            leads.entry(kind).or_default().push(onset.since(ticketed_at));
        }
    }
    for (kind, record) in &mut records {
        record.median_lead = leads.remove(kind).and_then(median);
    }
    records
}

fn median(mut leads: Vec<Millis>) -> Option<Millis> {
    leads.sort_unstable();
    let upper = *leads.get(leads.len() / 2)?;
    let lower = *leads.get((leads.len() - 1) / 2)?;
    Some(Millis(lower.0 + (upper.0 - lower.0) / 2))
}

/// Why a rule opens notes instead of tickets, if it does.
pub fn demoted(record: &RuleRecord) -> Option<String> {
    let precision = record.precision()?;
    (record.tickets >= JUDGED_BEFORE_DEMOTION && precision < PRECISION_FLOOR).then(|| {
        format!(
            "This rule was right only {} of {} times, so it writes notes and opens no tickets.",
            record.right, record.tickets
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(right: u32, tickets: u32) -> RuleRecord {
        RuleRecord { right, tickets, ..RuleRecord::default() }
    }

    #[test]
    fn a_record_reads_as_on_the_ticket() {
        let record = RuleRecord { median_lead: Some(Millis::days(6)), ..record(17, 19) };
        assert_eq!(record.sentence(), "right 17 of 19 times, median lead 6 days");
        assert_eq!(RuleRecord::default().sentence(), "no judged ticket yet");
    }

    #[test]
    fn a_rule_is_demoted_only_after_eight_tickets_and_below_three_in_ten() {
        assert_eq!(demoted(&record(0, 7)), None);
        assert_eq!(demoted(&record(3, 10)), None);
        let why = demoted(&record(2, 8)).unwrap();
        assert_eq!(why, "This rule was right only 2 of 8 times, so it writes notes and opens no tickets.");
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        assert_eq!(median(vec![Millis(4), Millis(2)]), Some(Millis(3)));
        assert_eq!(median(Vec::new()), None);
    }
}
