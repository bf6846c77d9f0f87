//! The past cut into blocks of a day that end at the present hour.

use super::{gauge::Gauge, history::History};

pub(super) const BLOCK_HOURS: usize = 24;

/// Changes within one day, relative to its start.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub net: f64,
    /// The lowest point of the day.
    pub low: f64,
    /// The lowest point of each of its hours.
    pub lows: [f32; BLOCK_HOURS],
    /// False where it was not measured for days: it says nothing.
    pub known: bool,
}

#[derive(Debug)]
pub(super) struct Past {
    /// The newest first.
    pub blocks: Vec<Block>,
    /// What was used up within each hour, the newest first; negative where space was freed.
    pub drops: Vec<f64>,
    /// How far each hour fell, the newest first; see [`History::swings`].
    pub swings: Vec<f64>,
    /// Where a path into the future begins.
    pub start: f64,
}

impl Past {
    pub(super) fn of(gauge: &Gauge) -> Self {
        let history = History::of(gauge);
        let hours = history.levels.len();
        let blocks = (1..=hours / BLOCK_HOURS).map(|age| block(&history, hours - age * BLOCK_HOURS)).collect();
        let drops: Vec<f64> = (0..hours).rev().map(|hour| history.before(hour) - history.levels[hour]).collect();
        let dips: Vec<f64> = (0..hours).rev().map(|hour| history.before(hour) - history.lows[hour]).collect();
        let start = start_level(gauge, history.before(hours) + gauge.total, &dips);
        let swings = history.swings.into_iter().rev().collect();
        Self { blocks, drops, swings, start }
    }

    /// Days that say something.
    pub(super) fn known_days(&self) -> usize {
        self.blocks.iter().filter(|block| block.known).count()
    }
}

/// By how much a peak may be higher than ever and still be the usual one.
const ALIKE: f64 = 1.25;

/// Blocks begin with the present hour, which is not over. If it went no deeper so far than is usual
/// for it, paths begin before it and live through it again; else, and where space came back, they
/// begin with the level now.
fn start_level(gauge: &Gauge, before: f64, dips: &[f64]) -> f64 {
    let so_far = before - gauge.free;
    let same_hour = dips.iter().skip(BLOCK_HOURS - 1).step_by(BLOCK_HOURS);
    let deepest = same_hour.fold(0.0_f64, |deepest, dip| deepest.max(*dip));
    if (0.0..=ALIKE * deepest).contains(&so_far) { before } else { gauge.free }
}

fn block(history: &History, first: usize) -> Block {
    let base = history.before(first);
    let mut lows = [0.0; BLOCK_HOURS];
    let mut low = f64::INFINITY;
    for (hour, slot) in lows.iter_mut().enumerate() {
        let relative = history.lows[first + hour] - base;
        low = low.min(relative);
        *slot = relative as f32;
    }
    let hours = first..first + BLOCK_HOURS;
    let known = history.known[hours].iter().all(|known| *known);
    Block { net: history.levels[first + BLOCK_HOURS - 1] - base, low, lows, known }
}
