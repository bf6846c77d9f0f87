//! Printers that jam more and more: jams and recoverable faults per thousand pages, against their own past.
//!
//! Both rates are Gamma posteriors after Jeffreys' prior, so the chance that the present one is more than
//! twice the past one is a value of the Beta distribution (Gelman and others, Bayesian Data Analysis, 2.6).

use super::{Detector, fact, healthy, steps};
use crate::{
    asset::AssetId,
    finding::{ChartRef, Evidence, Finding, FindingKind, Severity},
    input::{AssetView, Input, LIFE},
    series::{Metric, Series},
};
use beforehand_shared::{
    observation::Observation,
    time::{Millis, Timestamp},
};
use statrs::distribution::{Beta, ContinuousCDF};

/// The present, and what it is compared with: everything before it that is known.
const PRESENT: Millis = Millis::days(42);
/// Pages that must have been printed in each.
const LEAST_PAGES: f64 = 500.0;
const LEAST_PAST: f64 = 2_000.0;
/// So many jams at least, in the present.
const LEAST_JAMS: f64 = 4.0;
/// The present rate must be more than twice the past one, with this chance, and so a week ago.
const TIMES: f64 = 2.0;
const SURE: f64 = 0.95;
const LASTED: Millis = Millis::days(7);
/// An open case is over below this chance.
const OVER: f64 = 0.3;

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
    let Some((past, present)) = counts(pages, troubled, input.now) else {
        return Some(blind(asset, &name));
    };
    let chance = chance(past, present);
    let lasting = || {
        let before = counts(pages, troubled, input.now.minus(LASTED));
        before.is_some_and(|(past, present)| is_worse(past, present))
    };
    if input.case_on(asset, FindingKind::PrinterWearing).is_some() && chance < OVER {
        return healthy(input, asset, FindingKind::PrinterWearing, || {
            format!("Printer {name} jams no more often than it used to.")
        });
    }
    (is_worse(past, present) && lasting()).then(|| finding(input, asset, &name, (past, present)))
}

fn is_worse(past: Count, present: Count) -> bool {
    present.jams >= LEAST_JAMS && chance(past, present) >= SURE
}

/// That the present rate is more than [`TIMES`] the past one.
fn chance(past: Count, present: Count) -> f64 {
    let share = TIMES * present.pages / (past.pages + TIMES * present.pages);
    Beta::new(present.jams + 0.5, past.jams + 0.5).map_or(0.0, |beta| 1.0 - beta.cdf(share))
}

/// The past and the present; nothing where too little was printed to compare them.
fn counts(pages: &Series, troubled: &Series, now: Timestamp) -> Option<(Count, Count)> {
    let from = now.minus(PRESENT);
    let past = count(pages, troubled, (now.minus(LIFE), from));
    let present = count(pages, troubled, (from, now));
    (past.pages >= LEAST_PAST && present.pages >= LEAST_PAGES).then_some((past, present))
}

fn count(pages: &Series, troubled: &Series, (from, to): (Timestamp, Timestamp)) -> Count {
    let inside = |at: Timestamp| at >= from && at < to;
    let hours = pages.hours.windows(2).filter(|pair| inside(pair[1].at));
    let pages = hours.map(|pair| (pair[1].last - pair[0].last).max(0.0)).sum();
    let hours = troubled.hours.windows(2).filter(|pair| inside(pair[1].at));
    // One that lasts for hours is one.
    let jams = hours.filter(|pair| pair[1].max > 0.0 && pair[0].last == 0.0).count() as f64;
    Count { jams, pages }
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

#[cfg(test)]
mod tests {
    use super::*;

    const fn of(jams: f64, pages: f64) -> Count {
        Count { jams, pages }
    }

    #[test]
    fn only_a_rate_that_surely_doubled_is_worse() {
        assert!(is_worse(of(5.0, 20_000.0), of(8.0, 4_000.0)));
        assert!(!is_worse(of(5.0, 20_000.0), of(3.0, 1_000.0)), "too few to say");
        assert!(!is_worse(of(50.0, 20_000.0), of(14.0, 4_000.0)), "not twice as many");
        assert!(!is_worse(of(0.0, 2_000.0), of(4.0, 4_000.0)), "the past is too short to know");
    }

    #[test]
    fn the_chance_is_a_half_where_the_rate_has_just_doubled() {
        let p = chance(of(200.0, 20_000.0), of(80.0, 4_000.0));
        assert!((p - 0.5).abs() < 0.06, "{p}");
    }
}
