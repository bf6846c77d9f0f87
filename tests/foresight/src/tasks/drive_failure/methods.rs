//! Ours, and the rules of others, each as its source has it.

use super::{
    fleet::{Drive, Fleet, Span},
    logistic,
    record::Scores,
};
use crate::{
    data::{self, Data},
    report::By,
};
use anyhow::Result;
use beforehand_core::detectors::drive_failure::card::{self, Count};
use serde::Deserialize;

pub(super) struct Method {
    pub(super) name: String,
    pub(super) by: By,
    pub(super) scores: Scores,
    /// Whether there is more than yes and no.
    pub(super) is_graded: bool,
    /// What its alarms are called, where it has several, and above which score they come.
    pub(super) limits: Vec<(&'static str, f64)>,
}

const RATES: &str = "smart/annual_failure_rate_by_value.csv";
/// A limit between no and yes.
const YES: f64 = 0.5;
/// Just below the limits of our notes, tickets and calls.
const TIERS: [(&str, f64); 3] = [("note", 0.0499), ("ticket", 0.2499), ("call", 0.4499)];

pub(super) fn all(fleet: &Fleet, data: &Data) -> Result<Vec<Method>> {
    eprintln!("  the score card …");
    let mut methods = vec![ours(fleet)];
    eprintln!("  the rules of others …");
    methods.extend(RULES.iter().map(|(name, rule)| Method {
        name: (*name).to_owned(),
        by: By::Opponent,
        scores: scored(fleet, |_, span| f64::from(u8::from(rule(span)))),
        is_graded: false,
        limits: vec![("", YES)],
    }));
    let buckets = Buckets(data::rows(&data.file(RATES)?)?);
    methods.push(Method {
        name: "Scrutiny, failure rate of the worst bucket".to_owned(),
        by: By::Opponent,
        scores: scored(fleet, |_, span| buckets.worst(span)),
        is_graded: true,
        limits: vec![("critical from 10 % a year", 0.0999)],
    });
    eprintln!("  logistic regression …");
    methods.push(Method {
        name: "logistic regression on levels".to_owned(),
        by: By::Opponent,
        scores: logistic::scores(fleet),
        is_graded: true,
        limits: Vec::new(),
    });
    Ok(methods)
}

fn ours(fleet: &Fleet) -> Method {
    let scores = fleet.drives.iter().map(|drive| {
        let judged = |at: usize| card::judge(&drive.model, &drive.history(at, drive.spans[at].from));
        let p90 = |judged: card::Judgement| if judged.has_signs() { judged.p90 } else { 0.0 };
        (0..drive.spans.len()).map(|at| p90(judged(at))).collect()
    });
    Method {
        name: "score card".to_owned(),
        by: By::Ours,
        scores: scores.collect(),
        is_graded: true,
        limits: TIERS.to_vec(),
    }
}

fn scored(fleet: &Fleet, score: impl Fn(&Drive, &Span) -> f64) -> Scores {
    fleet.drives.iter().map(|drive| drive.spans.iter().map(|span| score(drive, span)).collect()).collect()
}

type Rule = fn(&Span) -> bool;

/// Rules on raw values. The five are those that Backblaze names ("What SMART Stats Tell Us About Hard Drives", 2016).
const RULES: [(&str, Rule); 5] = [
    ("any of 5, 187, 188, 197, 198 above 0 (Backblaze)", |span| shown(span, &FIVE) >= 1),
    ("any of 5, 187, 197, 198 above 0", |span| shown(span, &FOUR) >= 1),
    ("two or more of 5, 187, 197, 198 above 0", |span| shown(span, &FOUR) >= 2),
    ("197 above 0", |span| shown(span, &[Count::PendingSectors]) >= 1),
    ("5 from 50, or 187, 197 or 198 from 10", |span| {
        at_least(span, Count::ReallocatedSectors, 50.0) || FOUR[1..].iter().any(|count| at_least(span, *count, 10.0))
    }),
];

const FIVE: [Count; 5] = [FOUR[0], FOUR[1], Count::CommandTimeouts, FOUR[2], FOUR[3]];
const FOUR: [Count; 4] =
    [Count::ReallocatedSectors, Count::MediaErrors, Count::PendingSectors, Count::UncorrectableSectors];

fn shown(span: &Span, counts: &[Count]) -> usize {
    counts.iter().filter(|count| at_least(span, **count, 1.0)).count()
}

fn at_least(span: &Span, count: Count, limit: f64) -> bool {
    span.counts.get(&count).is_some_and(|value| *value >= limit)
}

/// The published annual failure rates by raw value (AnalogJ/scrutiny, `thresholds`; Backblaze's statistics). It calls
/// a critical attribute failed from 10 % a year on.
struct Buckets(Vec<Bucket>);

#[derive(Deserialize)]
struct Bucket {
    id: u8,
    critical: String,
    low_raw: f64,
    high_raw: f64,
    annual_failure_rate: f64,
}

impl Buckets {
    /// Of the critical attributes.
    fn worst(&self, span: &Span) -> f64 {
        span.counts.iter().map(|(count, value)| self.rate(attribute(*count), *value)).fold(0.0, f64::max)
    }

    fn rate(&self, attribute: u8, value: f64) -> f64 {
        let mut fitting = self.0.iter().filter(|bucket| bucket.id == attribute && bucket.critical == "true");
        let bucket = fitting.find(|bucket| (bucket.low_raw..=bucket.high_raw).contains(&value));
        bucket.map_or(0.0, |bucket| bucket.annual_failure_rate)
    }
}

const fn attribute(count: Count) -> u8 {
    match count {
        Count::ReallocatedSectors => 5,
        Count::SpinRetries => 10,
        Count::MediaErrors => 187,
        Count::CommandTimeouts => 188,
        Count::ReallocationEvents => 196,
        Count::PendingSectors => 197,
        Count::UncorrectableSectors => 198,
    }
}
