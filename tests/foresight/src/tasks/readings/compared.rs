//! What came of comparing.

use anyhow::{Context, Result};
use serde_json::Value;
use std::{fmt::Debug, path::Path};

#[derive(Debug, Default)]
pub struct Compared {
    pub equal: usize,
    /// Which value of which recording, and what was read.
    pub differ: Vec<String>,
    /// Which value of which recording, and why it does not count.
    pub excused: Vec<String>,
}

/// Where the truth is wrong: the recording, how the name of the value begins, and why.
const EXCUSED: [(&str, &str, &str); 8] = [
    ("jetdirect_supplies_context", "", "its supplies are recorded in another context, which is not among the data"),
    (
        "brother-hl-l2340dw",
        "page_counter",
        "the standard counter counts the printer's whole life; Brother's own began anew with a part",
    ),
    ("scrutiny__smart-ata-date2.json", "5", "edited by hand: the number of each raw value is 10 and its text is 0"),
    ("scrutiny__smart-ata-date2.json", "197", "edited by hand"),
    ("scrutiny__smart-ata-date2.json", "198", "edited by hand"),
    ("scrutiny__smart-ata-date2.json", "199", "edited by hand"),
    (
        "smartctl_exporter__sat-Phison_Driven_SSDs-KINGSTON_SKC400S371T-sda.json",
        "197",
        "the index counts an attribute that smartctl calls not in use for this model",
    ),
    ("md219", "", "a container of firmware RAID, which holds no data of its own"),
];

impl Compared {
    /// Counts one value; `read` is shown where it does not fit.
    pub(super) fn value(&mut self, recording: &str, what: &str, fits: bool, read: &dyn Debug) {
        let excuse = EXCUSED.iter().find(|(of, value, _)| *of == recording && what.starts_with(value));
        match (fits, excuse) {
            (true, _) => self.equal += 1,
            (false, Some((.., why))) => self.excused.push(format!("{recording}, {what}: {why}")),
            (false, None) => self.differ.push(format!("{recording}, {what}: {read:?}")),
        }
    }

    /// The values that count.
    pub fn count(&self) -> usize {
        self.equal + self.differ.len()
    }

    pub(super) fn add(&mut self, other: &Self) {
        self.equal += other.equal;
        self.differ.extend(other.differ.iter().cloned());
        self.excused.extend(other.excused.iter().cloned());
    }
}

/// A truth in JSON.
pub(super) fn json(path: &Path) -> Result<Value> {
    let name = || path.display().to_string();
    serde_json::from_slice(&std::fs::read(path).with_context(name)?).with_context(name)
}

/// The elements of a list; none of what is no list.
pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_default()
}

/// The text; empty for what is no text.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}
