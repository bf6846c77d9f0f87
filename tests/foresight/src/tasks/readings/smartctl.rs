//! Reports of smartctl on real drives (`smartctl`), beside an index that another decoder made.

use super::Compared;
use crate::data::{self, Data};
use anyhow::{Context, Result};
use beforehand_agent::probes::drives::parse::{self, Candidate};
use beforehand_shared::drive::{Drive, Verdict};
use serde::Deserialize;

pub(super) const TRUTH: &str = "smartctl/INDEX.csv";
/// Answers of another program, which the agent does not ask.
const NOT_OF_SMARTCTL: &str = "netdata_nvmecli__";

#[derive(Deserialize)]
struct Known {
    file: String,
    kind: String,
    #[serde(rename = "type")]
    device_type: String,
    passed: String,
    /// Values as `name=value`, separated by blanks.
    key: String,
}

pub(super) fn compare(data: &Data) -> Result<Compared> {
    let truth = data.file(TRUTH)?;
    let mut compared = Compared::default();
    for known in data::rows::<Known>(&truth)? {
        if known.kind != "device" || known.file.starts_with(NOT_OF_SMARTCTL) {
            continue;
        }
        let path = truth.with_file_name(&known.file);
        let answer = std::fs::read(&path).with_context(|| path.display().to_string())?;
        let candidate = Candidate { name: "/dev/sda".to_owned(), kind: known.device_type.clone(), closed: None };
        match parse::drive(&answer, &candidate) {
            Ok(Some(drive)) => one(&mut compared, &drive, &known),
            other => compared.value(&known.file, "the report", false, &other.is_ok()),
        }
    }
    Ok(compared)
}

fn one(compared: &mut Compared, drive: &Drive, known: &Known) {
    let verdict = matches!(
        (&drive.verdict, known.passed.as_str()),
        (Verdict::Passed, "True")
            | (Verdict::Failing { .. }, "False")
            | (Verdict::Unknown { .. } | Verdict::Blind { .. }, "")
    );
    compared.value(&known.file, "verdict", verdict, &drive.verdict);
    for (name, value) in known.key.split_whitespace().filter_map(|pair| pair.split_once('=')) {
        if let Some((read, told)) = value_of(drive, name, value) {
            compared.value(&known.file, name, read == told, &read);
        }
    }
}

/// What was read and what is told; nothing for what the agent does not keep.
fn value_of(drive: &Drive, name: &str, value: &str) -> Option<(Option<u64>, Option<u64>)> {
    let number = value.parse::<u64>().ok();
    let sum = || value.split('/').filter_map(|part| part.parse::<u64>().ok()).sum::<u64>();
    let warning = u64::from(matches!(&drive.verdict, Verdict::Failing { .. }));
    Some(match name {
        "5" | "grown" => (drive.reallocated_sectors, number),
        "187" | "media_errors" => (drive.media_errors, number),
        // The lowest of three counts that are packed into one number.
        "188" => (drive.command_timeouts, number.map(|packed| packed & 0xFFFF)),
        "197" => (drive.pending_sectors, number),
        "198" => (drive.uncorrectable_sectors, number),
        "199" => (drive.crc_errors, number),
        "unsafe_shutdowns" => (drive.unsafe_shutdowns, number),
        "num_err_log_entries" => (drive.error_log_entries, number),
        "available_spare" => (drive.spare_pct.map(u64::from), number),
        "percentage_used" | "pct_used" => (drive.wear_used_pct.map(u64::from), number),
        "critical_warning" => (Some(warning), number.map(|bits| u64::from(bits > 0))),
        "unc" => (drive.media_errors, Some(sum())),
        _ => return None,
    })
}
