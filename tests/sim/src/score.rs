//! How near a tally came to the truth of its world (PREVENTION.md, section 6).

use crate::truth::Truth;
use beforehand_core::{
    ledger::{Entry, Subject},
    outcome::Outcome,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Score {
    /// Incidents that the work in the world averted.
    pub prevented: u32,
    /// Proven, plus the sum of `p` of the likely.
    pub tallied: f64,
    /// 90 % interval of the tally.
    pub low: f64,
    pub high: f64,
    /// |tallied − prevented| / prevented; the plain difference when nothing was prevented.
    pub error: f64,
    pub holds: bool,
    /// What counting every closed ticket would claim.
    pub naive: u32,
    pub naive_error: f64,
}

/// The two ends of a standard normal's middle 90 %.
const Z90: f64 = 1.645;

/// Scores the entries of a client's whole ledger, corrections applied.
pub fn score(truth: &Truth, ledger: &[Entry]) -> Score {
    let replaced: BTreeSet<u64> = ledger.iter().filter_map(|entry| entry.corrects).collect();
    let standing: Vec<&Entry> = ledger.iter().filter(|entry| !replaced.contains(&entry.seq)).collect();
    let chances: Vec<f64> = standing.iter().map(|entry| chance(entry)).collect();
    let tallied: f64 = chances.iter().sum();
    // Each likely case happens or not, and its p is itself uncertain: Bernoulli with a Beta-drawn p.
    let half = Z90 * chances.iter().map(|p| p * (1.0 - p)).sum::<f64>().sqrt();
    let naive = standing.iter().filter(|entry| matches!(entry.subject, Subject::Case { .. })).count() as u32;
    let prevented = truth.averted.len() as u32;
    Score {
        prevented,
        tallied,
        low: tallied - half,
        high: tallied + half,
        error: relative(tallied, prevented),
        holds: (tallied - half..=tallied + half).contains(&f64::from(prevented)),
        naive,
        naive_error: relative(f64::from(naive), prevented),
    }
}

fn chance(entry: &Entry) -> f64 {
    match entry.outcome {
        Outcome::PreventedProven => 1.0,
        Outcome::PreventedLikely => entry.p.map_or(0.0, |chance| chance.p),
        _ => 0.0,
    }
}

fn relative(claimed: f64, prevented: u32) -> f64 {
    (claimed - f64::from(prevented)).abs() / f64::from(prevented.max(1))
}
