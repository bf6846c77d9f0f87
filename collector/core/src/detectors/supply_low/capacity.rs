//! How much work a point of a supply does, and how many points are left.

use super::{
    lives::{Began, Life},
    rounding::Rounding,
    runs::Run,
    sensor::Sensor,
};
use crate::math::quantile::median;
use beforehand_shared::time::Timestamp;

/// What is believed of the relative spread of ten points of one supply, and how many such it counts:
/// pages differ in what is on them.
const SPREAD: f64 = 0.2;
const BELIEF: f64 = 2.0;
/// Cartridges of one name differ by this much, those that were filled again by more.
pub(super) const BETWEEN: f64 = 0.12;
const BETWEEN_REFILLED: f64 = 0.25;
/// Days after which what was seen of a cartridge counts half: what people print changes.
const LATELY: f64 = 60.0;
/// Points that must have been seen going before anything is said.
const LEAST_POINTS: f64 = 3.0;
/// Beyond this doubt nothing is said.
const MOST_DOUBT: f64 = 0.5;
/// So many of the latest that were seen from new to low are looked at. Those that differ from the usual one by more than this
/// factor were not one, or not of one size.
const WHOLE_LIVES: usize = 5;
const UNLIKE: f64 = 1.35;
/// Points that a sensor of three steps may be wrong by when it says low, as a share of them.
const LOW_DOUBT: f64 = 0.3;

/// Units of work that a point does.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PerPoint {
    pub units: f64,
    /// Relative standard deviation of it, and of ten points to come around it.
    pub doubt: f64,
    pub spread: f64,
}

/// Points left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Left {
    pub points: f64,
    /// Standard deviation.
    pub doubt: f64,
}

/// A part of a life between two instants at which its true level was known.
#[derive(Debug, Clone, Copy)]
struct Block {
    points: f64,
    units: f64,
    /// When it ended.
    at: Timestamp,
}

/// Units that a point does, and points that were seen going for it.
#[derive(Debug, Clone, Copy, Default)]
struct Seen {
    points: f64,
    units: f64,
}

impl Seen {
    fn add(self, block: &Block, weight: f64) -> Self {
        Self { points: self.points + weight * block.points, units: self.units + weight * block.units }
    }

    /// With its relative variance, of which `between` is what no number of points lessens.
    fn estimate(self, spread: f64, between: f64) -> Option<(f64, f64)> {
        let variance = spread * spread * 10.0 / self.points + between * between;
        (self.points >= LEAST_POINTS && self.units > 0.0).then(|| (self.units / self.points, variance))
    }
}

impl PerPoint {
    /// As seen at `now`.
    pub(super) fn of(lives: &[Life], sensor: Sensor, now: Timestamp) -> Option<Self> {
        let blocks: Vec<Vec<Block>> = lives.iter().map(|life| blocks(life, sensor)).collect();
        let spread = spread(&blocks);
        let (present, past) = blocks.split_last()?;
        let seen = |seen: Seen, block: &Block| seen.add(block, 0.5_f64.powf(now.since(block.at).as_days() / LATELY));
        let own = present.iter().fold(Seen::default(), seen);
        let edge = if sensor == Sensor::Fine { 0.7 / own.points.max(0.1) } else { 0.0 };
        let is_new = |life: &Life| matches!(life.began, Began::New | Began::Unseen);
        let between = if lives.last().is_some_and(is_new) { BETWEEN } else { BETWEEN_REFILLED };
        let past = past.iter().flatten().fold(Seen::default(), seen);
        let (units, variance) = match (own.estimate(spread, edge), past.estimate(spread, between)) {
            (Some(own), Some(earlier)) => together(own, earlier),
            (one, other) => one.or(other)?,
        };
        let doubt = variance.sqrt();
        (doubt <= MOST_DOUBT).then_some(Self { units, doubt, spread })
    }
}

impl PerPoint {
    /// Of a new one behind a sensor of three steps that still shows full: by what those before it did until they were low.
    /// Nothing where too few were seen, or they differ as if they were not of one size.
    pub(super) fn of_whole(lives: &[Life]) -> Option<Self> {
        let (present, past) = lives.split_last().filter(|(present, _)| present.began == Began::New)?;
        let mut whole: Vec<(f64, f64)> = past.iter().rev().filter_map(whole).take(WHOLE_LIVES).collect();
        let seen = whole.len();
        let usual = median(&mut whole.iter().map(|(units, _)| *units).collect::<Vec<f64>>())?;
        // One that was taken out and shaken shows full for a while; of two, one after the other, the change may go unseen.
        whole.retain(|(units, _)| (usual / UNLIKE..=usual * UNLIKE).contains(units));
        if whole.len() < 2 || 2 * whole.len() < seen {
            return None;
        }
        let points = present.first().level - mean(whole.iter().map(|(_, low)| *low));
        let units = mean(whole.iter().map(|(units, _)| *units));
        let scatter = mean(whole.iter().map(|(one, _)| (one / units - 1.0).powi(2)));
        let doubt = (BETWEEN * BETWEEN + scatter).sqrt();
        (points > 0.0).then_some(Self { units: units / points, doubt, spread: SPREAD })
    }
}

/// Units that a new one did until it was low, and the level that it showed then.
fn whole(life: &Life) -> Option<(f64, f64)> {
    let [first, second, ..] = &life.runs[..] else { return None };
    (life.began == Began::New).then(|| (fell_at(&[*first, *second]) - first.work_from, second.level))
}

fn mean(values: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = values.len().max(1) as f64;
    values.sum::<f64>() / count
}

/// Two estimates weighed by how sure they are, as logarithms.
fn together((a, va): (f64, f64), (b, vb): (f64, f64)) -> (f64, f64) {
    let (wa, wb) = (1.0 / va, 1.0 / vb);
    (((a.ln() * wa + b.ln() * wb) / (wa + wb)).exp(), 1.0 / (wa + wb))
}

/// Between the instants at which a level fell: there its true value is known, to within its rounding,
/// which is the same each time.
fn blocks(life: &Life, sensor: Sensor) -> Vec<Block> {
    let least = match sensor {
        Sensor::Fine => 9.5,
        Sensor::Steps(step) => 0.9 * step,
        Sensor::ThreeSteps => 40.0,
        _ => return Vec::new(),
    };
    let fell = |pair: &[Run]| (fell_at(pair), pair[1].level, pair[1].from);
    let mut marks: Vec<_> = life.runs.windows(2).map(fell).collect();
    // A life that was seen to begin began at its first level; a step that was full may have been so for longer.
    if life.began != Began::Unseen
        && (sensor != Sensor::ThreeSteps || life.began == Began::New)
        && is_exact(life, sensor)
    {
        marks.insert(0, (life.first().work_from, life.first().level, life.from));
    }
    let mut blocks = Vec::new();
    let Some(mut from) = marks.first().copied() else { return blocks };
    for (place, mark) in marks.iter().enumerate().skip(1) {
        let last = place + 1 == marks.len();
        let points = from.1 - mark.1;
        if points >= least || (last && points > 0.0 && sensor == Sensor::Fine) {
            blocks.push(Block { points, units: mark.0 - from.0, at: mark.2 });
            from = *mark;
        }
    }
    blocks
}

/// Whether the first level of a life is its true one.
fn is_exact(life: &Life, sensor: Sensor) -> bool {
    matches!(sensor, Sensor::Fine | Sensor::ThreeSteps) && life.first().level > 0.0
}

/// Work when a level fell: between its last reading before and the first after.
pub(super) fn fell_at(pair: &[Run]) -> f64 {
    f64::midpoint(pair[0].work_to, pair[1].work_from)
}

fn spread(blocks: &[Vec<Block>]) -> f64 {
    let (mut squares, mut count) = (BELIEF * SPREAD * SPREAD, BELIEF);
    for life in blocks.iter().filter(|life| life.len() >= 2) {
        let (points, units) = life.iter().fold((0.0, 0.0), |(p, u), block| (p + block.points, u + block.units));
        let per_point = (units / points).max(1e-9);
        for block in life.iter().filter(|block| block.points >= 5.0) {
            let off = block.units / (block.points * per_point) - 1.0;
            squares += off.clamp(-1.0, 1.0).powi(2) * block.points / 10.0;
            count += 1.0 - 1.0 / life.len() as f64;
        }
    }
    (squares / count).sqrt()
}

impl Left {
    /// Points left after `work` units in all.
    pub(super) fn now(
        lives: &[Life],
        sensor: Sensor,
        per_point: &PerPoint,
        rounding: Rounding,
        work: f64,
    ) -> Option<Self> {
        let life = lives.last()?;
        let used = |since: f64| (work - since).max(0.0) / per_point.units;
        match (sensor, &life.runs[..]) {
            (Sensor::Fine, [.., before, last]) => {
                let (above, doubt) = rounding.above(1.0);
                let points = last.level + above - used(fell_at(&[*before, *last])).min(0.9);
                Some(Self { points: points.max(0.05), doubt: doubt + 0.2 })
            }
            (Sensor::Fine, [only]) => Some(Self { points: only.level, doubt: 0.5 }),
            (Sensor::Steps(step), [.., before, last]) => {
                let (above, doubt) = rounding.above(step);
                let points = last.level + above - used(fell_at(&[*before, *last])).min(0.9 * step);
                Some(Self { points: points.max(0.05 * step), doubt })
            }
            (Sensor::Steps(step), [only]) => {
                let points = only.level - used(only.work_from).min(step);
                let doubt = if life.began == Began::New { 0.15 } else { 0.35 };
                (life.began != Began::Unseen).then_some(Self { points, doubt: doubt * step })
            }
            // What earlier ones did until they showed low is all that is known; it shows full, so more than that is left.
            (Sensor::ThreeSteps, [only]) if life.began == Began::New => {
                let low = lives.iter().filter_map(|life| life.runs.get(1)).map(|run| run.level).fold(0.0, f64::max);
                let used = used(only.work_from).min(only.level);
                let doubt = (per_point.doubt.powi(2) + per_point.spread.powi(2) * 10.0 / used.max(1.0)).sqrt();
                Some(Self { points: (only.level - used).max(low), doubt: used * doubt })
            }
            (Sensor::ThreeSteps, [.., before, last]) if last.level > 0.0 => {
                let points = last.level - used(fell_at(&[*before, *last])).min(0.9 * last.level);
                Some(Self { points, doubt: LOW_DOUBT * last.level })
            }
            _ => None,
        }
    }
}
