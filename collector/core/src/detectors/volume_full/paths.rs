//! Many possible futures of a gauge, drawn from its own past days.

use super::{
    METHOD,
    days::{Day, Past},
    gauge::Gauge,
    runaway::Burst,
};
use crate::{
    forecast::{Chance, FanPoint, Outlook},
    math::{
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
const MEMORY: f64 = 14.0;
/// Weight of a past day whose weekday is another one of the same kind, and of the other kind; the
/// same weekday has weight 1. With three weeks known, the same weekday is known well enough.
const SAME_KIND: f64 = 0.5;
const SAME_KIND_LATER: f64 = 0.25;
const OTHER_KIND: f64 = 0.08;
const LATER: usize = 21;

/// What the futures come to.
pub(super) struct Futures {
    /// When each path reaches the limit, ascending, in milliseconds from now; infinite where it does not.
    reached: Vec<f64>,
    /// Level of each path at each day's end.
    levels: Vec<Vec<f64>>,
    /// How far below the present level each path goes.
    depths: Vec<f64>,
}

/// Draws the futures; `weekday` (0 is Monday) is today's in local time.
pub(super) fn futures(gauge: &Gauge, past: &Past, burst: Option<Burst>, seed: (&str, usize)) -> Futures {
    let (text, weekday) = seed;
    let mut random = Seeded::new(text);
    let days = if past.days.len() < LEAST_DAYS { &[][..] } else { &past.days[..] };
    let draw = Draw::new(days, weekday, past.start);
    let mut futures = Futures {
        reached: Vec::with_capacity(PATHS),
        levels: (0..AHEAD_DAYS).map(|_| Vec::with_capacity(PATHS)).collect(),
        depths: Vec::with_capacity(PATHS),
    };
    for path in 0..PATHS {
        let luck = (path as f64 + 0.5) / PATHS as f64;
        futures.follow(gauge, &draw, burst.map(|burst| (burst, luck)), &mut random);
    }
    futures.reached.sort_unstable_by(f64::total_cmp);
    futures
}

impl Futures {
    fn follow(&mut self, gauge: &Gauge, draw: &Draw, burst: Option<(Burst, f64)>, random: &mut Seeded) {
        let room = gauge.free - gauge.limit;
        let mut reached = if room <= 0.0 { 0.0 } else { f64::INFINITY };
        let mut level = draw.start;
        if let Some((burst, luck)) = burst {
            let lasts = burst.lasts(luck).min(HORIZONS[2].0 as f64);
            if lasts * burst.rate >= room {
                reached = reached.min(room / burst.rate);
            }
            level -= lasts * burst.rate;
        }
        let mut lowest = level;
        let mut previous = None;
        for ahead in 0..AHEAD_DAYS {
            let picked = draw.pick(ahead, previous, random);
            if let Some(day) = picked.and_then(|picked| draw.days.get(picked)) {
                if level + day.low <= gauge.limit && reached.is_infinite() {
                    reached = (ahead as f64 * 24.0 + hour_of_passage(day, gauge.limit - level)) * Millis::HOUR.0 as f64;
                }
                lowest = lowest.min(level + day.low);
                level = (level + day.net).min(gauge.total);
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

    pub(super) fn outlook(mut self, gauge: &Gauge) -> Outlook {
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
            q10: self.date(gauge.now, 0.1),
            q50: self.date(gauge.now, 0.5),
            q90: self.date(gauge.now, 0.9),
            fan: fan.collect(),
            need: need.filter(|need| *need > 0.0),
        }
    }
}

/// Hours into the day until the level has fallen by `-room`.
fn hour_of_passage(day: &Day, room: f64) -> f64 {
    day.lows.iter().position(|low| f64::from(*low) <= room).map_or(23.5, |hour| hour as f64 + 0.5)
}

/// Picks past days, the recent and those of a like weekday more often.
struct Draw<'a> {
    days: &'a [Day],
    start: f64,
    today: usize,
    /// For each weekday, the running sum of the weights.
    sums: Vec<Vec<f64>>,
}

impl<'a> Draw<'a> {
    fn new(days: &'a [Day], today: usize, start: f64) -> Self {
        // With little history, a day on which nothing happens is as likely as any that was seen.
        let idle = (7.0 - days.len() as f64).clamp(0.0, 4.0) / 4.0;
        let sums = (0..7).map(|target| {
            let mut sum = 0.0;
            let mut sums: Vec<f64> = (0..days.len())
                .map(|age| {
                    // A day that ended `age` days ago began a day earlier.
                    let weekday = (today + 7 * 60 - age - 1) % 7;
                    sum += (-(age as f64) / MEMORY).exp() * alikeness(weekday, target, days.len());
                    sum
                })
                .collect();
            sums.push(sum + idle * sum / days.len().max(1) as f64);
            sums
        });
        Self { days, start, today, sums: sums.collect() }
    }

    /// Index of a past day; the number of days stands for one on which nothing happens. Half of the
    /// time the day after the previous one is taken, so that what goes together stays together.
    fn pick(&self, ahead: usize, previous: Option<usize>, random: &mut Seeded) -> Option<usize> {
        let next = previous.filter(|age| *age < self.days.len()).and_then(|age| age.checked_sub(1));
        if let Some(next) = next.filter(|_| random.next_u64() & 1 == 0) {
            return Some(next);
        }
        let sums = &self.sums[(self.today + ahead) % 7];
        let place = random.unit() * sums.last()?;
        Some(sums.partition_point(|sum| *sum <= place))
    }
}

fn alikeness(a: usize, b: usize, days: usize) -> f64 {
    match (a == b, (a >= 5) == (b >= 5)) {
        (true, _) => 1.0,
        (false, true) if days >= LATER => SAME_KIND_LATER,
        (false, true) => SAME_KIND,
        (false, false) => OTHER_KIND,
    }
}
