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
use beforehand_shared::time::{Millis, Timestamp};

/// Fewer days say nothing about the days to come.
pub(super) const LEAST_DAYS: usize = 3;
pub(super) const HORIZONS: [Millis; 3] = [Millis::hours(24), Millis::days(4), Millis::days(14)];
const AHEAD_DAYS: usize = 14;
const PATHS: usize = 200;
/// Days over which the weight of the past falls to a third.
pub(super) const MEMORY_DAYS: f64 = 30.0;
/// What the futures come to.
pub(super) struct Futures {
    /// When each path reaches the limit, ascending, in milliseconds from now; infinite where it does not.
    reached: Vec<f64>,
    /// Level of each path at each day's end.
    levels: Vec<Vec<f64>>,
    /// How far below the present level each path goes.
    depths: Vec<f64>,
}

/// What is mixed in where a writer has run away.
pub(super) type Runaway<'a> = Option<(Burst, &'a Lasting)>;

/// Draws the futures; `weekday` (0 is Monday) is today's in local time.
pub(super) fn futures(gauge: &Gauge, past: &Past, runaway: Runaway, seed: (&str, usize)) -> Futures {
    let (text, weekday) = seed;
    let mut random = Seeded::new(text);
    let blocks = if past.known_days() < LEAST_DAYS { &[][..] } else { &past.blocks[..] };
    let draw = Draw::new(blocks, weekday, past.start);
    let mut futures = Futures {
        reached: Vec::with_capacity(PATHS),
        levels: (0..AHEAD_DAYS).map(|_| Vec::with_capacity(PATHS)).collect(),
        depths: Vec::with_capacity(PATHS),
    };
    for path in 0..PATHS {
        let luck = (path as f64 + 0.5) / PATHS as f64;
        let burst = runaway.map(|(burst, lasting)| (burst, lasting.at(luck)));
        futures.follow(gauge, &draw, burst, &mut random);
    }
    futures.reached.sort_unstable_by(f64::total_cmp);
    futures
}

impl Futures {
    /// One path; a burst goes on for so many milliseconds first.
    fn follow(&mut self, gauge: &Gauge, draw: &Draw, burst: Option<(Burst, f64)>, random: &mut Seeded) {
        let room = gauge.free - gauge.limit;
        let mut reached = if room <= 0.0 { 0.0 } else { f64::INFINITY };
        let mut level = draw.start;
        if let Some((burst, lasts)) = burst {
            let lasts = lasts.min(HORIZONS[2].0 as f64);
            if lasts * burst.rate >= room {
                reached = reached.min(room / burst.rate);
            }
            level -= lasts * burst.rate;
        }
        let mut lowest = level;
        let mut previous = None;
        for ahead in 0..AHEAD_DAYS {
            let picked = draw.pick(ahead, previous, random);
            if let Some(block) = picked.and_then(|picked| draw.blocks.get(picked)) {
                if level + block.low <= gauge.limit && reached.is_infinite() {
                    let hours = ahead as f64 * 24.0 + hour_of_passage(block, gauge.limit - level);
                    reached = hours * Millis::HOUR.0 as f64;
                }
                lowest = lowest.min(level + block.low);
                level = (level + block.net).min(gauge.total);
            }
            previous = picked;
            self.levels[ahead].push(level.max(0.0));
        }
        self.reached.push(reached);
        self.depths.push(gauge.free - lowest);
    }

    pub(super) fn chance(&self, within: Millis) -> f64 {
        self.reached.partition_point(|at| *at <= within.0 as f64) as f64 / self.reached.len().max(1) as f64
    }

    fn date(&self, now: Timestamp, q: f64) -> Option<Timestamp> {
        quantile_sorted(&self.reached, q).filter(|at| at.is_finite()).map(|at| now.plus(Millis(at as i64)))
    }

    /// `share` says which share of the paths a published chance stands for.
    pub(super) fn outlook(mut self, gauge: &Gauge, share: impl Fn(f64) -> f64) -> Outlook {
        let room = (gauge.free - gauge.limit).max(0.0);
        let need = quantile(&mut self.depths, 0.9).map(|depth| (depth - room).clamp(0.0, gauge.total));
        let mut levels = std::mem::take(&mut self.levels);
        let fan = levels.iter_mut().enumerate().filter_map(|(ahead, levels)| {
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
            chances: HORIZONS.iter().map(|within| Chance { within: *within, p: self.chance(*within) }).collect(),
            q10: self.date(gauge.now, share(0.1)),
            q50: self.date(gauge.now, share(0.5)),
            q90: self.date(gauge.now, share(0.9)),
            fan: fan.collect(),
            need: need.filter(|need| *need > 0.0),
        }
    }
}

/// Hours into the day until the level has fallen by `-room`.
fn hour_of_passage(block: &Block, room: f64) -> f64 {
    block.lows.iter().position(|low| f64::from(*low) <= room).map_or(23.5, |hour| hour as f64 + 0.5)
}

/// Picks past days, the recent and those of a like weekday more often.
struct Draw<'a> {
    blocks: &'a [Block],
    start: f64,
    /// For each weekday, today's first.
    tables: Vec<Option<Alias>>,
}

impl<'a> Draw<'a> {
    fn new(blocks: &'a [Block], today: usize, start: f64) -> Self {
        let days = blocks.len();
        // With little history, a day on which nothing happens is as likely as any that was seen.
        let idle = (7.0 - days as f64).clamp(0.0, 4.0) / 4.0;
        let recency: Vec<f64> = blocks.iter().enumerate().map(|(age, block)| recency(age, block)).collect();
        let weekdays = Weekdays::new(blocks, today);
        let tables = (0..7).map(|ahead| {
            let mut weights: Vec<f64> = (0..days).map(|age| recency[age] * weekdays.weight(age, ahead)).collect();
            weights.push(idle * weights.iter().sum::<f64>() / days.max(1) as f64);
            Alias::new(&weights)
        });
        Self { blocks, start, tables: tables.collect() }
    }

    /// Index of a past day; the number of days stands for one on which nothing happens. Half of the
    /// time the day after the previous one is taken, so that what goes together stays together.
    fn pick(&self, ahead: usize, previous: Option<usize>, random: &mut Seeded) -> Option<usize> {
        let next = previous.filter(|age| *age < self.blocks.len()).and_then(|age| age.checked_sub(1));
        let drawn = random.next_u64();
        if let Some(next) = next.filter(|next| drawn & 1 == 0 && self.blocks[*next].known) {
            return Some(next);
        }
        let table = self.tables[ahead % 7].as_ref()?;
        Some(table.pick((drawn >> 11) as f64 / (1_u64 << 53) as f64))
    }
}

fn recency(age: usize, block: &Block) -> f64 {
    if block.known { (-(age as f64) / MEMORY_DAYS).exp() } else { 0.0 }
}
