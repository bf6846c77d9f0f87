//! The past cut into blocks of a day that end at the present hour.

use super::{gauge::Gauge, history::History};

pub(super) const BLOCK_HOURS: usize = 24;

/// Changes within one day, relative to its start.
#[derive(Debug, Clone)]
pub(super) struct Block {
    pub net: f64,
    /// The lowest point of the day.
    pub low: f64,
    /// False where it was not measured for days: it says nothing.
    pub known: bool,
}

#[derive(Debug)]
pub(super) struct Past {
    pub history: History,
    /// The newest first.
    pub blocks: Vec<Block>,
    /// Where a path into the future begins.
    pub start: f64,
}

impl Past {
    pub(super) fn of(gauge: &Gauge) -> Self {
        let history = History::of(gauge);
        let hours = history.levels.len();
        let blocks = (1..=hours / BLOCK_HOURS).map(|age| block(&history, hours - age * BLOCK_HOURS)).collect();
        let start = start_level(gauge, &history);
        Self { history, blocks, start }
    }

    /// Days that say something.
    pub(super) fn known_days(&self) -> usize {
        self.blocks.iter().filter(|block| block.known).count()
    }

    /// What was used up within each hour, the oldest first; negative where space was freed.
    pub(super) fn drops(&self) -> Vec<f64> {
        let hours = self.history.levels.iter().enumerate();
        hours.map(|(hour, level)| self.history.before(hour) - level).collect()
    }

    /// Hours into a past day until the level has fallen by `-room`.
    pub(super) fn hour_of_passage(&self, age: usize, room: f64) -> f64 {
        let hours = self.history.levels.len();
        let first = hours.saturating_sub((age + 1) * BLOCK_HOURS);
        let base = self.history.before(first);
        let lows = self.history.lows[first..].iter().take(BLOCK_HOURS);
        lows.map(|low| low - base).position(|low| low <= room).map_or(23.5, |hour| hour as f64 + 0.5)
    }
}

/// By how much a peak may be higher than ever and still be the usual one.
const ALIKE: f64 = 1.25;

/// Blocks begin with the present hour, which is not over. If it went no deeper so far than is usual
/// for it, paths begin before it and live through it again; else, and where space came back, they
/// begin with the level now.
fn start_level(gauge: &Gauge, history: &History) -> f64 {
    let hours = history.levels.len();
    let before = history.before(hours) + gauge.total;
    let so_far = before - gauge.free;
    let same_hour = (1..=hours / BLOCK_HOURS).map(|days| hours - days * BLOCK_HOURS);
    let dips = same_hour.map(|hour| history.before(hour) - history.lows[hour]);
    let deepest = dips.fold(0.0_f64, f64::max);
    if (0.0..=ALIKE * deepest).contains(&so_far) { before } else { gauge.free }
}

fn block(history: &History, first: usize) -> Block {
    let base = history.before(first);
    let hours = first..first + BLOCK_HOURS;
    let lowest = history.lows[hours.clone()].iter().copied().fold(f64::INFINITY, f64::min);
    let known = history.known[hours].iter().all(|known| *known);
    Block { net: history.levels[first + BLOCK_HOURS - 1] - base, low: lowest - base, known }
}
