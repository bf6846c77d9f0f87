//! Paths that answer slower than usual, on round trips that people labelled.

mod drifting;
mod ours;
mod paths;

use crate::{
    data::Data,
    online::{
        Method,
        events::Tally,
        opponents::{self, Effect},
    },
    report::{By, Column, Row, Table, TaskReport},
    tasks::Task,
};
use anyhow::Result;
use paths::Path;

pub struct LineSlower;

impl Task for LineSlower {
    fn name(&self) -> &'static str {
        "line_slower"
    }

    fn run(&self, data: &Data) -> Result<TaskReport> {
        let paths = paths::read(data)?;
        let methods = methods();
        let rows: Vec<Alarms> = methods.iter().map(|method| Alarms::of(method, &paths)).collect();
        let mut report = TaskReport {
            task: self.name().to_owned(),
            about: "Does this path answer slower than it usually does?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            remarks: REMARKS.map(str::to_owned).to_vec(),
            ..TaskReport::default()
        };
        report.tables.push(table("all paths", &paths, &rows, |_| true, Asked::Target));
        report.tables.push(table(
            "the half on which limits were chosen",
            &paths,
            &rows,
            |half| half == 0,
            Asked::Beside,
        ));
        report.tables.push(table("the other half", &paths, &rows, |half| half == 1, Asked::Beside));
        report.tables.push(drifting::table());
        Ok(report)
    }
}

const PROTOCOL: [&str; 6] = [
    "The series are round trips of RIPE Atlas, one every four minutes; changes in them were marked by people (Shao, Rougier and others, ITC-29, 2017).",
    "An event lies between two marks, lasts 16 minutes to three days, and has a median of at least 15 % and 5 ms above that of the day before (minor), or 50 % and 20 ms (major).",
    "An event is found where the alarm is raised within it; one that was on before does not count. The delay is in samples from the mark.",
    "An alarm is false where it touches no minor event. On is the share of the samples outside of them with an alarm.",
    "Opponents work on the same samples; those with a baseline take the trailing 24 hours, which stand still while they alarm. Gated ones ask for 12 % and 4 ms besides. Windows are in time; a rule that averages over seconds sees one sample.",
    "Limits of ours were chosen on half of the paths, by a hash of the name, and taken as round numbers; the other half stands beside it.",
];

const REMARKS: [&str; 4] = [
    "The rise that makes an event is the reference's own and close to the gates of all gated methods: it favours them against the ungated.",
    "Most false alarms are rises of three or four samples that really happened and that nobody marked. Asking for a fourth slow sample would halve them and be a sample later; asking for two strong ones would be a sample earlier and raise half as many again.",
    "While the rule was made some thousand settings were tried on the first half and the best of them looked at on the other, so neither half is wholly unseen.",
    "The product measures every minute: the same three rounds are three minutes there.",
];

fn methods() -> Vec<Method> {
    let mut all = vec![ours::method()];
    all.extend(opponents::of_round_trips());
    all.extend(opponents::plain());
    all.extend(opponents::gated(Effect::OF_ROUND_TRIPS));
    all
}

/// What one method does on every path.
struct Alarms {
    method: String,
    by: By,
    on: Vec<Vec<bool>>,
}

impl Alarms {
    fn of(method: &Method, paths: &[Path]) -> Self {
        eprintln!("  {} …", method.name);
        let on = paths.iter().map(|path| method.alarms(&path.series)).collect();
        Self { method: method.name.clone(), by: method.by, on }
    }

    fn row(&self, paths: &[Path], counts: impl Fn(u64) -> bool) -> Row {
        let (mut minor, mut major) = (Tally::default(), Tally::default());
        for (path, on) in paths.iter().zip(&self.on).filter(|(path, _)| counts(path.series.half())) {
            minor.add(&path.series, on, &path.minor, &path.minor);
            major.add(&path.series, on, &path.major, &path.minor);
        }
        let values = [
            minor.recall(),
            minor.false_a_week(),
            minor.median_delay(),
            major.recall(),
            major.median_delay(),
            minor.on_pct(),
        ];
        Row { method: self.method.clone(), by: self.by, values: values.to_vec() }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Asked {
    Target,
    Beside,
}

fn table(words: &str, paths: &[Path], rows: &[Alarms], counts: impl Fn(u64) -> bool, asked: Asked) -> Table {
    let chosen = || paths.iter().filter(|path| counts(path.series.half()));
    let weeks: f64 = chosen().map(|path| path.series.weeks()).sum();
    let events: usize = chosen().map(|path| path.minor.len()).sum();
    let [found, false_a_week, delay] =
        [Column::new("found", 3), Column::new("false alarms a week", 2), Column::new("median delay, samples", 1)];
    let first = match asked {
        Asked::Target => [found.at_least(0.9), false_a_week.at_most(0.5), delay.at_most(2.0)],
        Asked::Beside => [found, false_a_week, delay],
    };
    let rest = [Column::new("major found", 3), Column::new("delay of major", 1), Column::new("on, %", 2)];
    Table {
        question: words.to_owned(),
        cases: format!("{events} events on {} paths in {weeks:.0} weeks", chosen().count()),
        columns: first.into_iter().chain(rest).collect(),
        rows: rows.iter().map(|row| row.row(paths, &counts)).collect(),
    }
}
