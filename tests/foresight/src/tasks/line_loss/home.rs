//! A recorded home line that was pinged once a minute: every outage is to be one alarm.

use super::WAYS;
use crate::{
    data::{self, Data},
    online::events::{Span, spans},
    report::{Column, Table},
};
use anyhow::{Result, bail};
use beforehand_shared::time::{Millis, Timestamp};
use serde::Deserialize;

const FOLDER: &str = "net/home_ping";
/// Runs of loss that users notice, minutes.
const OUTAGE: usize = 3;

#[derive(Deserialize)]
struct Sample {
    ts: f64,
    lost: f64,
}

pub(super) fn table(data: &Data) -> Result<Table> {
    let files = data.files(FOLDER, &[".csv.gz", ".csv"])?;
    let Some(file) = files.into_iter().find(|path| data::stem(path).starts_with("telenet")) else {
        bail!("{FOLDER}/ holds no telenet*");
    };
    let samples: Vec<Sample> = data::rows(&file)?;
    let lost: Vec<bool> = samples.iter().map(|sample| sample.lost > 0.0).collect();
    let outages: Vec<Span> = spans(&lost).into_iter().filter(|run| run.to - run.from >= OUTAGE).collect();
    let rows = WAYS.iter().map(|way| {
        let mut rule = (way.make)();
        let on: Vec<bool> = samples
            .iter()
            .map(|sample| rule.add(Timestamp((sample.ts * 1000.0) as i64), 1, u32::from(sample.lost > 0.0)))
            .collect();
        way.row(counts(&outages, &spans(&on)))
    });
    let days = samples.len() as f64 * Millis::MINUTE.as_days();
    Ok(super::table(
        "a recorded home line, one ping a minute",
        format!("{} outages of three minutes or more in {days:.1} days", outages.len()),
        vec![
            Column::new("outages with exactly one alarm", 3).at_least(1.0),
            Column::new("alarms without an outage", 0).at_most(0.0),
            Column::new("median minutes until the alarm", 0),
        ],
        rows.collect(),
    ))
}

fn counts(outages: &[Span], alarms: &[Span]) -> Vec<Option<f64>> {
    let raised_in =
        |outage: &Span| alarms.iter().filter(|alarm| outage.from <= alarm.from && alarm.from < outage.to).count();
    let exactly_one = outages.iter().filter(|outage| raised_in(outage) == 1).count();
    let without = alarms.iter().filter(|alarm| !outages.iter().any(|it| it.from <= alarm.from && alarm.from < it.to));
    let mut delays: Vec<f64> = outages
        .iter()
        .filter_map(|outage| {
            let first = alarms.iter().find(|alarm| outage.from <= alarm.from && alarm.from < outage.to)?;
            Some((first.from - outage.from + 1) as f64)
        })
        .collect();
    let share = (!outages.is_empty()).then(|| exactly_one as f64 / outages.len() as f64);
    vec![share, Some(without.count() as f64), beforehand_core::math::quantile::median(&mut delays)]
}
