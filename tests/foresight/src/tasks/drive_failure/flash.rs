//! Flash drives that failed, over their last 30 days. There are no healthy ones beside them: what is found can be
//! counted, what is alarmed in vain cannot.

use crate::{
    data::{self, Data},
    report::{By, Column, Row, Table},
    score::median,
};
use anyhow::Result;
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
    let row = |method: &str, by, of: fn(&Line) -> Option<f64>, grows: bool| {
        let leads: Vec<f64> = drives.values().filter_map(|lines| lead(lines, of, grows)).collect();
        let found = leads.len() as f64 / drives.len().max(1) as f64;
        Row { method: method.to_owned(), by, values: vec![Some(found), median(leads)] }
    };
    Ok(Table {
        question: "Flash drives that failed: how many are found, and how early?".to_owned(),
        cases: format!("{} failed drives, their last 30 days, no healthy ones", drives.len()),
        columns: vec![Column::new("found a day ahead", 3), Column::new("median lead, days", 0)],
        rows: vec![
            row("more blocks set aside (a note)", By::Ours, |line| line.r_5, true),
            row("more data lost (a ticket)", By::Ours, |line| line.r_187, true),
            row("any block set aside", By::Opponent, |line| line.r_5, false),
        ],
    })
}

/// Days from the first sign to the failure.
fn lead(lines: &[Line], of: fn(&Line) -> Option<f64>, grows: bool) -> Option<f64> {
    let start = if grows { of(lines.first()?)? } else { 0.0 };
    let shown = lines.iter().find(|line| of(line).is_some_and(|value| value > start))?;
    let lead = f64::from(LAST_DAY.saturating_sub(shown.day_of_30));
    (lead >= 1.0).then_some(lead)
}
