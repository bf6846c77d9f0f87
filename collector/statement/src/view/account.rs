//! What stands behind the figures: money with every input, what could not be seen, the definitions
//! and the chances used.

use super::Source;
use crate::words::{count, duration, name, paragraph, percent};
use beforehand_core::{
    month::{MonthFigures, MonthInput},
    outcome::Outcome,
    worth::{money, sentence},
};
use serde::Serialize;

/// Fee beside worth.
#[derive(Debug, Serialize)]
pub(crate) struct Account {
    pub(crate) sentence: String,
    /// What, this month, twelve months; the last may be empty.
    pub(crate) rows: Vec<[String; 3]>,
    pub(crate) inputs: Vec<Input>,
    pub(crate) hours: Vec<[String; 2]>,
}

/// A figure with its source.
#[derive(Debug, Serialize)]
pub(crate) struct Input {
    pub(crate) what: String,
    pub(crate) value: String,
    pub(crate) source: String,
}

/// What was watched and what could not be seen.
#[derive(Debug, Serialize)]
pub(crate) struct Sight {
    pub(crate) watched: String,
    /// What, why, how long.
    pub(crate) blind: Vec<[String; 3]>,
}

#[derive(Debug, Serialize)]
pub(crate) struct Definition {
    pub(crate) outcome: &'static str,
    pub(crate) text: &'static str,
}

pub(super) fn account(source: Source<'_>) -> Account {
    let (worth, currency) = (&source.figures.worth, source.input.client.currency.as_str());
    let amount = |minor| money(minor, currency);
    let effort = source.figures.effort;
    let row = |what: &str, month: i64, year: Option<i64>| {
        [what.to_owned(), amount(month), year.map(amount).unwrap_or_default()]
    };
    let hours = |what: &str, minutes: u32| [what.to_owned(), duration(minutes)];
    Account {
        sentence: paragraph(&sentence(worth, currency)),
        rows: vec![
            row("Your fee", worth.fee, Some(worth.year_fee)),
            row("Prevention, likely worth", worth.likely, Some(worth.year_likely)),
            row("Prevention, at least", worth.low, None),
            row("Prevention, at most", worth.high, None),
            row("Support hours used, at list price", worth.included_support, Some(worth.year_support)),
        ],
        inputs: worth
            .inputs
            .iter()
            .map(|input| Input {
                what: paragraph(&input.what),
                value: name(&input.value),
                source: paragraph(&input.source),
            })
            .collect(),
        hours: vec![
            hours("Work before anyone noticed", effort.proactive_minutes),
            hours("Work after someone noticed", effort.reactive_minutes),
            hours("Work caused by false alarms", effort.false_alarm_minutes),
        ],
    }
}

/// The input names them in the plural: `7 volumes`, `1 web address`.
fn watched_words(many: &str, n: u32) -> String {
    let one =
        many.strip_suffix("es").filter(|one| one.ends_with("ss")).or_else(|| many.strip_suffix('s')).unwrap_or(many);
    count(n.into(), one, many)
}

pub(super) fn sight(input: &MonthInput) -> Sight {
    let watched: Vec<String> = input.watched.iter().map(|(what, n)| watched_words(&name(what), *n)).collect();
    let watched = match watched.as_slice() {
        [] => "Nothing was watched this month.".to_owned(),
        [only] => format!("We watched {only}."),
        [most @ .., last] => format!("We watched {} and {last}.", most.join(", ")),
    };
    let blind = input.blind.iter().map(|spot| {
        [
            paragraph(&spot.what),
            paragraph(&spot.why),
            spot.minutes.map_or_else(|| "the whole month".to_owned(), duration),
        ]
    });
    Sight { watched, blind: blind.collect() }
}

pub(super) fn definitions() -> Vec<Definition> {
    let tell = |outcome: Outcome| Definition { outcome: outcome.name(), text: outcome.definition() };
    Outcome::ALL.into_iter().map(tell).collect()
}

pub(super) fn chances(figures: &MonthFigures) -> Vec<Input> {
    let chances = figures.chances.iter();
    chances
        .map(|chance| Input {
            what: chance.kind.name().to_owned(),
            value: format!("{} (90 %: {} to {})", percent(chance.p), percent(chance.low), percent(chance.high)),
            source: paragraph(&chance.source),
        })
        .collect()
}

pub(super) fn records(input: &MonthInput) -> Vec<Input> {
    let records = input.records.iter().filter(|(_, record)| record.tickets > 0);
    records
        .map(|(kind, record)| Input {
            what: kind.name().to_owned(),
            value: count(u64::from(record.tickets), "ticket judged", "tickets judged"),
            source: paragraph(&record.sentence()),
        })
        .collect()
}

pub(super) fn ledger_head(figures: &MonthFigures) -> String {
    figures
        .ledger_head
        .as_ref()
        .map_or_else(|| "empty".to_owned(), |head| format!("entry {}, {}", head.seq, name(&head.hash)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_of_a_kind_is_named_as_one() {
        let said = [("printers", 1), ("web addresses", 1), ("volumes", 7), ("drives", 1)]
            .map(|(what, n)| watched_words(what, n));
        assert_eq!(said, ["1 printer", "1 web address", "7 volumes", "1 drive"]);
    }
}
