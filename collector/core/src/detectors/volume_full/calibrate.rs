//! What the gauge's own past says of such forecasts: how often it should have filled and how often
//! it did, had the same been asked on each past day.
//!
//! A volume that is emptied each time before it fills comes near its limit again and again, and
//! days drawn at random do not know that.

use super::blocks::Block;
use beforehand_shared::time::Millis;

/// Fillings that are believed to come as foreseen before the own record is looked at.
const PRIOR: f64 = 2.0;

/// Fillings that were to be expected, and that came, each window of a horizon counting once.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Hindcast {
    expected: f64,
    happened: f64,
}

/// A past window of as many days as the horizon.
struct Window {
    /// Days ago that it began.
    age: usize,
    /// What was above the limit when it began.
    room: f64,
    /// How far below its start it went.
    depth: f64,
}

impl Hindcast {
    /// For windows of `within`; `room` is what is left above the limit at the end of the past. The
    /// chance of each window is the weight of the others, near ones counting more, that went as deep
    /// as its own limit.
    pub(super) fn of(blocks: &[Block], room: f64, within: Millis, memory_days: f64) -> Self {
        let days = usize::try_from(within.0 / Millis::DAY.0).unwrap_or(1).max(1);
        let windows = windows(blocks, room, days);
        let deepest = windows.iter().map(|window| window.depth).fold(0.0, f64::max);
        let others = Others::new(&windows, memory_days);
        let mut hindcast = Self::default();
        // None went deep enough for the rest: nothing was to be expected there, and nothing happened.
        for window in windows.iter().filter(|window| window.room > 0.0 && window.room <= deepest) {
            let (all, deep) = others.around(window, days);
            if all > 0.0 {
                hindcast.expected += deep / all / days as f64;
                hindcast.happened += f64::from(u8::from(window.depth >= window.room)) / days as f64;
            }
        }
        hindcast
    }

    /// The chance with its odds changed by what happened over what was expected.
    pub(super) fn apply(self, chance: f64) -> f64 {
        with_odds(chance, self.factor())
    }

    /// The chance that [`Self::apply`] turns into `chance`.
    pub(super) fn undo(self, chance: f64) -> f64 {
        with_odds(chance, 1.0 / self.factor())
    }

    fn factor(self) -> f64 {
        (self.happened + PRIOR) / (self.expected + PRIOR)
    }
}

/// The windows, ready to be counted around one of them. A weight of exp(-|a - b| / memory) is a
/// product of one factor for each of the two.
struct Others {
    ages: Vec<usize>,
    depths: Vec<f64>,
    /// exp(-age / memory), and its inverse.
    near: Vec<f64>,
    far: Vec<f64>,
    memory_days: f64,
}

impl Others {
    fn new(windows: &[Window], memory_days: f64) -> Self {
        let near: Vec<f64> = windows.iter().map(|window| (-(window.age as f64) / memory_days).exp()).collect();
        Self {
            ages: windows.iter().map(|window| window.age).collect(),
            depths: windows.iter().map(|window| window.depth).collect(),
            far: near.iter().map(|near| 1.0 / near).collect(),
            near,
            memory_days,
        }
    }

    /// The weight of the windows that do not overlap with `of`, and of those of them that went as
    /// deep as its room.
    fn around(&self, of: &Window, days: usize) -> (f64, f64) {
        let newer = self.ages.partition_point(|age| age + days <= of.age);
        let older = self.ages.partition_point(|age| *age < of.age + days);
        let (newer_all, newer_deep) = sums(&self.far[..newer], &self.depths[..newer], of.room);
        let (older_all, older_deep) = sums(&self.near[older..], &self.depths[older..], of.room);
        let own = (-(of.age as f64) / self.memory_days).exp();
        (own * newer_all + older_all / own, own * newer_deep + older_deep / own)
    }
}

/// All weights, and those of what is at least as deep; four sums side by side, as one would have to
/// wait for itself.
fn sums(weights: &[f64], depths: &[f64], room: f64) -> (f64, f64) {
    let (mut all, mut deep) = ([0.0; 4], [0.0; 4]);
    let (weights, last_weights) = weights.as_chunks::<4>();
    let (depths, last_depths) = depths.as_chunks::<4>();
    for (weights, depths) in weights.iter().zip(depths) {
        for place in 0..4 {
            all[place] += weights[place];
            deep[place] += if depths[place] >= room { weights[place] } else { 0.0 };
        }
    }
    let last = || last_weights.iter().zip(last_depths);
    let last_deep = last().filter(|(_, depth)| **depth >= room).map(|(weight, _)| weight);
    (all.iter().chain(last_weights).sum(), deep.iter().chain(last_deep).sum())
}

fn with_odds(chance: f64, factor: f64) -> f64 {
    factor * chance / (factor * chance + 1.0 - chance)
}

fn windows(blocks: &[Block], room: f64, days: usize) -> Vec<Window> {
    // What was left at the start of each block.
    let mut left = room;
    let starts: Vec<f64> = blocks
        .iter()
        .map(|block| {
            left -= block.net;
            left
        })
        .collect();
    let window = |age: usize| {
        let inside = age + 1 - days..=age;
        let known = blocks[inside.clone()].iter().all(|block| block.known);
        let lowest = inside.map(|at| starts[at] + blocks[at].low).fold(f64::INFINITY, f64::min);
        known.then(|| Window { age, room: starts[age], depth: starts[age] - lowest })
    };
    (days - 1..blocks.len()).filter_map(window).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(net: f64) -> Block {
        Block { net, low: net.min(0.0), known: true }
    }

    /// Four days down by one and back up on the fifth, the newest first; down to `lowest`.
    fn sawtooth(days: usize) -> Vec<Block> {
        (0..days).map(|age| block(if age % 5 == 4 { 4.0 } else { -1.0 })).collect()
    }

    #[test]
    fn a_sawtooth_that_never_reached_the_limit_lowers_the_chance() {
        // Now at its lowest with half a day's use left.
        let hindcast = Hindcast::of(&sawtooth(60), 0.5, Millis::DAY, 30.0);
        assert!(hindcast.happened == 0.0 && hindcast.expected > 5.0, "{hindcast:?}");
        assert!(hindcast.apply(0.8) < 0.55);
        assert!((hindcast.undo(hindcast.apply(0.8)) - 0.8).abs() < 1e-12);
    }

    #[test]
    fn what_never_came_near_the_limit_says_nothing() {
        let hindcast = Hindcast::of(&vec![block(-1.0); 60], 100.0, Millis::days(4), 30.0);
        assert_eq!(hindcast, Hindcast::default());
        assert_eq!(hindcast.apply(0.25), 0.25);
        assert_eq!((hindcast.apply(0.0), hindcast.apply(1.0)), (0.0, 1.0));
    }
}
