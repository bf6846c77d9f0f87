//! The histories of drives: a row for each change of a count.

use crate::data;
use anyhow::Result;
use beforehand_core::detectors::drive_failure::card::{Count, History, WITHIN_DAYS};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

const HOURS: f64 = 24.0;

#[derive(Debug, Deserialize)]
struct Line {
    serial: String,
    model: String,
    poh_start: f64,
    poh_end: f64,
    fail: u8,
    s5: Option<f64>,
    s10: Option<f64>,
    s187: Option<f64>,
    s188: Option<f64>,
    s196: Option<f64>,
    s197: Option<f64>,
    s198: Option<f64>,
}

/// What held from one change to the next, in days of running.
#[derive(Debug, Clone)]
pub(super) struct Span {
    pub(super) from: f64,
    pub(super) to: f64,
    pub(super) counts: BTreeMap<Count, f64>,
}

#[derive(Debug, Clone)]
pub(super) struct Drive {
    pub(super) model: String,
    pub(super) spans: Vec<Span>,
    pub(super) failed: bool,
}

impl Drive {
    /// When it failed, or was last seen.
    pub(super) fn end(&self) -> f64 {
        self.spans.last().map_or(0.0, |span| span.to)
    }

    /// What was known of it on a day within span `index`.
    pub(super) fn history(&self, index: usize, day: f64) -> History {
        let before = |days: u32| {
            let at = day - f64::from(days);
            let held = self.spans[..=index].iter().rev().find(|span| span.from <= at);
            held.or_else(|| self.spans.first()).map(|span| span.counts.clone()).unwrap_or_default()
        };
        let grew = (1..=index).rev().find(|at| grew(&self.spans[at - 1].counts, &self.spans[*at].counts));
        History {
            now: self.spans[index].counts.clone(),
            before: WITHIN_DAYS.into_iter().map(|days| (days, before(days))).collect(),
            quiet_days: day - self.spans[grew.unwrap_or(0)].from,
        }
    }
}

fn grew(before: &BTreeMap<Count, f64>, after: &BTreeMap<Count, f64>) -> bool {
    after.iter().any(|(count, value)| before.get(count).is_none_or(|before| value > before))
}

pub(super) struct Fleet {
    pub(super) drives: Vec<Drive>,
}

impl Fleet {
    pub(super) fn read(path: &Path) -> Result<Self> {
        let mut drives: BTreeMap<String, Drive> = BTreeMap::new();
        for line in data::rows::<Line>(path)? {
            let drive = drives.entry(line.serial.clone()).or_insert_with(|| Drive {
                model: line.model.clone(),
                spans: Vec::new(),
                failed: false,
            });
            drive.failed |= line.fail == 1;
            drive.spans.push(Span { from: line.poh_start / HOURS, to: line.poh_end / HOURS, counts: line.counts() });
        }
        let mut drives: Vec<Drive> = drives.into_values().collect();
        drives.iter_mut().for_each(|drive| drive.spans.sort_by(|a, b| a.from.total_cmp(&b.from)));
        Ok(Self { drives })
    }

    pub(super) fn words(&self) -> String {
        let failed = self.drives.iter().filter(|drive| drive.failed).count();
        format!("{} drives, {failed} of them failed", self.drives.len())
    }
}

impl Line {
    fn counts(&self) -> BTreeMap<Count, f64> {
        // Seagate packs three counters into 188; the lowest 16 bits count.
        let timeouts = self.s188.map(|raw| raw % 65_536.0);
        let known = [
            (Count::ReallocatedSectors, self.s5),
            (Count::SpinRetries, self.s10),
            (Count::MediaErrors, self.s187),
            (Count::CommandTimeouts, timeouts),
            (Count::ReallocationEvents, self.s196),
            (Count::PendingSectors, self.s197),
            (Count::UncorrectableSectors, self.s198),
        ];
        known.into_iter().filter_map(|(count, value)| Some((count, value?))).collect()
    }
}
