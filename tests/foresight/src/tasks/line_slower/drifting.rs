//! Lines that get a little slower every day, made up: two weeks of daily medians with noise.

use crate::report::{By, Column, Row, Table};
use beforehand_core::{
    math::{quantile::median, seeded::Seeded},
    path::trend::trend,
};

const LINES: usize = 500;
const DAYS: usize = 14;
const USUAL: f64 = 30.0;
/// A rise of this over the two weeks matters, ms.
const MATTERS: f64 = 5.0;

/// Made-up medians: 30 ms, normal noise of 1.5 ms, one day in 14 wild, and a rise a day.
fn line(per_day: f64, seed: &str) -> Vec<(f64, f64)> {
    let mut random = Seeded::new(seed);
    let days = (0..DAYS).map(|day| {
        let noise = (0..12).map(|_| random.unit()).sum::<f64>() - 6.0;
        let wild = if random.unit() < 1.0 / DAYS as f64 { 40.0 * random.unit() } else { 0.0 };
        (day as f64, USUAL + per_day * day as f64 + 1.5 * noise + wild)
    });
    days.collect()
}

fn theil_sen(days: &[(f64, f64)]) -> bool {
    trend(days).is_some_and(|trend| trend.rises(MATTERS, DAYS as f64))
}

/// Ordinary least squares, by its slope alone as dashboards have it.
fn least_squares(days: &[(f64, f64)]) -> bool {
    let n = days.len() as f64;
    let (mx, my) = days.iter().fold((0.0, 0.0), |(mx, my), (x, y)| (mx + x / n, my + y / n));
    let sxy: f64 = days.iter().map(|(x, y)| (x - mx) * (y - my)).sum();
    let sxx: f64 = days.iter().map(|(x, _)| (x - mx).powi(2)).sum();
    sxy / sxx * DAYS as f64 >= MATTERS
}

/// The second week against the first, by their medians.
fn week_on_week(days: &[(f64, f64)]) -> bool {
    let middle = |days: &[(f64, f64)]| median(&mut days.iter().map(|day| day.1).collect::<Vec<_>>()).unwrap_or(0.0);
    let (first, second) = days.split_at(days.len() / 2);
    middle(second) - middle(first) >= MATTERS
}

pub(super) fn table() -> Table {
    let share = |judge: fn(&[(f64, f64)]) -> bool, per_day: f64| {
        let found = (0..LINES).filter(|n| judge(&line(per_day, &format!("{n}"))));
        Some(found.count() as f64 / LINES as f64)
    };
    let row = |method: &str, by, judge| Row {
        method: method.to_owned(),
        by,
        values: [0.0, 0.5, 1.0, 2.0].map(|per_day| share(judge, per_day)).to_vec(),
    };
    Table {
        question: "lines that get slower from day to day".to_owned(),
        cases: format!("{LINES} made-up lines of two weeks for each rise"),
        columns: vec![
            Column::new("no rise: called", 3).at_most(0.01),
            Column::new("0.5 ms a day: found", 3),
            Column::new("1 ms a day: found", 3).at_least(0.9),
            Column::new("2 ms a day: found", 3),
        ],
        rows: vec![
            row("Theil-Sen with Mann-Kendall", By::Ours, theil_sen),
            row("least squares", By::Opponent, least_squares),
            row("second week against first", By::Opponent, week_on_week),
        ],
    }
}
