//! A part over time, cell by cell. What was not measured is never shown as sound.

use super::{Merged, Outage, Part, Scene, services};
use crate::{case::Judgement, series::Metric};
use beforehand_shared::time::{Millis, Timestamp};
use std::borrow::Cow;

/// Per cent of loss from which a cell is not sound: what users begin to notice.
const LOSSY: f64 = 2.0;
const DAYS: i64 = 30;
const HOURS: i64 = 24;

/// In the order of what is worse.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellState {
    Unmeasured,
    /// A part nearer to the machines was out: nothing can be said.
    Hidden,
    Sound,
    Lossy,
    Down,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    pub from: Timestamp,
    pub to: Timestamp,
    pub state: CellState,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Strip {
    pub cells: Vec<Cell>,
    /// Whole hours in which it was measured.
    pub measured: Millis,
    /// Of these, how long it was out.
    pub down: Millis,
    pub loss_pct: Option<f64>,
}

impl Strip {
    /// Per cent of the measured time in which it was not out; nothing where nothing was measured.
    pub fn up_pct(&self) -> Option<f64> {
        let measured = self.measured.0 as f64;
        (measured > 0.0).then(|| 100.0 * (1.0 - (self.down.0 as f64 / measured).min(1.0)))
    }
}

/// The last 24 hours.
pub(super) fn day(scene: &Scene, part: Part, hours: &[Merged], outages: &[Outage]) -> Strip {
    let last = scene.now.hour_start();
    let starts = (1 - HOURS..=0).map(|n| last.plus(Millis::hours(n)));
    strip(scene, part, (hours, outages), starts.map(|at| (at, at.plus(Millis::HOUR))).collect())
}

/// The last 30 days of the office's own calendar.
pub(super) fn month(scene: &Scene, part: Part, hours: &[Merged], outages: &[Outage]) -> Strip {
    let calendar = scene.calendar();
    // Noon is on the same date whatever the clock does.
    let noon = calendar.day_start(scene.now).plus(Millis::hours(12));
    let start = |n: i64| calendar.day_start(noon.plus(Millis::days(n)));
    strip(scene, part, (hours, outages), (1 - DAYS..=0).map(|n| (start(n), start(n + 1))).collect())
}

/// Of the whole way, over the same 30 days.
pub(super) fn up_pct(scene: &Scene, hours: &[Merged], outages: &[Outage]) -> Option<f64> {
    let span = (scene.from(), scene.now);
    let measured = hours.iter().filter(|hour| hour.at >= span.0 && hour.whole().is_some()).count() as i64;
    let down = outages.iter().filter(|outage| outage.rounds > 0).map(|outage| outage.overlap(span, scene.now).0).sum();
    Strip { cells: Vec::new(), measured: Millis::hours(measured), down: Millis(down), loss_pct: None }.up_pct()
}

/// By hours: whether it was measured, and what was lost.
type Measured = Vec<(Timestamp, f64)>;

fn strip(
    scene: &Scene,
    part: Part,
    (hours, outages): (&[Merged], &[Outage]),
    spans: Vec<(Timestamp, Timestamp)>,
) -> Strip {
    let measured = measured(scene, part, hours);
    let cells: Vec<Cell> = spans.iter().map(|span| cell(scene, part, (&measured, outages), *span)).collect();
    let whole = spans.first().zip(spans.last()).map(|(first, last)| (first.0, last.1.min(scene.now)));
    let own = outages.iter().filter(|outage| outage.part == part && outage.rounds > 0);
    let down = whole.map_or(0, |whole| own.map(|outage| outage.overlap(whole, scene.now).0).sum::<i64>());
    let inside = |at: Timestamp| whole.is_some_and(|(from, to)| (from..to).contains(&at));
    let lost: Vec<f64> = measured.iter().filter(|(at, _)| inside(*at)).map(|(_, lost)| *lost).collect();
    Strip {
        cells,
        measured: Millis::hours(lost.len() as i64),
        down: Millis(down),
        loss_pct: (!lost.is_empty()).then(|| lost.iter().sum::<f64>() / lost.len() as f64),
    }
}

fn measured(scene: &Scene, part: Part, hours: &[Merged]) -> Measured {
    match part {
        Part::Office => present(scene),
        Part::Services => services::failed(scene, hours),
        pinged => hours.iter().filter_map(|hour| Some((hour.at, hour.own(pinged)?))).collect(),
    }
}

/// Hours in which any machine reported.
fn present(scene: &Scene) -> Measured {
    let series = scene.assets.values().filter_map(|view| view.series.get(&Metric::Present));
    let mut hours: Vec<Timestamp> = series.flat_map(|series| &series.hours).map(|hour| hour.at).collect();
    hours.sort_unstable();
    hours.dedup();
    hours.into_iter().map(|at| (at, 0.0)).collect()
}

/// The outage as far as nobody got anything: rounds tell it of the way, cases of machines and services.
fn out<'a>(scene: &Scene, outage: &'a Outage) -> Option<Cow<'a, Outage>> {
    match outage.part {
        Part::Office => Some(Cow::Borrowed(outage)),
        Part::Services => {
            let case = scene.cases.iter().find(|case| Some(&case.id) == outage.case.as_ref())?;
            let from = [&case.first, &case.latest].into_iter().find(|said| !is_late(said)).map(|said| said.at)?;
            Some(Cow::Owned(Outage { from: from.max(outage.from), ..outage.clone() }))
        }
        _ => (outage.rounds > 0).then_some(Cow::Borrowed(outage)),
    }
}

/// A service that answers late answers.
fn is_late(said: &Judgement) -> bool {
    said.evidence.chart.as_ref().is_some_and(|chart| chart.metric == Metric::AnswerMs)
}

fn cell(
    scene: &Scene,
    part: Part,
    (measured, outages): (&Measured, &[Outage]),
    (from, to): (Timestamp, Timestamp),
) -> Cell {
    let first = measured.partition_point(|(at, _)| at.plus(Millis::HOUR) <= from);
    let inside = measured[first..].iter().take_while(|(at, _)| *at < to);
    let lost: Vec<f64> = inside.map(|(_, lost)| *lost).collect();
    let overlap = |outage: &Outage| outage.overlap((from, to), scene.now).0;
    let own = outages.iter().filter(|outage| outage.part == part);
    let down = own.filter_map(|outage| out(scene, outage)).any(|outage| overlap(&outage) > 0);
    let nearer = outages.iter().filter(|outage| outage.rounds > 0 && outage.part < part);
    let hidden: i64 = nearer.map(overlap).sum();
    let seen = Millis::hours(lost.len() as i64).0.min(to.since(from).0);
    let state = match () {
        () if down => CellState::Down,
        () if lost.is_empty() => CellState::Unmeasured,
        () if 2 * hidden >= seen => CellState::Hidden,
        () if lost.iter().any(|lost| *lost >= LOSSY) => CellState::Lossy,
        () => CellState::Sound,
    };
    Cell { from, to, state }
}
