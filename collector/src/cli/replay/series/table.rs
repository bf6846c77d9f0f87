//! Reads a table of times and values.

use anyhow::{Context, anyhow, bail};
use beforehand_core::path::instant::instant;
use beforehand_shared::time::Timestamp;
use csv::{Reader, ReaderBuilder, StringRecord, Trim};
use std::io::Read;

/// What the columns may be called, in any case.
const TIMES: [&str; 7] = ["time", "timestamp", "ts", "datetime", "date", "unix", "local_time"];
const VALUES: [&str; 2] = ["value", "values"];
/// Columns that stand beside the value in labelled data.
const LABELS: [&str; 5] = ["label", "labels", "is_anomaly", "anomaly", "changepoint"];
/// How a cell says that there is no value.
const NOTHING: [&str; 5] = ["", "nan", "na", "null", "none"];
/// Longer cells are cut in messages.
const SHOWN: usize = 40;

pub(super) struct Table<R> {
    rows: Reader<R>,
    record: StringRecord,
    time: usize,
    value: usize,
    last: Option<Timestamp>,
}

pub(super) struct Row {
    pub(super) at: Timestamp,
    /// As it was written.
    pub(super) time: String,
    /// Nothing where the cell says that there is none.
    pub(super) value: Option<f64>,
}

impl<R: Read> Table<R> {
    pub(super) fn read(from: R) -> anyhow::Result<Self> {
        let mut rows = ReaderBuilder::new().flexible(true).trim(Trim::All).from_reader(from);
        let head = rows.headers().context("the header cannot be read")?;
        let names: Vec<String> =
            head.iter().map(|name| name.trim_start_matches('\u{feff}').to_ascii_lowercase()).collect();
        let (time, value) = columns(&names)?;
        Ok(Self { rows, record: StringRecord::new(), time, value, last: None })
    }

    /// The next row; nothing after the last.
    pub(super) fn next(&mut self) -> anyhow::Result<Option<Row>> {
        if !self.rows.read_record(&mut self.record)? {
            if self.last.is_none() {
                bail!("there is no row below the header");
            }
            return Ok(None);
        }
        let line = self.record.position().map_or(0, csv::Position::line);
        let row = self.row().with_context(|| format!("line {line}"))?;
        self.last = Some(row.at);
        Ok(Some(row))
    }

    fn row(&self) -> anyhow::Result<Row> {
        let cell = |column: usize, what: &str| {
            self.record.get(column).ok_or_else(|| anyhow!("there is no {what}: the row is shorter than the header"))
        };
        let (time, value) = (cell(self.time, "time")?, cell(self.value, "value")?);
        let Some(at) = instant(time) else {
            bail!("{} is no time: write unix seconds, RFC 3339 or 2026-11-03 14:05:00", shown(time));
        };
        if self.last.is_some_and(|last| at < last) {
            bail!("it is earlier than the row before: sort the rows by time");
        }
        Ok(Row { at, time: time.to_owned(), value: number(value)? })
    }
}

/// The places of time and value in the header.
fn columns(names: &[String]) -> anyhow::Result<(usize, usize)> {
    if names.is_empty() {
        bail!("there is no header: the first line names the columns, such as time,value");
    }
    let place = |wanted: &[&str]| wanted.iter().find_map(|name| names.iter().position(|have| have == name));
    let time = place(&TIMES)
        .with_context(|| format!("there is no column for the time: call it one of {}", TIMES.join(", ")))?;
    if let Some(value) = place(&VALUES) {
        return Ok((time, value));
    }
    let others: Vec<usize> =
        (0..names.len()).filter(|place| *place != time && !LABELS.contains(&names[*place].as_str())).collect();
    match others[..] {
        [value] => Ok((time, value)),
        [] => bail!("there is no column beside the time: add one called value"),
        _ => bail!("nobody knows which column is the value: call it value"),
    }
}

fn number(cell: &str) -> anyhow::Result<Option<f64>> {
    if NOTHING.contains(&cell.to_ascii_lowercase().as_str()) {
        return Ok(None);
    }
    let value: f64 = cell.parse().map_err(|_| anyhow!("{} is no number", shown(cell)))?;
    Ok(Some(value).filter(|value| value.is_finite()))
}

/// A cell for a message: short, and nothing in it moves the cursor.
fn shown(cell: &str) -> String {
    let short: String = cell.chars().take(SHOWN).collect();
    format!("{short:?}")
}
