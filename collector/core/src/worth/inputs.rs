//! Every figure that worth was computed from, as printed.

use super::{
    defaults,
    prices::Prices,
    words::{hours_words, money},
};
use crate::{
    finding::FindingKind,
    ledger::Entry,
    month::{MonthInput, WorthInput},
    outcome::Outcome,
};
use std::collections::BTreeSet;

const AGREED: &str = "agreed with you";
const ASSUMED: &str = "our assumption, until you tell us better";

pub(super) fn inputs(input: &MonthInput, prices: &Prices<'_>, lines: &[&Entry]) -> Vec<WorthInput> {
    let prevented: Vec<_> = lines.iter().filter(|line| line.outcome.is_prevented()).copied().collect();
    let kinds: BTreeSet<FindingKind> = prevented.iter().filter_map(|line| line.kind).collect();
    let mut inputs = contract(input);
    for kind in kinds {
        inputs.extend(of_kind(prices, kind));
        inputs.extend(prevented.iter().filter(|line| line.kind == Some(kind)).map(|line| of_line(prices, kind, line)));
    }
    inputs
}

fn contract(input: &MonthInput) -> Vec<WorthInput> {
    let contract = &input.client.contract;
    let amount = |minor: i64| if minor > 0 { money(minor, &input.client.currency) } else { "not given".to_owned() };
    let helped = f64::from(input.effort.reactive_minutes) / 60.0;
    vec![
        line("Wage of one person and hour, with all costs", amount(contract.wage_per_hour), AGREED),
        line("Revenue of an hour, the most it can cost", amount(contract.revenue_per_hour), AGREED),
        line("One visit without a contract", amount(contract.call_out), AGREED),
        line("An hour of ours without a contract", amount(contract.list_rate_per_hour), AGREED),
        line("People", contract.people.to_string(), AGREED),
        line("Help for users this month", hours_words(helped), "the work log"),
        line("Help that the fee includes", hours_words(contract.included_hours), AGREED),
    ]
}

fn of_kind(prices: &Prices<'_>, kind: FindingKind) -> [WorthInput; 3] {
    let hours = prices.hours(kind);
    let own = prices.own_history(kind).map(|own| format!("your own {} such incidents", own.len()));
    let length = format!("{}, {} or {}", hours_words(hours.low), hours_words(hours.likely), hours_words(hours.high));
    let visit = if defaults::needs_visit(kind) { "one" } else { "none" };
    [
        line(&format!("Length of a {}: low, likely, high", kind.name()), length, own.as_deref().unwrap_or(ASSUMED)),
        line(
            &format!("Share of work that a {} stops", kind.name()),
            format!("{:.0} %", 100.0 * defaults::share(kind)),
            ASSUMED,
        ),
        line(
            &format!("Visits that a {} needs (not counted in the low figure)", kind.name()),
            visit.to_owned(),
            ASSUMED,
        ),
    ]
}

fn of_line(prices: &Prices<'_>, kind: FindingKind, entry: &Entry) -> WorthInput {
    let people = prices.people(kind, entry);
    let chance = match entry.outcome {
        Outcome::PreventedLikely => format!(", chance {:.0} %", 100.0 * entry.counts_as()),
        _ => String::new(),
    };
    let source = if entry.evidence.users.is_some() { "entered for this one" } else { ASSUMED };
    let value = format!("{people} {}{chance}", if people == 1 { "person" } else { "people" });
    line(&format!("Held up without {}", entry.asset_name), value, source)
}

fn line(what: &str, value: String, source: &str) -> WorthInput {
    WorthInput { what: what.to_owned(), value, source: source.to_owned() }
}
