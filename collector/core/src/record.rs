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

    fn merge(&mut self, other: &Self) {
        self.tickets += other.tickets;
        self.right += other.right;
        self.false_alarms += other.false_alarms;
        self.not_needed += other.not_needed;
        self.untreated_onset += other.untreated_onset;
        self.untreated_cleared += other.untreated_cleared;
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

/// What one client's ledger says of a rule: its part of the [`RuleRecord`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Share {
    counts: RuleRecord,
    /// From which the median over all clients is found.
    leads: Vec<Millis>,
}

pub type Shares = BTreeMap<FindingKind, Share>;

/// What the ledger of one client says of each rule.
pub fn shares(entries: &[Entry]) -> Shares {
    let mut shares = Shares::new();
    for entry in ledger::standing(entries) {
        let (Some(kind), Some(ticketed_at)) = (entry.kind, entry.ticketed_at) else { continue };
        let share = shares.entry(kind).or_default();
        let right_before = share.counts.right;
        share.counts.add(entry);
        if let (true, Some(onset)) = (share.counts.right > right_before, entry.onset.or(entry.evidence.expected_at)) {
            share.leads.push(onset.since(ticketed_at));
        }
    }
    shares
}

/// How right each rule has been, over all clients.
pub fn together(of_clients: impl IntoIterator<Item = Shares>) -> BTreeMap<FindingKind, RuleRecord> {
    let mut sums = Shares::new();
    for (kind, share) in of_clients.into_iter().flatten() {
        let sum = sums.entry(kind).or_default();
        sum.counts.merge(&share.counts);
        sum.leads.extend(share.leads);
    }
    let record = |sum: Share| RuleRecord { median_lead: median(sum.leads), ..sum.counts };
    sums.into_iter().map(|(kind, sum)| (kind, record(sum))).collect()
}

/// How right each rule has been, over the entries of any number of clients.
pub fn records(entries: &[Entry]) -> BTreeMap<FindingKind, RuleRecord> {
    together([shares(entries)])
}

fn median(mut leads: Vec<Millis>) -> Option<Millis> {
    leads.sort_unstable();
    let upper = *leads.get(leads.len() / 2)?;
    let lower = *leads.get((leads.len() - 1) / 2)?;
    Some(Millis(lower.0 + (upper.0 - lower.0) / 2))
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
    fn the_shares_of_clients_make_one_record_whose_median_is_over_all() {
        let share = |right, leads: &[i64]| {
            let leads = leads.iter().map(|hours| Millis::hours(*hours)).collect();
            Shares::from([(FindingKind::VolumeFull, Share { counts: record(right, 3), leads })])
        };
        let together = together([share(3, &[1, 2, 9]), Shares::new(), share(1, &[30])]);
        let expected = RuleRecord { median_lead: Some(Millis(Millis::hours(11).0 / 2)), ..record(4, 6) };
        assert_eq!(together, BTreeMap::from([(FindingKind::VolumeFull, expected)]));
    }

    #[test]
    fn the_median_of_two_lies_between_them() {
        assert_eq!(median(vec![Millis(4), Millis(2)]), Some(Millis(3)));
        assert_eq!(median(Vec::new()), None);
    }
}
