//! Many possible futures of a gauge, drawn from its own past days.

use super::{
    METHOD,
    blocks::{Block, Past},
    gauge::Gauge,
    runaway::{Burst, Lasting},
    weekdays::Weekdays,
};
use crate::{
    forecast::{Chance, FanPoint, Outlook},
    math::{
        alias::Alias,
        quantile::{quantile, quantile_sorted},
        seeded::Seeded,
    },
};
use beforehand_shared::time::Millis;
use std::hint::select_unpredictable;

/// Fewer days say nothing about the days to come.
pub(super) const LEAST_DAYS: usize = 3;
pub(super) const HORIZONS: [Millis; 3] = [Millis::hours(24), Millis::days(4), Millis::days(14)];
const AHEAD_DAYS: usize = 14;
const PATHS: usize = 200;
/// Days over which the weight of the past falls to a third.
pub(super) const MEMORY_DAYS: f64 = 30.0;

/// What the futures come to.
pub(super) struct Futures {
    /// When each path reaches the limit, in milliseconds from now; infinite where it does not.
    reached: Vec<f64>,
    /// Levels of the paths at each day's end, one day after the other; below zero where more was used up
    /// than there is.
    levels: Vec<f64>,
    /// How far below the present level each path goes.
    depths: Vec<f64>,
}

/// What is mixed in where a writer has run away.
pub(super) type Runaway<'a> = Option<(Burst, &'a Lasting)>;

/// Draws the futures; `weekday` (0 is Monday) is today's in local time. All paths live through a day
/// before the next, as that is faster than one after the other.
pub(super) fn futures(gauge: &Gauge, past: &Past, runaway: Runaway, seed: (&str, usize)) -> Futures {
    let (text, weekday) = seed;
    let random = Seeded::new(text);
    let draw = Draw::new(past, weekday);
    let luck = |path: usize| (path as f64 + 0.5) / PATHS as f64;
    let burst = |path| runaway.map(|(burst, lasting)| (burst, lasting.at(luck(path))));
    let mut paths: Vec<Path> = (0..PATHS).map(|path| Path::new(gauge, &draw, burst(path))).collect();
    let mut levels = Vec::with_capacity(PATHS * AHEAD_DAYS);
    for ahead in 0..AHEAD_DAYS {
        for (number, path) in paths.iter_mut().enumerate() {
            path.live(gauge, &draw, ahead, random.nth((number * AHEAD_DAYS + ahead) as u64));
        }
        levels.extend(paths.iter().map(|path| path.level));
    }
    Futures {
        reached: paths.iter().map(|path| path.reached).collect(),
        levels,
        depths: paths.iter().map(|path| gauge.free - path.lowest).collect(),
    }
}

struct Path {
    level: f64,
    lowest: f64,
    /// Milliseconds from now.
    reached: f64,
    /// The past day that it lived through last, as [`Draw::pick`] has it.
    previous: usize,
}

impl Path {
    /// A burst goes on for so many milliseconds first.
    fn new(gauge: &Gauge, draw: &Draw, burst: Option<(Burst, f64)>) -> Self {
        let room = gauge.free - gauge.limit;
        let mut reached = if room <= 0.0 { 0.0 } else { f64::INFINITY };
        let mut level = draw.past.start;
        if let Some((burst, lasts)) = burst {
            let lasts = lasts.min(HORIZONS[2].0 as f64);
            if lasts * burst.rate >= room {
                reached = reached.min(room / burst.rate);
            }
            level -= lasts * burst.rate;
        }
        Self { level, lowest: level, reached, previous: draw.nothing() }
    }

    fn live(&mut self, gauge: &Gauge, draw: &Draw, ahead: usize, drawn: u64) {
        self.previous = draw.pick(ahead, self.previous, drawn);
        let day = draw.days[self.previous];
        let low = self.level + day.low;
        if low <= gauge.limit && self.reached.is_infinite() {
            let hours = draw.past.hour_of_passage(self.previous, gauge.limit - self.level);
            self.reached = (ahead as f64 * 24.0 + hours) * Millis::HOUR.0 as f64;
        }
        self.lowest = self.lowest.min(low);
        self.level = (self.level + day.net).min(gauge.total);
    }
}

impl Futures {
    pub(super) fn chance(&self, within: Millis) -> f64 {
        let until = within.0 as f64;
        self.reached.iter().filter(|at| **at <= until).count() as f64 / self.reached.len().max(1) as f64
    }

    /// `share` says which share of the paths a published chance stands for.
    pub(super) fn outlook(mut self, gauge: &Gauge, share: impl Fn(f64) -> f64) -> Outlook {
        let room = (gauge.free - gauge.limit).max(0.0);
        let need = quantile(&mut self.depths, 0.9).map(|depth| (depth - room).clamp(0.0, gauge.total));
        let chances = HORIZONS.map(|within| Chance { within, p: self.chance(within) });
        self.reached.sort_unstable_by(f64::total_cmp);
        let reached = |q| quantile_sorted(&self.reached, q).filter(|at| at.is_finite());
        let date = |q| reached(share(q)).map(|at| gauge.now.plus(Millis(at as i64)));
        let fan = self.levels.chunks_exact_mut(PATHS).enumerate().filter_map(|(ahead, levels)| {
            levels.iter_mut().for_each(|level| *level = level.max(0.0));
            levels.sort_unstable_by(f64::total_cmp);
            let at = |q| quantile_sorted(levels, q);
            Some(FanPoint {
                at: gauge.now.plus(Millis::days(ahead as i64 + 1)),
                p10: at(0.1)?,
                p25: at(0.25)?,
                p50: at(0.5)?,
                p75: at(0.75)?,
                p90: at(0.9)?,
            })
        });
        Outlook {
            method: METHOD.to_owned(),
            chances: chances.to_vec(),
            q10: date(0.1),
            q50: date(0.5),
            q90: date(0.9),
            fan: fan.collect(),
            need: need.filter(|need| *need > 0.0),
        }
    }
}

/// Picks past days, the recent and those of a like weekday more often.
struct Draw<'a> {
    past: &'a Past,
    /// The past days, the newest first, and one on which nothing happens.
    days: Vec<Day>,
    /// For each weekday, today's first.
    tables: Vec<Option<Alias>>,
}

#[derive(Clone, Copy)]
struct Day {
    net: f64,
    low: f64,
    /// Whether the day after it is known.
    goes_on: bool,
}

impl<'a> Draw<'a> {
    fn new(past: &'a Past, today: usize) -> Self {
        let blocks = if past.known_days() < LEAST_DAYS { &[][..] } else { &past.blocks[..] };
        let count = blocks.len();
        // With little history, a day on which nothing happens is as likely as any that was seen.
        let idle = (7.0 - count as f64).clamp(0.0, 4.0) / 4.0;
        let recency: Vec<f64> = blocks.iter().enumerate().map(|(age, block)| recency(age, block)).collect();
        let weekdays = Weekdays::new(blocks, today);
        let tables = (0..7).map(|ahead| {
            let mut weights: Vec<f64> = (0..count).map(|age| recency[age] * weekdays.weight(age, ahead)).collect();
            weights.push(idle * weights.iter().sum::<f64>() / count.max(1) as f64);
            Alias::new(&weights)
        });
        let day = |(age, block): (usize, &Block)| {
            let goes_on = age.checked_sub(1).is_some_and(|next| blocks[next].known);
            Day { net: block.net, low: block.low, goes_on }
        };
        let mut days: Vec<Day> = blocks.iter().enumerate().map(day).collect();
        days.push(Day { net: 0.0, low: f64::INFINITY, goes_on: false });
        Self { past, days, tables: tables.collect() }
    }

    /// Stands for a day on which nothing happens.
    fn nothing(&self) -> usize {
        self.days.len() - 1
    }

    /// Index of a day. Half of the time the day after the previous one is taken, so that what goes
    /// together stays together.
    fn pick(&self, ahead: usize, previous: usize, drawn: u64) -> usize {
        let Some(table) = &self.tables[ahead % 7] else { return self.nothing() };
        let picked = table.pick((drawn >> 32) as u32);
        let follows = (drawn & 1 == 0) & self.days[previous].goes_on;
        select_unpredictable(follows, previous.wrapping_sub(1), picked)
    }
}

fn recency(age: usize, block: &Block) -> f64 {
    if block.known { (-(age as f64) / MEMORY_DAYS).exp() } else { 0.0 }
}
