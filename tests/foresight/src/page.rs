//! A report as the page `docs/foresight.md`: the same report gives the same page.

use crate::{
    report::{Report, TaskReport},
    table,
};
use std::fmt::Write as _;

const HEAD: &str = "# How well trouble is foreseen

Written by `cargo xtask bench foresight --data DIR --json FILE --page docs/foresight.md`; do not edit. Every figure is
measured by the code of the collector's core, and every opponent is the rule of its source, on the same cases. Of
`line_slower`, `line_loss` and `service_latency` the last is not what tickets come from: those about slow services come from
the rule of `line_slower`, with a gate of their own (twice as long and a second more), since a score knows no harm. Tasks
may be measured in several runs (`--beside`), each with its opponents.
DIR holds `usage/` (`year/*_most.csv`, `year/*_avg.csv`, `ost_23h.csv.gz`, `growth/*.csv`), `smart/` and so on; a task
whose part is missing says so.
";

pub fn markdown(report: &Report) -> String {
    let mut page = HEAD.to_owned();
    let lines = table::lines(report);
    let mut rows = vec![table::Line::HEAD.map(str::to_owned).to_vec()];
    rows.extend(lines.iter().map(|line| line.cells().map(str::to_owned).to_vec()));
    page.push_str("\n## Targets\n\n");
    grid(&mut page, &rows);
    report.tasks.iter().for_each(|task| section(&mut page, task));
    for not_run in &report.not_run {
        let _ = writeln!(page, "\n## {}\n\nNot run: {}.", not_run.task, not_run.why);
    }
    page
}

fn section(page: &mut String, task: &TaskReport) {
    let _ = writeln!(page, "\n## {}\n\n{}\n", task.task, task.about);
    task.protocol.iter().for_each(|line| {
        let _ = writeln!(page, "- {line}");
    });
    for table in &task.tables {
        let _ = writeln!(page, "\n### {}\n\n{}.\n", table.question, table.cases);
        grid(page, &table::cells(table));
    }
    for reliability in &task.reliability {
        let _ = writeln!(page, "\n### Reliability: {}\n", reliability.question);
        let mut rows = vec![["chance given", "cases", "mean chance", "came true"].map(str::to_owned).to_vec()];
        rows.extend(reliability.bins.iter().map(|bin| {
            let range = format!("{:.2} to {:.2}", bin.from, bin.to);
            vec![range, bin.cases.to_string(), format!("{:.3}", bin.mean_p), format!("{:.3}", bin.share)]
        }));
        grid(page, &rows);
    }
    if !task.remarks.is_empty() {
        page.push_str("\nRemarks:\n\n");
        task.remarks.iter().for_each(|remark| {
            let _ = writeln!(page, "- {remark}");
        });
    }
}

fn grid(page: &mut String, rows: &[Vec<String>]) {
    for (number, row) in rows.iter().enumerate() {
        let _ = writeln!(page, "| {} |", row.join(" | "));
        if number == 0 {
            let _ = writeln!(page, "|{}", "---|".repeat(row.len()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{By, Column, Row, Table};

    #[test]
    fn a_page_says_what_was_reached_beside_the_target_and_the_best_opponent() {
        let row = |method: &str, by, value| Row { method: method.to_owned(), by, values: vec![value] };
        let table = Table {
            question: "full within 4 days".to_owned(),
            cases: "14 of 243 days".to_owned(),
            columns: vec![Column::new("recall", 2).at_least(0.7)],
            rows: vec![
                row("bootstrap", By::Ours, Some(0.75)),
                row("a", By::Opponent, Some(0.4)),
                row("b", By::Opponent, Some(0.5)),
            ],
        };
        let task = TaskReport { task: "volume_full".to_owned(), tables: vec![table], ..TaskReport::default() };
        let page = markdown(&Report { tasks: vec![task], not_run: Vec::new() });
        let line = "| volume_full | full within 4 days | recall | 0.75 | ≥ 0.70 | yes | 0.50 (b) | 14 of 243 days |";
        assert!(page.contains(line), "{page}");
    }
}
