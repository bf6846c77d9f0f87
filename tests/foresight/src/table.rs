//! A report as plain text for a terminal.

use crate::report::{By, Column, Report, Row, Table, TaskReport};
use std::fmt::Write as _;

/// An overview with one line for each figure that has a target, then every table in full.
pub fn text(report: &Report) -> String {
    let mut text = overview(report);
    for task in &report.tasks {
        let _ = writeln!(text, "\n{}: {}", task.task, task.about);
        task.tables.iter().for_each(|table| full(&mut text, table));
        reliability(&mut text, task);
        task.remarks.iter().for_each(|remark| {
            let _ = writeln!(text, "  Note: {remark}");
        });
    }
    for not_run in &report.not_run {
        let _ = writeln!(text, "\n{} was not run: {}", not_run.task, not_run.why);
    }
    text
}

/// One figure of ours that has a target, beside the best opponent's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    pub task: String,
    pub question: String,
    pub metric: String,
    pub ours: String,
    pub target: String,
    pub met: &'static str,
    pub best_opponent: String,
    pub cases: String,
}

impl Line {
    pub const HEAD: [&str; 8] = ["task", "question", "metric", "ours", "target", "met", "best opponent", "cases"];

    pub fn cells(&self) -> [&str; 8] {
        [&self.task, &self.question, &self.metric, &self.ours, &self.target, self.met, &self.best_opponent, &self.cases]
    }
}

pub fn lines(report: &Report) -> Vec<Line> {
    let tables = report.tasks.iter().flat_map(|task| task.tables.iter().map(move |table| (task, table)));
    let columns = tables.flat_map(|(task, table)| {
        table.columns.iter().enumerate().filter_map(move |(place, column)| line(task, table, place, column))
    });
    columns.collect()
}

fn line(task: &TaskReport, table: &Table, place: usize, column: &Column) -> Option<Line> {
    let target = column.target?;
    let value = |row: &Row| row.values.get(place).copied().flatten();
    let ours = table.rows.iter().find(|row| row.by == By::Ours).and_then(value);
    let others = table.rows.iter().filter(|row| row.by == By::Opponent);
    let best = others.filter_map(|row| Some((value(row)?, &row.method)));
    let sign = if matches!(target, crate::report::Target::AtLeast(_)) { 1.0 } else { -1.0 };
    let best = best.max_by(|a, b| (sign * a.0).total_cmp(&(sign * b.0)));
    Some(Line {
        task: task.task.clone(),
        question: table.question.clone(),
        metric: column.metric.clone(),
        ours: column.show(ours),
        target: target.words(column.digits),
        met: ours.map_or("–", |ours| if target.is_met(ours) { "yes" } else { "no" }),
        best_opponent: best.map_or_else(|| "–".to_owned(), |(v, who)| format!("{} ({who})", column.show(Some(v)))),
        cases: table.cases.clone(),
    })
}

fn overview(report: &Report) -> String {
    let lines = lines(report);
    let mut rows = vec![Line::HEAD.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(|line| line.cells().map(str::to_owned).to_vec()));
    aligned(&rows)
}

fn full(text: &mut String, table: &Table) {
    let _ = writeln!(text, "\n  {} ({})", table.question, table.cases);
    text.push_str(&aligned(&cells(table)));
}

/// The rows of a table with its head and its targets.
pub fn cells(table: &Table) -> Vec<Vec<String>> {
    let head = table.columns.iter().map(|column| column.metric.clone());
    let mut rows = vec![std::iter::once("method".to_owned()).chain(head).collect::<Vec<_>>()];
    if table.columns.iter().any(|column| column.target.is_some()) {
        let targets =
            table.columns.iter().map(|column| column.target.map_or(String::new(), |t| t.words(column.digits)));
        rows.push(std::iter::once("target".to_owned()).chain(targets).collect());
    }
    rows.extend(table.rows.iter().map(|row| {
        let values = table.columns.iter().zip(&row.values).map(|(column, value)| column.show(*value));
        let name = if row.by == By::Ours { format!("ours: {}", row.method) } else { row.method.clone() };
        std::iter::once(name).chain(values).collect()
    }));
    rows
}

fn reliability(text: &mut String, task: &TaskReport) {
    for table in &task.reliability {
        let _ = writeln!(text, "\n  Reliability, {}", table.question);
        let mut rows = vec![["chance given", "cases", "mean chance", "came true"].map(str::to_owned).to_vec()];
        rows.extend(table.bins.iter().map(|bin| {
            vec![
                format!("{:.2} to {:.2}", bin.from, bin.to),
                bin.cases.to_string(),
                format!("{:.3}", bin.mean_p),
                format!("{:.3}", bin.share),
            ]
        }));
        text.push_str(&aligned(&rows));
    }
}

/// Columns of equal width.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|column| width(column).unwrap_or(0)).collect();
    let mut text = String::new();
    for row in rows {
        let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        let _ = writeln!(text, "  {}", cells.collect::<Vec<_>>().join("  ").trim_end());
    }
    text
}
