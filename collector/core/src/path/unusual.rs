//! When the score of a series is worth an alarm, and when that is over: a limit, what the series
//! does anyway, and a level from before to which it must return.

use super::strange::{ALARM, Strange, surprise};
use beforehand_shared::time::{Millis, Timestamp};

/// Values that come closer than this are quick: one of them says little.
const QUICK: Millis = Millis::minutes(5);
const QUICK_ROUNDS: u32 = 5;
/// An alarm needs so many times the surprise that one in a hundred of the series' own values has.
const TIMES_OWN: f64 = 2.0;
const OWN: f64 = 0.99;
/// Back is who has come within this share of the way it went, for so many values.
const BACK: f64 = 0.3;
const BACK_ROUNDS: u32 = 3;
/// What lasts a day is how this series is now.
const NEW_NORMAL: Millis = Millis::DAY;

/// What an alarm takes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// Of the score, 0 to 1.
    pub score: f64,
    /// Values in a row, where they come quickly; else one is enough.
    pub quick_rounds: u32,
    /// Times what the series itself does in one of a hundred values.
    pub times_own: f64,
}

impl Limits {
    /// For whom a false alarm costs more than a late one.
    pub const SURE: Self = Self { score: ALARM, quick_rounds: QUICK_ROUNDS, times_own: TIMES_OWN };
    /// For whom looking is cheap.
    pub const KEEN: Self = Self { score: ALARM, quick_rounds: 1, times_own: 0.0 };
}

/// The detector of one series.
#[derive(Debug, Clone)]
pub struct Watch {
    limits: Limits,
    strange: Strange,
    last: Option<Timestamp>,
    /// Values above the limits in a row, and the level before them.
    run: u32,
    level: f64,
    own: Own,
    alarm: Option<Alarm>,
}

#[derive(Debug, Clone, Copy)]
struct Alarm {
    since: Timestamp,
    /// The way from the level, at its furthest.
    way: f64,
    back: u32,
}

impl Watch {
    pub fn new(limits: Limits) -> Self {
        Self { limits, strange: Strange::default(), last: None, run: 0, level: 0.0, own: Own::default(), alarm: None }
    }

    /// Takes the next value, and says since when there has been an alarm, if there is one.
    pub fn add(&mut self, at: Timestamp, value: f64) -> Option<Timestamp> {
        let score = self.strange.add(at, value);
        let is_high = score >= self.limits.score && surprise(score) >= self.limits.times_own * self.own.surprise;
        let quick = self.last.is_some_and(|last| at.since(last) <= QUICK);
        self.last = Some(at);
        self.alarm = match self.alarm {
            Some(alarm) => alarm.goes_on(at, value - self.level, is_high),
            None => {
                if is_high && self.run == 0 {
                    self.level = self.strange.centre().unwrap_or(value);
                }
                self.run = if is_high { self.run + 1 } else { 0 };
                let needed = if quick { self.limits.quick_rounds } else { 1 };
                (is_high && self.run >= needed).then_some(Alarm { since: at, way: value - self.level, back: 0 })
            }
        };
        if self.alarm.is_none() {
            self.own.learn(surprise(score));
            self.run = if is_high { self.run } else { 0 };
        }
        self.alarm.map(|alarm| alarm.since)
    }
}

impl Alarm {
    /// Nothing once it is over.
    fn goes_on(self, at: Timestamp, way: f64, is_high: bool) -> Option<Self> {
        let is_back = way * self.way <= 0.0 || way.abs() <= BACK * self.way.abs();
        let back = if is_back { self.back + 1 } else { 0 };
        let over = (back >= BACK_ROUNDS && !is_high) || at.since(self.since) >= NEW_NORMAL;
        let way = if way.abs() > self.way.abs() { way } else { self.way };
        (!over).then_some(Self { way, back, ..self })
    }
}

/// The surprise above which one value of a hundred lies: a quantile that is moved up and down with
/// each value (Robbins and Monro 1951).
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    surprise: f64,
    seen: f64,
}

impl Own {
    fn learn(&mut self, surprise: f64) {
        self.seen += 1.0;
        let step = (0.9 / self.seen.min(3000.0).sqrt()).min(0.15) * self.surprise.max(0.5);
        self.surprise += if surprise > self.surprise { OWN * step } else { -(1.0 - OWN) * step };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::seeded::Seeded;

    /// Alarms by index, for values that come `apart`.
    fn alarms(apart: Millis, values: impl Iterator<Item = f64>) -> Vec<usize> {
        let mut watch = Watch::new(Limits::SURE);
        let on = (0..).zip(values).filter(|(n, value)| watch.add(Timestamp(n * apart.0), *value).is_some());
        on.map(|(n, _)| n as usize).collect()
    }

    fn noise(count: usize) -> Vec<f64> {
        let mut random = Seeded::new("noise");
        (0..count).map(|_| 100.0 + random.unit()).collect()
    }

    #[test]
    fn one_bad_hour_alarms_at_once_and_is_over_within_five_more() {
        let mut values = noise(500);
        values[400] = 150.0;
        let on = alarms(Millis::HOUR, values.into_iter());
        assert!(on.first() == Some(&400) && on.iter().all(|n| (400..406).contains(n)), "{on:?}");
    }

    #[test]
    fn an_hour_of_bad_minutes_is_one_alarm_from_the_fifth_of_them_on() {
        let mut values = noise(4000);
        values[3000..3060].fill(150.0);
        let on = alarms(Millis::MINUTE, values.into_iter());
        assert_eq!(on.first(), Some(&3004));
        assert_eq!(on.len(), on[on.len() - 1] - on[0] + 1, "without a break");
        assert!((3061..3075).contains(&on[on.len() - 1]), "{:?}", on.last());
    }

    #[test]
    fn noise_is_no_alarm() {
        assert!(alarms(Millis::MINUTE, noise(20_000).into_iter()).is_empty());
    }
}
