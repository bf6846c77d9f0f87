//! Volumes that run full, on recorded file systems.

pub mod cases;
pub mod generated;
pub mod opponents;
pub mod ours;
mod questions;
mod quiet;
pub mod runaway;
mod speed;
pub mod usage;

use crate::{
    data::Data,
    report::{Column, Table, TaskReport},
    tasks::Task,
};
use anyhow::Result;
use usage::Usage;

pub struct VolumeFull;

impl Task for VolumeFull {
    fn name(&self) -> &'static str {
        "volume_full"
    }

    fn run(&self, data: &Data) -> Result<TaskReport> {
        let (fullest, all) = years(data)?;
        let mut report = TaskReport {
            task: self.name().to_owned(),
            about: "Will this volume be full within 4 days?".to_owned(),
            protocol: PROTOCOL.map(str::to_owned).to_vec(),
            remarks: REMARKS.map(str::to_owned).to_vec(),
            ..TaskReport::default()
        };
        for question in questions::all(&fullest, &all) {
            eprintln!("  {} …", question.words);
            question.answer(&mut report);
        }
        runaway::answer(&mut report);
        quiet::answer(data, &mut report);
        speed::answer(&mut report);
        Ok(report)
    }
}

const PROTOCOL: [&str; 9] = [
    "A decision falls once a day, at the last sample of each UTC day on which there is one, from the first day on.",
    "Full means that the used share reaches the level in question; every method sees the volume as if it ended there.",
    "A horizon ends with the last sample until 6 hours after it, as the recordings come about once a day.",
    "A day is left out while the volume is full, and where nobody knows what came: it was not seen to fill, and more than 36 hours of the horizon, or its last 6, were not measured.",
    "Our chance is what the collector would say, from hours of at most 60 days and samples of at most 26 hours; our alarm is a ticket: a chance of 0.5 within 4 days or 24 hours, or hardly anything left. In the first three weeks tickets need less than 10 % left.",
    "A yes or no of an opponent counts as a chance of 1 or 0.",
    "Precision and recall count days. Brier skill is against the share of all cases that came true, which is known only afterwards.",
    "Warned is the share of fillings on whose last day before there was an alarm; the lead is from the first alarm of that unbroken run of days to the filling. False days are alarms that did not come true, per volume and year.",
    "Nothing is fitted to single series: the constants of the method are few and stand in its code, the recency of 30 days was chosen on all levels together.",
];

const REMARKS: [&str; 8] = [
    "The method was developed on these very series: some 70 settings and four ways of counting days were tried on them, and the main way was chosen with results at hand. All who fill at 90 % are one file system. Only series it has not seen can confirm the figures.",
    "How days are counted matters as much as the method on so few cases: \u{201c}measured throughout\u{201d} leaves out days before a filling, too, where the horizon was not measured to its end; \u{201c}to the minute\u{201d} does not count a daily sample that came a minute after the horizon, though a chance for 4 days speaks of it.",
    "Few file systems fill at 90 or 95 %, so those figures are an indication and no proof; \u{201c}any target\u{201d} asks the same of every level and so has more cases, though of the same few file systems.",
    "Within 14 days more of the outcomes that nobody knows are left out on the side of what did not fill, so what came true looks too often there.",
    "A recording comes in a burst about once a day: it says little about chances within 24 hours.",
    "In the first week nothing tells a writer that runs away from a job that runs once a week and is seen for the first time: three of the recordings hold such a job. The method takes the writer for the job until nearly nothing is left, so writers of the first week are told late, and some of the second: see the table by days. Without that they would be told in time, and the three recordings would alarm.",
    "How much rather a weekly job (five times in the first week, ten times less so with each further one) was set by judgement, after the alarms had been seen: any odds from 3 to 20 give none on the recordings, 2 gives one, 1 gives three, none at all gives three.",
    "The recordings live through jobs whose heights are the programs' and whose durations are ours, and eight of eleven never alarmed: that no recording alarms is a small sample.",
];

/// The fullest target of each file system, and those with the averages.
fn years(data: &Data) -> Result<(Vec<Usage>, Vec<Usage>)> {
    let read = |endings: &[&str]| -> Result<Vec<Usage>> {
        data.files("usage/year", endings)?.iter().map(|path| Usage::year(path)).collect()
    };
    Ok((read(&["_most.csv", "_most.csv.gz"])?, read(&[".csv", ".csv.gz"])?))
}

/// A table without rows.
fn table(question: &str, cases: String, columns: Vec<Column>) -> Table {
    Table { question: question.to_owned(), cases, columns, rows: Vec::new() }
}
