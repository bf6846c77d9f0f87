//! Numenta's anomaly benchmark: series with windows in which something was wrong.

use crate::{
    data::{self, Data, stem},
    online::Series,
    tasks::service_latency::Marked,
};
use anyhow::{Context, Result};
use beforehand_core::path::instant::instant;
use std::{collections::BTreeMap, path::Path};

const FOLDER: &str = "net/nab";

type Table = Vec<BTreeMap<String, String>>;

/// The first of `names` that a row has.
fn cell<'a>(row: &'a BTreeMap<String, String>, names: &[&str]) -> Result<&'a str> {
    let found = names.iter().find_map(|name| row.get(*name));
    found.map(String::as_str).with_context(|| format!("there is no column {}", names.join(" or ")))
}

pub(super) fn read(data: &Data) -> Result<Vec<Marked>> {
    let windows: Table = data::rows(&data.file(&format!("{FOLDER}/windows.csv"))?)?;
    let files = data.files(FOLDER, &[".csv.gz", ".csv"])?;
    files.iter().filter(|path| stem(path) != "windows").map(|path| of_file(path, &windows)).collect()
}

fn of_file(path: &Path, windows: &Table) -> Result<Marked> {
    let name = stem(path);
    let mut spells = Vec::new();
    for row in windows {
        // Folders may be written before the name or into it.
        let file = cell(row, &["file", "series", "name"])?.trim_end_matches(".gz").trim_end_matches(".csv");
        if file == name || file.replace('/', "__") == name || file.ends_with(&format!("/{name}")) {
            let at = |names: &[&str]| instant(cell(row, names)?).context("windows.csv holds what is no instant");
            spells.push((at(&["start", "start_ts", "from"])?, at(&["end", "end_ts", "to"])?));
        }
    }
    let mut samples = Vec::new();
    for row in data::rows::<BTreeMap<String, String>>(path)? {
        let at = instant(cell(&row, &["ts", "timestamp", "time"])?).with_context(|| format!("{name}: no instant"))?;
        samples.push((at, cell(&row, &["value"])?.parse().ok().filter(|value: &f64| value.is_finite())));
    }
    let marks = samples.iter().map(|(at, _)| spells.iter().any(|(from, to)| from <= at && at <= to)).collect();
    Ok(Marked { series: Series { name, samples }, marks })
}
