//! Printers that jam more and more: jams and recoverable faults per thousand pages, against their own past.

mod explain;

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input, LIFE},
    series::{Hour, Metric, Series},
};
use beforehand_shared::{
    observation::Observation,
    time::{Millis, Timestamp},
};
use explain::Day;

/// What is called the present in words; the past is all before it.
const PRESENT: Millis = Millis::days(42);
/// Nothing is said before so much is known of a printer.
const LEAST_PAGES: f64 = 2_500.0;
const LEAST_DAYS: usize = 60;
/// A ticket is opened from this chance of wear on, and an open case is over below that one.
const SURE: f64 = 0.82;
const OVER: f64 = 0.5;

pub(super) struct PrinterWearing;

impl Detector for PrinterWearing {
    fn kind(&self) -> FindingKind {
        FindingKind::PrinterWearing
    }

    fn detect(&self, input: &Input) -> Vec<Finding> {
        let printers = input.assets.iter().filter(|(_, view)| matches!(view.facts, Observation::Printer(_)));
        let fresh = printers.filter(|(_, view)| view.is_fresh(&Metric::PrinterState, input.now));
        fresh.filter_map(|(asset, view)| judge(input, asset, view)).collect()
    }
}

/// Jams and pages of a time.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    jams: f64,
    pages: f64,
}

impl Count {
    fn per_thousand(self) -> f64 {
        1000.0 * self.jams / self.pages.max(1.0)
    }
}

fn judge(input: &Input, asset: &AssetId, view: &AssetView) -> Option<Finding> {
    let (pages, troubled) = (view.series.get(&Metric::Pages)?, view.series.get(&Metric::Troubled)?);
    let name = input.name_of(asset);
    let days = days(pages, troubled, input.now);
    if days.len() < LEAST_DAYS || days.iter().map(|day| day.pages).sum::<f64>() < LEAST_PAGES {
        return Some(blind(asset, &name));
    }
    let chance = explain::chance(&days);
    if chance < OVER {
        return healthy(input, asset, FindingKind::PrinterWearing, || {
            format!("Printer {name} jams no more often than it used to.")
        });
    }
    let from = input.now.minus(PRESENT);
    let past = count(pages, troubled, (input.now.minus(LIFE), from));
    let present = count(pages, troubled, (from, input.now));
    (chance >= SURE).then(|| finding(input, asset, &name, (past, present)))
}

/// Back from now to the first page that is known of, the latest first.
fn days(pages: &Series, troubled: &Series, now: Timestamp) -> Vec<Day> {
    let Some(first) = pages.hours.iter().find(|hour| now.since(hour.at) <= LIFE) else { return Vec::new() };
    let age = |at: Timestamp| usize::try_from(now.since(at).0.div_euclid(Millis::DAY.0)).ok();
    let mut days = vec![Day::default(); age(first.at).map_or(0, |age| age + 1)];
    for (at, printed) in printed(pages) {
        if let Some(day) = age(at).and_then(|age| days.get_mut(age)) {
            day.pages += printed;
        }
    }
    for at in jams(troubled) {
        if let Some(day) = age(at).and_then(|age| days.get_mut(age)) {
            day.jams = 1.0;
        }
    }
    days
}

fn count(pages: &Series, troubled: &Series, (from, to): (Timestamp, Timestamp)) -> Count {
    let inside = |at: &Timestamp| *at >= from && *at < to;
    let printed = printed(pages).filter(|(at, _)| inside(at)).map(|(_, pages)| pages);
    Count { jams: jams(troubled).filter(inside).count() as f64, pages: printed.sum() }
}

/// Pages of each hour; a counter that was set back printed nothing.
fn printed(pages: &Series) -> impl Iterator<Item = (Timestamp, f64)> {
    pages.hours.windows(2).map(|pair| (pair[1].at, (pair[1].last - pair[0].last).max(0.0)))
}

/// Hours in which a jam or a fault began: one that lasts for hours is one.
fn jams(troubled: &Series) -> impl Iterator<Item = Timestamp> {
    let began = |pair: &&[Hour]| pair[1].max > pair[0].last;
    troubled.hours.windows(2).filter(began).map(|pair| pair[1].at)
}

fn finding(input: &Input, asset: &AssetId, name: &str, (past, present): (Count, Count)) -> Finding {
    let rate = |count: Count| format!("{:.1} in 1,000 pages", count.per_thousand());
    Finding {
        kind: FindingKind::PrinterWearing,
        asset: asset.clone(),
        severity: Severity::Soon,
        sentence: format!(
            "Printer {name} jams or stumbles more and more often: {} in the last six weeks, {} before.",
            rate(present),
            rate(past)
        ),
        steps: steps([
            "Clean the pick-up rollers and the path of the paper; look whether the paper is damp or of another kind.",
            "Look when its rollers or its maintenance kit were last replaced, and order them if they are due.",
            "If it goes on, call the printer's service before it stands still.",
        ]),
        evidence: Evidence {
            facts: vec![
                fact("In the last six weeks", format!("{:.0} on {:.0} pages", present.jams, present.pages)),
                fact("Before", format!("{:.0} on {:.0} pages", past.jams, past.pages)),
            ],
            chart: Some(ChartRef {
                asset: asset.clone(),
                metric: Metric::Troubled,
                from: input.now.minus(Millis::days(90)),
                limit: None,
            }),
        },
        outlook: None,
    }
}

fn blind(asset: &AssetId, name: &str) -> Finding {
    Finding {
        kind: FindingKind::PrinterWearing,
        asset: asset.clone(),
        severity: Severity::Blind,
        sentence: format!(
            "Whether printer {name} wears cannot be told: it has printed too little since it is watched."
        ),
        steps: Vec::new(),
        evidence: Evidence::default(),
        outlook: None,
    }
}
