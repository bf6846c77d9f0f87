//! Outages that come at the same hour of the night, week after week: whoever runs the line works on it then. They call
//! nobody, as long as they do not last longer than they ever did.

use crate::{
    calendar::{Calendar, duration_words},
    finding::{Evidence, Fact},
    input::{AssetView, Input},
    math::quantile::median,
    series::{Hour, Metric, Series},
};
use beforehand_shared::{
    link::LinkRole,
    observation::Observation,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// Local hours in which lines are worked on.
const NIGHT: std::ops::Range<i64> = 0..6;
/// Of the last eight weeks it must have happened in three.
const WEEKS: i64 = 8;
const LEAST_WEEKS: usize = 3;
/// By so many hours the beginning may differ.
const ABOUT: i64 = 1;
/// Per cent of an hour's pings; less is no outage.
const OUT_PCT: f64 = 3.0;
/// An hour is slow with so many times the usual round trip, and so many milliseconds more.
const SLOW_TIMES: f64 = 1.3;
const SLOW_MS: f64 = 10.0;
/// What lasts half as long again, and a little more, is still the same.
const LEEWAY: Millis = Millis::minutes(10);

const LABEL: &str = "Expected";

/// What has happened at this hour before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Expected {
    kind: Kind,
    weeks: usize,
    longest: Millis,
}

/// What kind of trouble is looked for in the past.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Out,
    Slow,
}

impl Expected {
    /// Of trouble of the whole line that began at `began`.
    pub(crate) fn of(input: &Input, kind: Kind, began: Timestamp) -> Option<Self> {
        let calendar = Calendar::new(&input.time_zone);
        let clock = |at: Timestamp| i64::from(calendar.local(at).hour());
        if !NIGHT.contains(&clock(began)) {
            return None;
        }
        let from = began.minus(Millis::days(7 * WEEKS));
        let spells = spells(&line_hours(input, kind, from, began.hour_start()));
        let (at_night, else_when): (Vec<Spell>, Vec<Spell>) = spells
            .into_iter()
            .partition(|spell| NIGHT.contains(&clock(spell.from)) && (clock(spell.from) - clock(began)).abs() <= ABOUT);
        let weeks: BTreeSet<i64> =
            at_night.iter().map(|spell| began.since(spell.from).0.div_euclid(Millis::days(7).0)).collect();
        // A line that is out at all hours is not worked on, it is bad.
        let is_habit = weeks.len() >= LEAST_WEEKS && else_when.len() <= at_night.len();
        let longest = at_night.iter().map(|spell| spell.length).max()?;
        is_habit.then_some(Self { kind, weeks: weeks.len(), longest })
    }

    /// Whether it may last so long and still be that.
    pub(crate) fn covers(&self, length: Millis) -> bool {
        length.0 <= self.longest.0 * 3 / 2 + LEEWAY.0
    }

    pub(crate) fn sentence(&self) -> String {
        let was = if self.kind == Kind::Out { "out" } else { "slow" };
        format!(
            "In {} of the last {WEEKS} weeks the line was {was} at this hour, for {} at most: probably its provider works on it. If it lasts longer, a ticket opens.",
            self.weeks,
            duration_words(self.longest)
        )
    }

    pub(crate) fn fact(&self) -> Fact {
        Fact { label: LABEL.to_owned(), value: format!("at this hour, for {}", duration_words(self.longest)) }
    }
}

/// Whether it was found to be expected, so that it is only a note, and still explains what hangs on it.
pub(crate) fn is_expected(evidence: &Evidence) -> bool {
    evidence.facts.iter().any(is_mark)
}

pub(crate) fn is_mark(fact: &Fact) -> bool {
    fact.label == LABEL
}

#[derive(Debug, Clone, Copy)]
struct Spell {
    from: Timestamp,
    length: Millis,
}

/// Hours without a break in between, by how much of them was bad.
fn spells(bad: &BTreeMap<Timestamp, Millis>) -> Vec<Spell> {
    let mut spells: Vec<(Spell, Timestamp)> = Vec::new();
    for (at, length) in bad {
        match spells.last_mut().filter(|(_, last)| at.since(*last) <= Millis::HOUR) {
            Some((spell, last)) => (spell.length, *last) = (Millis(spell.length.0 + length.0), *at),
            None => spells.push((Spell { from: *at, length: *length }, *at)),
        }
    }
    spells.into_iter().map(|(spell, _)| spell).collect()
}

/// For each hour in which the middle anchor was bad, how much of it was.
fn line_hours(input: &Input, kind: Kind, from: Timestamp, to: Timestamp) -> BTreeMap<Timestamp, Millis> {
    let is_anchor = |view: &&AssetView| matches!(&view.facts, Observation::Link(link) if link.role == LinkRole::Anchor);
    let metric = if kind == Kind::Out { Metric::LossPct } else { Metric::RttMs };
    let series = input.assets.values().filter(is_anchor).filter_map(|view| view.series.get(&metric));
    let mut hours: BTreeMap<Timestamp, Vec<f64>> = BTreeMap::new();
    for series in series {
        let usual = usual(series);
        for hour in series.hours_since(from).iter().take_while(|hour| hour.at < to) {
            hours.entry(hour.at).or_default().push(badness(kind, hour, usual));
        }
    }
    let middle = |(at, mut shares): (Timestamp, Vec<f64>)| {
        let share = median(&mut shares).filter(|share| *share > 0.0)?;
        Some((at, Millis((share * Millis::HOUR.0 as f64) as i64)))
    };
    hours.into_iter().filter_map(middle).collect()
}

/// Share of the hour, 0 to 1.
fn badness(kind: Kind, hour: &Hour, usual: f64) -> f64 {
    match kind {
        Kind::Out if hour.mean >= OUT_PCT => hour.mean / 100.0,
        Kind::Slow if hour.mean >= (SLOW_TIMES * usual).max(usual + SLOW_MS) => 1.0,
        _ => 0.0,
    }
}

fn usual(series: &Series) -> f64 {
    median(&mut series.hours.iter().map(|hour| hour.mean).collect::<Vec<f64>>()).unwrap_or(0.0)
}
