//! `replay`: the analysis over recorded reports, without a store. The same code that judges live.

mod read;
mod series;

use beforehand_core::{
    calendar::Calendar, case::CaseChange, finding::FindingKind, forecast::Forecast, memory::Memory,
    reliability::horizon_records, site::Site,
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};
use clap::Args;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};
use uuid::Uuid;

/// Judges recorded reports again, or scores one series.
///
/// With FILE or DIR the reports in it are analysed as they would have been live, and every change of
/// a case is printed with its reason.
///
/// With --series FILE.csv one line is written for each row of a table: its time, and how unusual its
/// value is, from 0 (as ever) to 1 (never seen). A score looks at nothing below its row, so it is
/// what would have been known at that moment; from 0.6 on a value is worth a look. It needs some
/// ten rows to say anything, and knows the hours of the day after two days, those of the week after
/// two weeks.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment, after_help = AFTER_HELP)]
pub(super) struct Replay {
    /// A file with one report as JSON in each line, or a folder of reports as they travel (zstd)
    #[arg(value_name = "FILE|DIR", required_unless_present = "series", conflicts_with = "series")]
    from: Option<PathBuf>,
    /// A table with a header and the columns time and value; - reads it from standard input
    #[arg(long, value_name = "FILE.csv", conflicts_with_all = ["every", "time_zone"])]
    series: Option<PathBuf>,
    /// Minutes between two judgements
    #[arg(long, default_value_t = 15, value_parser = clap::value_parser!(u16).range(1..=1440))]
    every: u16,
    /// IANA name of the time zone of the site
    #[arg(long, value_name = "ZONE", default_value = "UTC")]
    time_zone: String,
}

const AFTER_HELP: &str = "\
The table of --series: rows in order of time, which is written as unix seconds, RFC 3339 or
2026-11-03 14:05:00 (UTC). The columns may also be called timestamp, ts, datetime or date, and
anything where one column alone is left for the value. An empty value, NaN or null scores 0.

Examples:
  beforehand-collector replay reports.jsonl --every 60
  beforehand-collector replay --series latency.csv > scores.csv";

impl Replay {
    pub(super) fn run(self) -> anyhow::Result<()> {
        match (&self.series, &self.from) {
            (Some(file), _) => series::run(file),
            (None, Some(from)) => self.reports(from),
            (None, None) => anyhow::bail!("name recorded reports, or a table with --series"),
        }
    }

    fn reports(&self, from: &Path) -> anyhow::Result<()> {
        let reports = read::reports(from)?;
        let every = Millis::minutes(i64::from(self.every));
        let calendar = Calendar::new(&self.time_zone);
        let site = Site { client: ClientId(Uuid::nil()), id: SiteId(Uuid::nil()), name: "Replay".to_owned() };
        let mut world = Memory::new(site, &self.time_zone);
        let mut next: Option<Timestamp> = None;
        let (mut judged, mut changed) = (0_u32, 0_usize);
        for report in &reports {
            while let Some(at) = next.filter(|at| *at <= report.made_at) {
                let changes = world.judge(at);
                judged += 1;
                changed += changes.len();
                changes.iter().for_each(|change| print(&calendar, change));
                next = Some(at.plus(every));
            }
            next.get_or_insert(report.made_at.plus(every));
            world.take(report);
        }
        if let Some(at) = next {
            let changes = world.judge(at);
            changed += changes.len();
            changes.iter().for_each(|change| print(&calendar, change));
        }
        eprintln!("{} reports, judged {} times, {changed} changes of cases", reports.len(), judged + 1);
        print_records(&world);
        Ok(())
    }
}

/// How right the chances of each horizon were.
fn print_records(world: &Memory) {
    let forecasts: Vec<Forecast> = world.forecasts().cloned().collect();
    let kinds: BTreeSet<FindingKind> = forecasts.iter().map(|forecast| forecast.kind).collect();
    for kind in kinds {
        let of_kind: Vec<Forecast> = forecasts.iter().filter(|forecast| forecast.kind == kind).cloned().collect();
        for record in horizon_records(&of_kind) {
            eprintln!("{}: {} Mean squared error {:.3}.", kind.word(), record.sentence(), record.brier);
        }
    }
}

fn print(calendar: &Calendar, change: &CaseChange) {
    println!(
        "{}  {:<5}  {}  {:?}: {}",
        calendar.local(change.event.at).strftime("%Y-%m-%d %H:%M"),
        change.case.severity.word(),
        change.case.kind.word(),
        change.event.reason,
        change.event.sentence,
    );
}
