//! How many volumes are forecast anew in a second, on one core.

use super::{
    generated::{self, Habit},
    ours,
};
use crate::report::{By, Column, Row, TaskReport};
use beforehand_shared::time::Millis;
use std::{hint::black_box, time::Instant};

/// Other programs run on the machine too: the fastest round counts.
const ROUNDS: u32 = 40;
const TIMES: u32 = 200;
const SIZE_OF_PAST: Millis = Millis::days(60);

/// A volume with 60 days of hours and 26 hours of minutes, half of it written every day: with the
/// chances alone, and with the dates and the fan that a finding needs.
pub(super) fn answer(report: &mut TaskReport) {
    eprintln!("  speed …");
    let mut usage = generated::volume(Habit::WeeklyCleanup, 1);
    // Twice over, so that the memory is full.
    let again = usage.points.clone();
    let shift = Millis::days(28);
    for round in 1..3 {
        let by = Millis(shift.0 * round);
        usage.points.extend(again.iter().map(|point| super::usage::Point { at: point.at.plus(by), used: point.used }));
    }
    let at = generated::START.plus(SIZE_OF_PAST).plus(Millis::hours(15));
    let series = ours::series(&usage, at);
    let Some(gauge) = ours::gauge(&usage, &series, at, 0.0) else { return };
    let chances = per_second(|| drop(black_box(ours::foresight(&gauge, &usage.name))));
    let findings = per_second(|| drop(black_box(ours::foresight(&gauge, &usage.name).outlook(&gauge))));
    let columns = vec![Column::new("chances a second", 0).at_least(20_000.0), Column::new("with dates and fan", 0)];
    let mut table = super::table(
        "volumes forecast anew on one core",
        format!("The same volume, the fastest of {ROUNDS} rounds of {TIMES}"),
        columns,
    );
    let rounded = |rate: f64| Some((rate / 1000.0).round() * 1000.0);
    let values = vec![rounded(chances), rounded(findings)];
    table.rows.push(Row { method: "day-block bootstrap".to_owned(), by: By::Ours, values });
    report.tables.push(table);
}

#[expect(clippy::disallowed_methods, reason = "a bench reads the clock")]
fn per_second(mut work: impl FnMut()) -> f64 {
    let round = |_| {
        let start = Instant::now();
        (0..TIMES).for_each(|_| work());
        start.elapsed().as_secs_f64()
    };
    f64::from(TIMES) / (0..ROUNDS).map(round).fold(f64::INFINITY, f64::min)
}
