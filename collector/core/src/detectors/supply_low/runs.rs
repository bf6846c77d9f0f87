//! The readings of a level as runs of one value, without what was read for a moment only.

use super::work::Work;
use crate::series::Sample;
use beforehand_shared::time::{Millis, Timestamp};

/// A value that lasted no longer and went back to what was before is a reading gone wrong; until then a
/// new one is not believed.
const BELIEVED_AFTER: Millis = Millis::HOUR;
/// Points by which a value must differ to be one gone wrong, or a change.
const APART: f64 = 8.0;

/// A level that was read for a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Run {
    pub level: f64,
    pub from: Timestamp,
    pub to: Timestamp,
    /// Units of work when it was read first and last.
    pub work_from: f64,
    pub work_to: f64,
}

/// Runs of a level that are believed, and the last one where it is too new for that: its value has been read for `steady`,
/// by the clock, as between the beginnings of two hours a minute may have gone by.
pub(super) fn runs(level: &[Sample], work: &Work, steady: Millis) -> (Vec<Run>, Option<Run>) {
    let mut runs: Vec<Run> = Vec::new();
    for (hour, sum) in level.iter().zip(work.until(level)) {
        let to = hour.at;
        match runs.last_mut().filter(|run| (run.level - hour.value).abs() < 0.01) {
            Some(run) => (run.to, run.work_to) = (to, sum),
            None => runs.push(Run { level: hour.value, from: to, to, work_from: sum, work_to: sum }),
        }
    }
    let mut runs = without_moments(runs);
    let is_new = runs.len() > 1 && steady < BELIEVED_AFTER && apart(&runs[runs.len() - 2..]);
    let new = if is_new { runs.pop() } else { None };
    (runs, new)
}

fn is_moment(run: &Run) -> bool {
    run.to.since(run.from) < BELIEVED_AFTER
}

fn apart(pair: &[Run]) -> bool {
    (pair[0].level - pair[1].level).abs() >= APART
}

/// What was read for a moment between two that agree, or nearly so.
fn without_moments(runs: Vec<Run>) -> Vec<Run> {
    let mut kept: Vec<Run> = Vec::with_capacity(runs.len());
    for run in runs {
        if let [.., before, moment] = &kept[..]
            && is_moment(moment)
            && apart(&[*before, *moment])
            && (before.level - run.level).abs() < 0.5 * (before.level - moment.level).abs().min(2.0 * APART)
        {
            kept.pop();
        }
        match kept.last_mut().filter(|last| (last.level - run.level).abs() < 0.01) {
            Some(last) => (last.to, last.work_to) = (run.to, run.work_to),
            None => kept.push(run),
        }
    }
    kept
}
