//! Volumes on which nothing is to be said: whoever alarms is wrong, or far too early.

use super::{cases, generated, opponents, ours, usage::Usage};
use crate::{
    data::{self, Data},
    report::{By, Column, Row, TaskReport},
};
use anyhow::{Context, Result};
use beforehand_shared::time::{Millis, Timestamp};
use std::path::Path;

/// How much longer the smooth growth goes on than anyone needs to be told.
const FAR: Millis = Millis::days(28);

pub(super) fn answer(data: &Data, report: &mut TaskReport) {
    for part in [sawteeth, recorded, osts, growth] {
        if let Err(missing) = part(data, report) {
            report.remarks.push(format!("Not measured: {missing:#}."));
        }
    }
}

/// Targets that did not fill in the 23 hours they were watched, judged every 4 hours.
fn osts(data: &Data, report: &mut TaskReport) -> Result<()> {
    eprintln!("  targets over 23 hours …");
    let volumes = Usage::osts(&data.file("usage/ost_23h.csv.gz")?)?;
    let instants = |volume: &Usage| -> Vec<Timestamp> {
        let first = volume.points.first().map_or(Timestamp(0), |point| point.at);
        (1..6).map(|step| first.plus(Millis::hours(4 * step))).collect()
    };
    let quiet: Vec<_> = volumes.iter().map(|volume| (volume, instants(volume))).collect();
    count("targets that did not fill in 23 hours", &quiet, report);
    Ok(())
}

/// Smooth growth that reaches the end of its volume in more than four weeks, judged once a day.
fn growth(data: &Data, report: &mut TaskReport) -> Result<()> {
    eprintln!("  smooth growth …");
    let mut volumes = Vec::new();
    for path in data.files("usage/growth", &[".csv", ".csv.gz"])? {
        let whole = Usage::growth(&path)?;
        // From a gibibyte on, each volume a tenth larger than the one before.
        let levels = (0..80).map(|step| 0.9_f64.powi(step)).filter(|level| level * whole.size > 1e9);
        volumes.extend(levels.map(|level| whole.ending_at(level)));
    }
    let early = |volume: &Usage| -> Vec<Timestamp> {
        let full = cases::fillings(volume).first().map_or(Timestamp(i64::MAX), |(at, _)| *at);
        let days = volume.days().into_iter();
        days.filter(|at| full.since(*at) > FAR && full.since(*at) < Millis::days(365)).collect()
    };
    let quiet: Vec<_> = volumes.iter().map(|volume| (volume, early(volume))).collect();
    count("smooth growth that fills in 4 to 52 weeks", &quiet, report);
    Ok(())
}

/// Cycles that never fill their volume.
fn sawteeth(_: &Data, report: &mut TaskReport) -> Result<()> {
    eprintln!("  generated sawteeth …");
    let volumes = generated::sawteeth(3);
    let quiet: Vec<_> = volumes.iter().map(|volume| (volume, every(volume, Millis::minutes(30)))).collect();
    count("generated sawteeth, every 30 minutes from the first on", &quiet, report);
    Ok(())
}

/// What real programs did to a small volume.
fn recorded(_: &Data, report: &mut TaskReport) -> Result<()> {
    eprintln!("  recorded sawteeth …");
    let tests = Data::open(&Path::new(env!("CARGO_MANIFEST_DIR")).join(".."))?;
    let mut files =
        tests.files("sawteeth/data", &[".csv.gz", ".csv"]).ok().context("tests/sawteeth/data has no recording")?;
    // Those beside them in which a writer runs away are anything but quiet.
    files.retain(|path| !data::stem(path).starts_with("runaway-"));
    let volumes: Vec<Usage> = files.iter().map(|path| Usage::recorded(path)).collect::<Result<_>>()?;
    let quiet: Vec<_> = volumes.iter().map(|volume| (volume, every(volume, Millis::MINUTE))).collect();
    count("sawteeth recorded from real programs, every minute", &quiet, report);
    Ok(())
}

/// The instants of samples, `apart` from each other.
fn every(volume: &Usage, apart: Millis) -> Vec<Timestamp> {
    let mut instants: Vec<Timestamp> = Vec::new();
    for point in &volume.points {
        if instants.last().is_none_or(|last| point.at.since(*last) >= apart) {
            instants.push(point.at);
        }
    }
    instants
}

fn count(question: &str, quiet: &[(&Usage, Vec<Timestamp>)], report: &mut TaskReport) {
    let instants = quiet.iter().map(|(_, instants)| instants.len()).sum::<usize>();
    let cases = format!("{} volumes, {instants} instants", quiet.len());
    let volumes = Column::new("volumes with an alarm", 0);
    let volumes = if question.contains("sawteeth") { volumes.at_most(0.0) } else { volumes };
    let columns = vec![volumes, Column::new("instants with an alarm", 0)];
    let mut table = super::table(question, cases, columns);
    let ours = |volume: &Usage, at| ours::calls(volume, at);
    table.rows.push(row("day-block bootstrap".to_owned(), By::Ours, quiet, ours));
    for opponent in opponents::all() {
        table.rows.push(row(opponent.name(), By::Opponent, quiet, |volume, at| opponent.alarms(volume, at)));
    }
    report.tables.push(table);
}

fn row(method: String, by: By, quiet: &[(&Usage, Vec<Timestamp>)], alarms: impl Fn(&Usage, Timestamp) -> bool) -> Row {
    let counts: Vec<usize> =
        quiet.iter().map(|(volume, instants)| instants.iter().filter(|at| alarms(volume, **at)).count()).collect();
    let volumes = counts.iter().filter(|count| **count > 0).count() as f64;
    Row { method, by, values: vec![Some(volumes), Some(counts.iter().sum::<usize>() as f64)] }
}
