//! The anomaly score of any series, as `replay --series` writes it, beside plain scores.

mod areas;
mod nab;
mod opponents;

use super::service_latency::{self, Marked};
use crate::{
    data::Data,
    report::{By, Column, Row, Table, TaskReport},
    tasks::Task,
};
use anyhow::{Result, bail};
use areas::Areas;

pub struct SeriesScore;

impl Task for SeriesScore {
    fn name(&self) -> &'static str {
        "series_score"
    }

    fn run(&self, data: &Data) -> Result<TaskReport> {
        let mut report = TaskReport {
            task: self.name().to_owned(),
            about: "How unusual is each value of a series, from 0 to 1?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            remarks: vec![REMARK.to_owned()],
            ..TaskReport::default()
        };
        let sets = [("Numenta's benchmark", nab::read(data)), ("services", service_latency::read(data))];
        for (words, set) in sets {
            match set {
                Ok(series) => report.tables.push(table(words, &series)),
                Err(why) => report.remarks.push(format!("The set \u{201c}{words}\u{201d} was not there: {why:#}.")),
            }
        }
        if report.tables.is_empty() {
            bail!("none of its sets is there");
        }
        Ok(report)
    }
}

const PROTOCOL: [&str; 4] = [
    "Every value gets its score from what came before it alone; the score of ours is the one of the command line.",
    "AUC is the chance that a marked value scores above an unmarked one; precision is the mean over all limits (average precision). Both are means over the series that hold a mark, each for itself.",
    "Widened marks reach a quarter, a half and the whole of the median mark's length to both sides; the mean of the three is given, for scores that come a little early or late.",
    "Opponents: the value itself, its distance from the mean of the trailing 24 hours in standard deviations, and that of an exponentially weighted mean from its own past.",
];

const REMARK: &str =
    "The weights of the guesses follow from their errors; how long each remembers was set once for all series.";

/// Scores of one series from what came before each value.
type Score = fn(&Marked) -> Vec<f64>;

const WAYS: [(&str, By, Score); 4] = [
    ("weighted guesses", By::Ours, service_latency::scores),
    ("moving z of 24 h", By::Opponent, opponents::moving_z),
    ("EWMA l=.2", By::Opponent, opponents::ewma),
    ("the value itself", By::Opponent, opponents::value),
];

fn table(words: &str, series: &[Marked]) -> Table {
    let marked: Vec<&Marked> = series.iter().filter(|it| it.marks.contains(&true)).collect();
    let rows: Vec<Row> = WAYS
        .iter()
        .map(|(method, by, score)| {
            let mut areas = Areas::default();
            marked.iter().for_each(|series| areas.add(&score(series), &series.marks));
            Row { method: (*method).to_owned(), by: *by, values: areas.means() }
        })
        .collect();
    // The best of the others is what is to be beaten.
    let best = |column: usize| {
        let others = rows.iter().filter(|row| row.by == By::Opponent).filter_map(|row| row.values[column]);
        others.max_by(f64::total_cmp).unwrap_or(0.0)
    };
    let columns = ["AUC", "precision", "AUC, widened", "precision, widened"];
    let columns = columns.iter().enumerate().map(|(n, name)| Column::new(name, 3).at_least(best(n))).collect();
    Table { question: words.to_owned(), cases: format!("{} series with marks", marked.len()), columns, rows }
}
