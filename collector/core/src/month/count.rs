//! The figures of a month.

use super::{
    Amendment, KindChance, LedgerHead, MonthFigures, MonthInput,
    tally::{repeats, tally},
    trend::{lines_of, reports_of, trend},
};
use crate::{
    calendar::Calendar,
    finding::FindingKind,
    forecast::ForecastResult,
    ledger::{self, Entry},
    outcome::{self, Outcome},
    worth::{Prices, worth},
};
use std::collections::BTreeSet;

/// The same input gives the same figures. A correction counts in the month of the line that it
/// corrects, whenever it was written; months whose statement is out get it in
/// [`MonthFigures::since_last`] of the next one.
pub fn figures(input: &MonthInput) -> MonthFigures {
    let calendar = Calendar::new(&input.client.time_zone);
    let standing = ledger::standing(&input.ledger);
    let prices = Prices::new(&input.client.contract, &standing);
    let lines = lines_of(&standing, &calendar, input.month);
    let repeats = repeats(&lines);
    let trend = trend(input, &standing, &prices);
    let counted: Vec<_> = lines.iter().filter(|line| !repeats.contains(&line.seq)).copied().collect();
    MonthFigures {
        month: input.month,
        tally: tally(&lines, &repeats, &reports_of(input, &calendar, input.month)),
        worth: worth(input, &prices, &counted, &trend),
        forecast_hits: scored(input, ForecastResult::Hit),
        forecast_misses: scored(input, ForecastResult::Miss),
        forecast_treated: scored(input, ForecastResult::Treated),
        chances: chances(input, &standing),
        since_last: since_last(input, &standing, &calendar),
        lines: lines.into_iter().cloned().collect(),
        repeats,
        trend,
        effort: input.effort,
        input_hash: ledger::fingerprint(input),
        ledger_head: input.ledger.last().map(|entry| LedgerHead { seq: entry.seq, hash: entry.hash.clone() }),
    }
}

/// Of forecasts that gave dates. One that gave chances alone is not wrong because one in three did not come: those
/// are scored by how often they come true.
fn scored(input: &MonthInput, wanted: ForecastResult) -> u32 {
    let dated = input.scored.iter().filter(|named| named.forecast.outlook.q50.is_some());
    let results = dated.filter_map(|named| named.forecast.result);
    results.filter(|resolution| resolution.result == wanted).map(|_| 1).sum()
}

/// Of the kinds with a likely prevention anywhere in the ledger: the trend shows those too.
fn chances(input: &MonthInput, standing: &[&Entry]) -> Vec<KindChance> {
    let likely = standing.iter().filter(|entry| entry.outcome == Outcome::PreventedLikely);
    let kinds: BTreeSet<FindingKind> = likely.filter_map(|entry| entry.kind).collect();
    let chance_of = |kind| {
        let record = input.records.get(&kind).cloned().unwrap_or_default();
        let chance = outcome::chance(kind, &record);
        let (low, high) = outcome::interval(&chance);
        KindChance { kind, p: chance.p, low, high, source: outcome::source(kind, &record) }
    };
    kinds.into_iter().map(chance_of).collect()
}

fn since_last(input: &MonthInput, standing: &[&Entry], calendar: &Calendar) -> Vec<Amendment> {
    let (start, _) = calendar.month_bounds(input.month);
    let since = input.previous_taken_at.unwrap_or(start);
    let late = standing.iter().filter(|entry| entry.counted_at < start && entry.at > since);
    late.map(|entry| Amendment {
        month: calendar.month_of(entry.counted_at),
        entry: (*entry).clone(),
        was: last_shown(input, entry, since),
    })
    .collect()
}

/// What the statement before showed in place of `entry`: the nearest it corrects that was written
/// by then.
fn last_shown(input: &MonthInput, entry: &Entry, since: beforehand_shared::time::Timestamp) -> Option<Outcome> {
    let mut old = entry.corrects;
    while let Some(seq) = old {
        let corrected = input.ledger.iter().find(|other| other.seq == seq)?;
        if corrected.at <= since {
            return Some(corrected.outcome);
        }
        old = corrected.corrects.filter(|earlier| *earlier < seq);
    }
    None
}
