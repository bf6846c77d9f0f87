//! What was done about a case: work that a person recorded, or a change that the measurements
//! show.

use crate::{
    finding::FindingKind,
    ledger::ClosedCase,
    series::{Metric, Sample},
    ticket::Verdict,
};
use beforehand_shared::time::{Millis, Timestamp};

/// A rise within this time is one change.
const ONE_CHANGE: Millis = Millis::hours(6);
/// Points a supply's level must rise by to be a new cartridge, also with sensors of three steps.
const NEW_CARTRIDGE: f64 = 30.0;
/// A change of at least this share of a recognised one before the ticket makes it a habit.
const HABIT: f64 = 0.5;

/// The work that the case cleared after.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Action {
    pub at: Timestamp,
    /// Who did what, as in `Kim recorded work`.
    pub said: String,
    /// Whether a person recorded it.
    pub recorded: bool,
    /// Whether the measurements show it.
    pub measured: bool,
}

/// What was done between ticket and clearing; the measured change tells when, where there is one.
pub(super) fn action(closed: &ClosedCase, from: Timestamp, to: Timestamp) -> Option<Action> {
    let by_person = work(closed, from, to).or_else(|| resolution(closed, from, to));
    match (by_person, change(closed, from, to)) {
        (Some(person), Some(change)) => {
            let said = format!("{}, and {}", person.said, change.said);
            Some(Action { at: change.at, said, recorded: true, measured: true })
        }
        (person, change) => person.or(change),
    }
}

/// The last work that had begun when the case cleared. Work of 20 minutes logged at noon began at
/// 11:40, so that work written down right after it still counts.
fn work(closed: &ClosedCase, from: Timestamp, to: Timestamp) -> Option<Action> {
    let began_before_end = closed.work.iter().filter(|work| {
        let began = work.at.minus(Millis::minutes(i64::from(work.minutes)));
        work.acted && work.at >= from && began <= to
    });
    let last = began_before_end.max_by_key(|work| work.at)?;
    Some(Action { at: last.at.min(to), said: format!("{} recorded work", last.who), recorded: true, measured: false })
}

/// A ticket that someone resolved as fixed while the condition was still there.
fn resolution(closed: &ClosedCase, from: Timestamp, to: Timestamp) -> Option<Action> {
    let ticket = closed.ticket.as_ref()?;
    let at = ticket.resolved_at.filter(|at| (from..=to).contains(at))?;
    let who = ticket.assignee.as_deref().unwrap_or("a person");
    (ticket.resolution == Some(Verdict::Fixed)).then(|| Action {
        at,
        said: format!("{who} resolved the ticket as fixed"),
        recorded: true,
        measured: false,
    })
}

/// A change that the measurements show and that had not happened like this before the ticket:
/// what comes and goes by itself is no work.
fn change(closed: &ClosedCase, from: Timestamp, to: Timestamp) -> Option<Action> {
    let (need, said) = needed_rise(closed)?;
    let before = closed.measured.partition_point(|sample| sample.at < from);
    let habitual = rises(&closed.measured[..before]).any(|(_, rise)| rise >= HABIT * need);
    if habitual {
        return None;
    }
    // From shortly before the ticket, so that the lowest level is among the samples.
    let start = closed.measured.partition_point(|sample| sample.at < from.minus(ONE_CHANGE));
    rises(&closed.measured[start..])
        .find(|(at, rise)| (from..=to).contains(at) && *rise >= need)
        .map(|(at, _)| Action { at, said: said.to_owned(), recorded: false, measured: true })
}

/// How much the measured value must rise to be a recognised change, and what it is called.
fn needed_rise(closed: &ClosedCase) -> Option<(f64, &'static str)> {
    let judgement = [&closed.case.latest, &closed.case.first].into_iter().find_map(|j| j.evidence.chart.as_ref());
    match judgement.map(|chart| &chart.metric) {
        Some(Metric::SupplyPct(_)) => Some((NEW_CARTRIDGE, "the level shows a new cartridge")),
        Some(Metric::FreeBytes | Metric::InodesFree) | None if closed.case.kind == FindingKind::VolumeFull => {
            let need = closed.forecasts.iter().rev().find_map(|forecast| forecast.outlook.need)?;
            (need > 0.0).then_some((need, "the measurements show the space freed"))
        }
        _ => None,
    }
}

/// For each sample, how far it lies above the lowest of the time before it.
fn rises(samples: &[Sample]) -> impl Iterator<Item = (Timestamp, f64)> {
    samples.iter().enumerate().map(|(i, sample)| {
        let start = samples.partition_point(|earlier| earlier.at < sample.at.minus(ONE_CHANGE));
        // Values are stored when they change: the one before the window still held at its start.
        let lowest = samples[start.saturating_sub(1)..i].iter().map(|s| s.value).fold(sample.value, f64::min);
        (sample.at, sample.value - lowest)
    })
}
