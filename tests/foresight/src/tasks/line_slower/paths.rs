//! Reads the labelled round trips.

use crate::{
    data::{self, Data, stem},
    online::{Series, events::Span},
};
use anyhow::Result;
use beforehand_shared::time::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

const FOLDER: &str = "net/atlas_rtt";

pub(super) struct Path {
    pub(super) series: Series,
    pub(super) minor: Vec<Span>,
    pub(super) major: Vec<Span>,
}

#[derive(Deserialize)]
struct Sample {
    ts: f64,
    rtt_ms: f64,
}

#[derive(Deserialize)]
struct Event {
    file: String,
    class: String,
    start_idx: usize,
    end_idx: usize,
}

pub(super) fn read(data: &Data) -> Result<Vec<Path>> {
    let mut events: BTreeMap<String, Vec<Event>> = BTreeMap::new();
    for event in data::rows::<Event>(&data.file(&format!("{FOLDER}/degradations.csv"))?)? {
        events.entry(event.file.trim_end_matches(".csv").to_owned()).or_default().push(event);
    }
    let files = data.files(FOLDER, &[".csv.gz", ".csv"])?;
    let series = files.iter().filter(|path| stem(path) != "degradations");
    let paths = series.map(|path| {
        let name = stem(path);
        let of_class = |class: &str| {
            let mine = events.get(&name).into_iter().flatten().filter(|event| event.class == class);
            mine.map(|event| Span { from: event.start_idx, to: event.end_idx }).collect()
        };
        let (minor, major) = (of_class("minor"), of_class("major"));
        let samples = data::rows::<Sample>(path)?.into_iter().map(|row| {
            // Nothing or less stands for three pings that were all lost.
            (Timestamp((row.ts * 1000.0) as i64), Some(row.rtt_ms).filter(|ms| *ms > 0.0))
        });
        Ok(Path { series: Series { name, samples: samples.collect() }, minor, major })
    });
    paths.collect()
}
