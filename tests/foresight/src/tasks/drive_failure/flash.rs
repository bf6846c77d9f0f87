//! Flash drives that failed, over their last 30 days. There are no healthy ones beside them: what is found can be
//! counted, what is alarmed in vain cannot.

use crate::{
    data::{self, Data},
    report::{By, Column, Row, Table},
    score::median,
};
use anyhow::Result;
use beforehand_core::{
    detectors::drive_failure::of_flash,
    series::{Hour, Metric, Sample, Series},
};
use beforehand_shared::{
    drive::DriveKind,
    time::{Millis, Timestamp},
};
use serde::Deserialize;
use std::collections::BTreeMap;

const FAILED: &str = "smart/alibaba_ssd_MB1_244failed_30d.csv.gz";
const LAST_DAY: u32 = 30;

#[derive(Deserialize)]
struct Line {
    disk_id: u64,
    day_of_30: u32,
    r_5: Option<f64>,
    r_187: Option<f64>,
}

pub(super) fn table(data: &Data) -> Result<Table> {
    let mut drives: BTreeMap<u64, Vec<Line>> = BTreeMap::new();
    for line in data::rows::<Line>(&data.file(FAILED)?)? {
        drives.entry(line.disk_id).or_default().push(line);
    }
    drives.values_mut().for_each(|lines| lines.sort_by_key(|line| line.day_of_30));
    let row = |method: &str, by, lead: &dyn Fn(&[Line]) -> Option<f64>| {
        let leads: Vec<f64> = drives.values().filter_map(|lines| lead(lines)).collect();
        let found = leads.len() as f64 / drives.len().max(1) as f64;
        Row { method: method.to_owned(), by, values: vec![Some(found), median(leads)] }
    };
    let ours = |metric: Metric| move |lines: &[Line]| first(lines, |seen| is_told(&metric, seen));
    let any = |lines: &[Line]| first(lines, |seen| seen.last().is_some_and(|line| line.r_5.unwrap_or(0.0) > 0.0));
    Ok(Table {
        question: "Flash drives that failed: how many are found, and how early?".to_owned(),
        cases: format!("{} failed drives, their last 30 days, no healthy ones", drives.len()),
        columns: vec![Column::new("found a day ahead", 3), Column::new("median lead, days", 0)],
        rows: vec![
            row("more blocks set aside (a note)", By::Ours, &ours(Metric::ReallocatedSectors)),
            row("more data lost (a ticket)", By::Ours, &ours(Metric::MediaErrors)),
            row("any block set aside", By::Opponent, &any),
        ],
    })
}

/// Days from the first sign to the failure. `shows` is asked each day with all that is known by then.
fn first(lines: &[Line], shows: impl Fn(&[Line]) -> bool) -> Option<f64> {
    let day = (1..=lines.len()).find(|known| shows(&lines[..*known]))?;
    let lead = f64::from(LAST_DAY.saturating_sub(lines[day - 1].day_of_30));
    (lead >= 1.0).then_some(lead)
}

/// Whether our rule tells anybody, by this count alone.
fn is_told(metric: &Metric, seen: &[Line]) -> bool {
    let at = |line: &Line| Timestamp(0).plus(Millis::days(i64::from(line.day_of_30)));
    let value = |line: &Line| if *metric == Metric::MediaErrors { line.r_187 } else { line.r_5 };
    let hours = seen.iter().filter_map(|line| Some(Hour::of(Sample { at: at(line), value: value(line)? }))).collect();
    let series = BTreeMap::from([(metric.clone(), Series { hours, recent: Vec::new() })]);
    seen.last().is_some_and(|now| of_flash(DriveKind::Ssd, &series, at(now).plus(Millis::HOUR)).is_some())
}
