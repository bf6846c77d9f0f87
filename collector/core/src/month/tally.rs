//! Counting lines.

use super::{Tally, interval::interval};
use crate::{
    asset::AssetId,
    finding::FindingKind,
    ledger::{Entry, Subject},
    outcome::Outcome,
    ticket::UserReport,
};
use std::collections::BTreeMap;

/// `seq` of the lines that say *prevented* without adding to the count: of one cause on one asset,
/// only the strongest counts in a month. (Not the first: if that were disputed, a stronger one
/// would take its place and the count would rise.)
pub(super) fn repeats(lines: &[&Entry]) -> Vec<u64> {
    let mut counted: BTreeMap<(Option<&AssetId>, Option<FindingKind>), &Entry> = BTreeMap::new();
    let mut repeats = Vec::new();
    for line in lines.iter().filter(|line| line.outcome.is_prevented()) {
        if let Some(other) = counted.insert((line.asset.as_ref(), line.kind), line) {
            let (kept, repeat) = if line.counts_as() > other.counts_as() { (*line, other) } else { (other, *line) };
            counted.insert((line.asset.as_ref(), line.kind), kept);
            repeats.push(repeat.seq);
        }
    }
    repeats.sort_unstable();
    repeats
}

/// Counts lines of one month. `reports` are the users' reports of that month.
pub(super) fn tally(lines: &[&Entry], repeats: &[u64], reports: &[&UserReport]) -> Tally {
    let counted: Vec<_> = lines.iter().filter(|line| !repeats.contains(&line.seq)).collect();
    let mut by_outcome = BTreeMap::new();
    for line in &counted {
        *by_outcome.entry(line.outcome).or_insert(0) += 1;
    }
    let of = |outcome| by_outcome.get(&outcome).copied().unwrap_or(0);
    let likely: Vec<_> = counted
        .iter()
        .filter(|line| line.outcome == Outcome::PreventedLikely)
        .filter_map(|line| Some((line.kind?, line.p?)))
        .collect();
    let (low, high) = interval(&likely);
    let proven = of(Outcome::PreventedProven);
    Tally {
        proven,
        likely_cases: of(Outcome::PreventedLikely),
        likely: likely.iter().map(|(_, chance)| chance.p).sum(),
        low: f64::from(proven) + low,
        high: f64::from(proven) + high,
        user_visible: Outcome::ALL.into_iter().filter(|outcome| outcome.is_user_visible()).map(of).sum(),
        by_outcome,
        hours_lost: hours_lost(lines, reports),
    }
}

/// Minutes times people of the users' reports in scope, less those of which the ledger says that
/// they were not an incident.
fn hours_lost(lines: &[&Entry], reports: &[&UserReport]) -> f64 {
    let denied = |report: &UserReport| {
        let subject = Subject::UserReport { number: report.number };
        lines.iter().any(|line| line.subject == subject && !line.outcome.is_user_visible())
    };
    let counted = reports.iter().filter(|report| report.in_scope && !denied(report));
    counted.map(|report| f64::from(report.people) * f64::from(report.minutes_lost) / 60.0).sum()
}
