//! What the line of a site carried at least: what its machines sent or fetched together while it was full of that. It was
//! where packets waited behind the gateway and not before it, and the machines did about as much as they ever do.

use super::{Part, Scene, part_of, within};
use crate::{
    math::quantile::median,
    network::capacity::{self, FULL, LEAST},
    series::{Metric, Series},
    site::LineContract,
};
use beforehand_shared::{
    observation::Observation,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// Packets wait where round trips take so much longer than usual: a share of it, and milliseconds.
const SHARE: f64 = 0.15;
const LONGER_MS: f64 = 5.0;
/// With this share of it before the gateway, the office's own network is full.
const OWN: f64 = 0.5;
/// Minutes in a row that are no accident.
const RUN: usize = 3;
/// Days that are read for one way.
const DAYS: usize = 3;

/// Metrics that are read as measured on the days of [`days_with_full_line`].
pub const METRICS: [Metric; 3] = [Metric::RttMs, Metric::ReceivedKbit, Metric::SentKbit];

/// In kbit/s; nothing where it was never seen full.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Carried {
    pub down: Option<f64>,
    pub up: Option<f64>,
}

impl Carried {
    /// More than was agreed went over the office's own network.
    pub fn of(scene: &Scene, agreed: &LineContract) -> Self {
        let (anchors, gateways) = (rises(scene, Part::Internet), rises(scene, Part::Gateway));
        let waits = |slot: &Timestamp| {
            let before = gateways.get(slot).copied().unwrap_or(0.0);
            anchors.get(slot).is_some_and(|longer| *longer > 0.0 && before < OWN * longer)
        };
        let one_way = |metric: &Metric, agreed: Option<u32>| {
            let full = (FULL * at_best(scene, metric)).max(LEAST);
            let most = agreed.map_or(f64::INFINITY, f64::from);
            let is_full = |(slot, rate): &(Timestamp, f64)| *rate >= full && *rate <= most && waits(slot);
            best_run(rates(scene, metric).into_iter().filter(is_full), scene.step())
        };
        Self { down: one_way(&Metric::ReceivedKbit, agreed.down_kbps), up: one_way(&Metric::SentKbit, agreed.up_kbps) }
    }
}

/// UTC days on which the line may have been full, by the hours; the busiest.
pub fn days_with_full_line(scene: &Scene) -> BTreeSet<Timestamp> {
    let mut waited: BTreeMap<Timestamp, Vec<f64>> = BTreeMap::new();
    for (series, usual) in paths(scene, Part::Internet) {
        for hour in series.hours_since(scene.from()) {
            waited.entry(hour.at).or_default().push(longer(hour.mean, usual));
        }
    }
    let waited: BTreeMap<Timestamp, bool> =
        waited.into_iter().map(|(at, mut rises)| (at, median(&mut rises).is_some_and(|rise| rise > 0.0))).collect();
    let busiest = |metric: &Metric| {
        let mut days: BTreeMap<Timestamp, f64> = BTreeMap::new();
        for hour in interfaces(scene, metric).flat_map(|series| series.hours_since(scene.from())) {
            if hour.max >= LEAST && waited.get(&hour.at).is_some_and(|waited| *waited) {
                let most = days.entry(hour.at.day_start()).or_default();
                *most = most.max(hour.max);
            }
        }
        let mut days: Vec<(Timestamp, f64)> = days.into_iter().collect();
        days.sort_by(|a, b| b.1.total_cmp(&a.1));
        days.into_iter().take(DAYS).map(|(day, _)| day).collect::<Vec<_>>()
    };
    [Metric::ReceivedKbit, Metric::SentKbit].iter().flat_map(busiest).collect()
}

/// Milliseconds above what is usual; 0 where that is no sign of anything.
fn longer(ms: f64, usual: f64) -> f64 {
    let longer = ms - usual;
    if longer >= LONGER_MS.max(SHARE * usual) { longer } else { 0.0 }
}

/// Round trips to a part, and the usual of each path.
fn paths(scene: &Scene, part: Part) -> impl Iterator<Item = (&Series, f64)> {
    let links = scene.links().filter(move |(.., link)| part_of(link.role) == Some(part));
    links.filter_map(|(_, view, _)| {
        let series = view.series.get(&Metric::RttMs)?;
        let mut means: Vec<f64> = series.hours_since(scene.from()).iter().map(|hour| hour.mean).collect();
        Some((series, median(&mut means)?))
    })
}

/// By how much round trips took longer, minute by minute; the middle path.
fn rises(scene: &Scene, part: Part) -> BTreeMap<Timestamp, f64> {
    let step = scene.step();
    let mut slots: BTreeMap<Timestamp, Vec<f64>> = BTreeMap::new();
    for (series, usual) in paths(scene, part) {
        for sample in within(&series.recent, (scene.from(), scene.now)) {
            slots.entry(slot(sample.at, step)).or_default().push(longer(sample.value, usual));
        }
    }
    slots.into_iter().filter_map(|(at, mut rises)| Some((at, median(&mut rises)?))).collect()
}

fn interfaces<'a>(scene: &'a Scene, metric: &'a Metric) -> impl Iterator<Item = &'a Series> {
    let interfaces = scene.assets.values().filter(|view| matches!(view.facts, Observation::Interface(_)));
    interfaces.filter_map(|view| view.series.get(metric))
}

/// Of all machines together.
fn at_best(scene: &Scene, metric: &Metric) -> f64 {
    interfaces(scene, metric).map(|series| capacity::at_best(series.hours_since(scene.from()).iter())).sum()
}

/// Of all machines together, minute by minute.
fn rates(scene: &Scene, metric: &Metric) -> BTreeMap<Timestamp, f64> {
    let step = scene.step();
    let mut all: BTreeMap<Timestamp, f64> = BTreeMap::new();
    for series in interfaces(scene, metric) {
        let samples = within(&series.recent, (scene.from(), scene.now)).iter();
        // Of two in one minute the later counts.
        let own: BTreeMap<Timestamp, f64> = samples.map(|sample| (slot(sample.at, step), sample.value)).collect();
        own.into_iter().for_each(|(at, rate)| *all.entry(at).or_default() += rate);
    }
    all
}

fn slot(at: Timestamp, step: Millis) -> Timestamp {
    Timestamp(at.0.div_euclid(step.0).saturating_mul(step.0))
}

/// The middle rate of the run that carried most; nothing of runs that are too short.
fn best_run(rates: impl Iterator<Item = (Timestamp, f64)>, step: Millis) -> Option<f64> {
    let mut runs: Vec<(Timestamp, Vec<f64>)> = Vec::new();
    for (at, rate) in rates {
        match runs.last_mut().filter(|(last, _)| at.since(*last) <= step) {
            Some((last, run)) => {
                *last = at;
                run.push(rate);
            }
            None => runs.push((at, vec![rate])),
        }
    }
    let long = runs.into_iter().map(|(_, run)| run).filter(|run| run.len() >= RUN);
    long.filter_map(|mut run| median(&mut run)).max_by(f64::total_cmp)
}
