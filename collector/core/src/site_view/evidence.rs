//! What was measured around one disturbance, for whoever runs the line: nothing merged, nothing judged.

use super::{Part, Scene, Traced, outages, part_of, routes, within};
use crate::{
    math::quantile::median,
    series::{Metric, Sample},
};
use beforehand_shared::{
    ids::HostId,
    link::LinkRole,
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is shown before and after, at least.
const AROUND: Millis = Millis::minutes(30);
/// Longer than this is shown in its first part only.
pub const LONGEST: Millis = Millis::days(7);
/// Lengths of a row, in minutes; the first that gives few enough rows is taken.
const LENGTHS: [i64; 10] = [1, 2, 5, 10, 15, 30, 60, 180, 360, 720];
const ROWS: i64 = 36;

/// The roles of targets in the order of the way.
const PARTS: [Part; 3] = Part::PINGED;

#[derive(Debug, Clone, PartialEq)]
pub struct Evidence {
    /// The disturbance itself.
    pub from: Timestamp,
    pub to: Timestamp,
    /// Whether it was not over at `to`.
    pub lasts: bool,
    /// What is shown.
    pub window: (Timestamp, Timestamp),
    /// Between two rounds of pings.
    pub step: Millis,
    /// Of a row.
    pub interval: Millis,
    pub rows: Vec<Row>,
    /// By machine and way.
    pub targets: Vec<Target>,
    /// Machines of the site of which no round lies within the disturbance.
    pub silent: Vec<HostId>,
    /// Rows without a round.
    pub gaps: usize,
    /// The way router by router, as it was traced in the disturbance and is usually.
    pub traces: Vec<Traced>,
}

/// All rounds of one stretch of time.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    pub at: Timestamp,
    /// Router, line, internet, as far as each was asked.
    pub parts: [Option<Reading>; 3],
    pub machines: usize,
}

/// Over all rounds of all machines to the targets of one kind.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Reading {
    pub rounds: usize,
    pub loss_pct: f64,
    /// Median; nothing where nothing came back.
    pub rtt_ms: Option<f64>,
}

/// One path during the disturbance and before it.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    pub host: HostId,
    pub part: Part,
    /// As it was pinged.
    pub address: String,
    /// Echo requests in a round.
    pub pings: u32,
    pub during: Option<Reading>,
    pub before: Option<Reading>,
    /// Mean jitter before and during, milliseconds.
    pub jitter_ms: [Option<f64>; 2],
}

impl Evidence {
    /// Around `from..to`, or to its end as it was measured; nothing where no round lies in it.
    pub fn of(scene: &Scene, (from, to): (Timestamp, Option<Timestamp>)) -> Option<Self> {
        let to = to.or_else(|| outages::end(scene, from));
        let lasts = to.is_none();
        let to = to.unwrap_or(scene.now).min(from.plus(LONGEST));
        let step = scene.step();
        let around = AROUND.max(Millis(step.0.saturating_mul(4)));
        let window = (from.minus(around), to.plus(around).min(scene.now.plus(Millis(1))));
        let interval = interval(window, step);
        let targets = targets(scene, (from, to), window);
        let measured: BTreeSet<HostId> = targets.iter().filter(|it| it.during.is_some()).map(|it| it.host).collect();
        if measured.is_empty() {
            return None;
        }
        let rows = rows(scene, window, interval);
        let gaps = rows.iter().filter(|row| row.machines == 0).count();
        // Of a large site not every machine's history is read; those say nothing of themselves.
        let read: BTreeSet<HostId> =
            scene.links().filter(|(_, view, _)| !view.series.is_empty()).map(|(host, ..)| host).collect();
        let there = |host: &&HostId| scene.hosts.get(host).is_some_and(|view| view.enrolled_at < to);
        let silent = read.iter().filter(|host| !measured.contains(host)).filter(there).copied().collect();
        let traces = routes::around(scene, window);
        Some(Self { from, to, lasts, window, step, interval, rows, targets, silent, gaps, traces })
    }

    /// Over all targets of one part.
    pub fn reading(&self, part: Part, during: bool) -> Option<Reading> {
        let of_part = self.targets.iter().filter(|target| target.part == part);
        joined(of_part.filter_map(|target| if during { target.during } else { target.before }).collect())
    }

    pub fn machines(&self) -> BTreeSet<HostId> {
        self.targets.iter().filter(|target| target.during.is_some()).map(|target| target.host).collect()
    }
}

fn interval((from, to): (Timestamp, Timestamp), step: Millis) -> Millis {
    let fits = |length: &Millis| *length >= step && to.since(from).0 <= ROWS * length.0;
    LENGTHS.into_iter().map(Millis::minutes).find(fits).unwrap_or(Millis::DAY)
}

fn reading(loss: &[Sample], rtt: &[Sample]) -> Option<Reading> {
    let rounds = loss.len();
    let mut rtt: Vec<f64> = rtt.iter().map(|sample| sample.value).collect();
    (rounds > 0).then(|| Reading {
        rounds,
        loss_pct: loss.iter().map(|sample| sample.value).sum::<f64>() / rounds as f64,
        rtt_ms: median(&mut rtt),
    })
}

fn joined(readings: Vec<Reading>) -> Option<Reading> {
    let rounds: usize = readings.iter().map(|reading| reading.rounds).sum();
    let lost: f64 = readings.iter().map(|reading| reading.loss_pct * reading.rounds as f64).sum();
    let mut rtt: Vec<f64> = readings.iter().filter_map(|reading| reading.rtt_ms).collect();
    (rounds > 0).then(|| Reading { rounds, loss_pct: lost / rounds as f64, rtt_ms: median(&mut rtt) })
}

fn place_of(role: LinkRole) -> Part {
    part_of(role).unwrap_or(Part::Line)
}

fn targets(scene: &Scene, span: (Timestamp, Timestamp), window: (Timestamp, Timestamp)) -> Vec<Target> {
    let mut targets: Vec<Target> = Vec::new();
    // What began at the last round of one hour is not what was usual.
    let before = (window.0.minus(Millis::hours(3)), span.0);
    for (host, view, link) in scene.links() {
        let recent =
            |metric: &Metric| view.series.get(metric).map(|series| series.recent.as_slice()).unwrap_or_default();
        let (loss, rtt, jitter) = (recent(&Metric::LossPct), recent(&Metric::RttMs), recent(&Metric::JitterMs));
        let of = |span| reading(within(loss, span), within(rtt, span));
        let mean = |span| {
            let inside = within(jitter, span);
            (!inside.is_empty()).then(|| inside.iter().map(|sample| sample.value).sum::<f64>() / inside.len() as f64)
        };
        let target = Target {
            host,
            part: place_of(link.role),
            address: link.target.clone(),
            pings: link.sent,
            during: of(span),
            before: of(before),
            jitter_ms: [mean(before), mean(span)],
        };
        if target.during.is_some() || target.before.is_some() {
            targets.push(target);
        }
    }
    targets.sort_by(|a, b| (a.host, a.part, &a.address).cmp(&(b.host, b.part, &b.address)));
    targets
}

fn rows(scene: &Scene, (from, to): (Timestamp, Timestamp), interval: Millis) -> Vec<Row> {
    let start = Timestamp(from.0.div_euclid(interval.0) * interval.0);
    let count = (to.since(start).0 + interval.0 - 1).div_euclid(interval.0).max(0);
    let row = |n: i64| {
        let at = start.plus(Millis(interval.0 * n));
        let span = (at, at.plus(interval).min(to));
        let mut machines = BTreeSet::new();
        let mut parts: BTreeMap<Part, Vec<Reading>> = BTreeMap::new();
        for (host, view, link) in scene.links() {
            let recent = |metric: &Metric| view.series.get(metric).map(|series| series.recent.as_slice());
            let loss = within(recent(&Metric::LossPct).unwrap_or_default(), span);
            let rtt = within(recent(&Metric::RttMs).unwrap_or_default(), span);
            if let Some(reading) = reading(loss, rtt) {
                machines.insert(host);
                parts.entry(place_of(link.role)).or_default().push(reading);
            }
        }
        let parts = PARTS.map(|part| joined(parts.remove(&part).unwrap_or_default()));
        Row { at, parts, machines: machines.len() }
    };
    (0..count).map(row).collect()
}
