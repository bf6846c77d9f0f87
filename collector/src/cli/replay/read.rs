//! Reads recorded reports, oldest first.

use anyhow::Context;
use beforehand_shared::{report::Report, wire};
use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::Path,
};

pub(super) fn reports(from: &Path) -> anyhow::Result<Vec<Report>> {
    let mut reports = if from.is_dir() { of_folder(from)? } else { of_lines(from)? };
    reports.sort_by_key(|report| (report.made_at, report.host, report.seq));
    Ok(reports)
}

fn of_folder(folder: &Path) -> anyhow::Result<Vec<Report>> {
    let mut reports = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let file = entry?.path();
        if file.is_file() {
            let bytes = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            let report = wire::decode(&bytes).with_context(|| format!("{} is no report", file.display()))?;
            reports.push(report);
        }
    }
    Ok(reports)
}

fn of_lines(file: &Path) -> anyhow::Result<Vec<Report>> {
    let lines = BufReader::new(File::open(file).with_context(|| format!("cannot read {}", file.display()))?).lines();
    let mut reports = Vec::new();
    for (number, line) in (1..).zip(lines) {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let report = serde_json::from_str(&line).with_context(|| format!("{}, line {number}", file.display()))?;
        reports.push(report);
    }
    Ok(reports)
}
