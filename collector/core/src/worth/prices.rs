//! The price of an incident of each kind at one client.

use super::defaults::{self, Hours};
use crate::{
    finding::FindingKind,
    ledger::{Chance, Entry},
    outcome::{Outcome, interval},
    site::Contract,
};
use std::collections::BTreeMap;

/// From so many incidents of a kind on, their own durations are used.
const OWN_HISTORY: usize = 5;

/// An amount in minor units of the client's currency.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Price {
    pub low: i64,
    pub likely: i64,
    pub high: i64,
}

/// What the client's incidents cost, from its contract and its own history.
#[derive(Debug, Clone)]
pub struct Prices<'a> {
    pub(super) contract: &'a Contract,
    /// Hours that users of each kind's incidents reported, ascending.
    history: BTreeMap<FindingKind, Vec<f64>>,
}

impl<'a> Prices<'a> {
    /// `standing` are the entries of the client that stand.
    pub fn new(contract: &'a Contract, standing: &[&Entry]) -> Self {
        let mut history: BTreeMap<FindingKind, Vec<f64>> = BTreeMap::new();
        for entry in standing {
            let felt = matches!(entry.outcome, Outcome::Shortened | Outcome::Late) && entry.evidence.minutes_lost > 0;
            if let (true, Some(kind)) = (felt, entry.kind) {
                history.entry(kind).or_default().push(f64::from(entry.evidence.minutes_lost) / 60.0);
            }
        }
        history.values_mut().for_each(|hours| hours.sort_by(f64::total_cmp));
        Self { contract, history }
    }

    /// Quarter, half and three quarters of the own history, or the default.
    pub(super) fn hours(&self, kind: FindingKind) -> Hours {
        match self.own_history(kind) {
            Some(own) => Hours { low: quantile(own, 0.25), likely: quantile(own, 0.5), high: quantile(own, 0.75) },
            None => defaults::hours(kind),
        }
    }

    /// The hours of at least [`OWN_HISTORY`] incidents.
    pub(super) fn own_history(&self, kind: FindingKind) -> Option<&[f64]> {
        self.history.get(&kind).map(Vec::as_slice).filter(|own| own.len() >= OWN_HISTORY)
    }

    pub(super) fn people(&self, kind: FindingKind, entry: &Entry) -> u32 {
        entry.evidence.users.unwrap_or_else(|| defaults::people(kind, self.contract))
    }

    /// The worth of having prevented `line`: of a likely one its chance is taken, of anything that
    /// was not prevented it is nothing.
    pub fn of(&self, line: &Entry) -> Price {
        let (Some(kind), true) = (line.kind, line.outcome.is_prevented()) else { return Price::default() };
        let (p_low, p_high) = match (&line.p, line.outcome) {
            (Some(chance), Outcome::PreventedLikely) => spread(chance),
            _ => (1.0, 1.0),
        };
        let hours = self.hours(kind);
        let people = f64::from(self.people(kind, line));
        let visit = if defaults::needs_visit(kind) { self.contract.call_out as f64 } else { 0.0 };
        let held_up = |hours| self.held_up(people * defaults::share(kind), hours);
        Price {
            low: (p_low * held_up(hours.low)).round() as i64,
            likely: (line.counts_as() * (held_up(hours.likely) + visit)).round() as i64,
            high: (p_high * (held_up(hours.high) + visit)).round() as i64,
        }
    }

    pub fn of_lines<'b>(&self, lines: impl Iterator<Item = &'b Entry>) -> Price {
        lines.map(|line| self.of(line)).fold(Price::default(), |sum, price| Price {
            low: sum.low + price.low,
            likely: sum.likely + price.likely,
            high: sum.high + price.high,
        })
    }

    /// The wages of `stopped` people for `hours`, at most the revenue of these hours where the
    /// client gave it.
    fn held_up(&self, stopped: f64, hours: f64) -> f64 {
        let wages = stopped * self.contract.wage_per_hour as f64 * hours;
        let revenue = self.contract.revenue_per_hour;
        if revenue > 0 { wages.min(revenue as f64 * hours) } else { wages }
    }
}

/// The ends of the chance's interval, around its mean.
fn spread(chance: &Chance) -> (f64, f64) {
    let (low, high) = interval(chance);
    (low.min(chance.p), high.max(chance.p))
}

/// Between the two nearest ranks of ascending values.
fn quantile(ascending: &[f64], q: f64) -> f64 {
    let place = q * ascending.len().saturating_sub(1) as f64;
    let (low, high) = (place.floor() as usize, place.ceil() as usize);
    match (ascending.get(low), ascending.get(high)) {
        (Some(a), Some(b)) => a + (b - a) * place.fract(),
        _ => 0.0,
    }
}
