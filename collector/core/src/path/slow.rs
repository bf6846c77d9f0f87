//! Whether a path answers slower than usual: a robust z score with an effect gate and persistence,
//! against a baseline that stands still while it is slow.
//!
//! Three rounds without a break must be slow, and the third not much less than the second: a rise
//! that ebbs away is mostly over before anybody could look.

use super::usual::{Learner, Usual};
use beforehand_shared::time::{Millis, Timestamp};

/// Spreads above the centre.
const SPREADS: f64 = 4.0;
/// Slow rounds without a break.
const ROUNDS: u32 = 3;
/// The third rise as a share of the second.
const EBBING: f64 = 0.75;
/// Rounds that are not slow before it is over.
const CLEAN: u32 = 5;
/// What has been slow for so long is how this path is now.
const NEW_NORMAL: Millis = Millis::days(3);

/// By how much round trips must rise to matter: a share of what is usual, and milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Gate {
    pub share: f64,
    pub ms: f64,
}

impl Gate {
    /// Across the internet 15 % and 5 ms.
    pub const INTERNET: Self = Self { share: 0.15, ms: 5.0 };
    /// To the gateway three times as long, and 3 ms.
    pub const LAN: Self = Self { share: 2.0, ms: 3.0 };
    /// Of a web address twice as long, and a second: people wait for it.
    pub const WEB: Self = Self { share: 1.0, ms: 1_000.0 };
    /// Of a name server three times as long, and 300 ms: each page asks several names.
    pub const NAMES: Self = Self { share: 2.0, ms: 300.0 };

    fn rise(self, usual: Usual) -> f64 {
        (self.share * usual.centre).max(self.ms).max(SPREADS * usual.spread)
    }
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Pace {
    /// Too little is known to say what is usual.
    Learning,
    Usual,
    /// `usual_ms` is the centre from before.
    Slow {
        since: Timestamp,
        usual_ms: f64,
    },
    /// Slow for three days: from now on that is usual.
    NewNormal {
        usual_ms: f64,
    },
}

/// The detector of one path.
#[derive(Debug, Clone)]
pub struct Watch {
    gate: Gate,
    learner: Learner,
    /// Slow rounds without a break, and the rise of the latest.
    run: u32,
    rise: f64,
    slow: Option<Slow>,
}

#[derive(Debug, Clone)]
struct Slow {
    since: Timestamp,
    usual: Usual,
    clean: u32,
    /// What would be usual, should it stay.
    learner: Learner,
}

impl Watch {
    pub fn new(gate: Gate) -> Self {
        Self { gate, learner: Learner::default(), run: 0, rise: 0.0, slow: None }
    }

    /// Takes the round trip of one round; rounds without an answer are none.
    pub fn add(&mut self, at: Timestamp, ms: f64) -> Pace {
        match self.slow.take() {
            Some(slow) => self.while_slow(slow, at, ms),
            None => self.while_usual(at, ms),
        }
    }

    /// The centre of what is usual on this path, from before it became slow; nothing while too little is known.
    pub fn usual_ms(&self, at: Timestamp) -> Option<f64> {
        let usual = self.slow.as_ref().map(|slow| slow.usual).or_else(|| self.learner.usual(at));
        usual.map(|usual| usual.centre)
    }

    fn while_usual(&mut self, at: Timestamp, ms: f64) -> Pace {
        let Some(usual) = self.learner.usual(at) else {
            self.learner.add(at, ms);
            return Pace::Learning;
        };
        let (before, rise) = (self.rise, ms - usual.centre);
        let is_slow = rise > self.gate.rise(usual);
        (self.run, self.rise) = if is_slow { (self.run + 1, rise) } else { (0, 0.0) };
        if self.run < ROUNDS || rise < EBBING * before {
            self.learner.add(at, ms);
            return Pace::Usual;
        }
        self.slow = Some(Slow { since: at, usual, clean: 0, learner: Learner::default() });
        Pace::Slow { since: at, usual_ms: usual.centre }
    }

    fn while_slow(&mut self, mut slow: Slow, at: Timestamp, ms: f64) -> Pace {
        let is_slow = ms - slow.usual.centre > self.gate.rise(slow.usual);
        slow.clean = if is_slow { 0 } else { slow.clean + 1 };
        slow.learner.add(at, ms);
        if slow.clean >= CLEAN {
            self.run = 0;
            return Pace::Usual;
        }
        if at.since(slow.since) >= NEW_NORMAL {
            self.run = 0;
            self.learner = slow.learner;
            let usual = self.learner.usual(at).unwrap_or(slow.usual);
            return Pace::NewNormal { usual_ms: usual.centre };
        }
        let pace = Pace::Slow { since: slow.since, usual_ms: slow.usual.centre };
        self.slow = Some(slow);
        pace
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::seeded::Seeded;

    /// Two days of about 20 ms, then `then`, a value a minute.
    fn after_two_days(then: &[f64]) -> Vec<Pace> {
        let mut random = Seeded::new("path");
        let mut watch = Watch::new(Gate::INTERNET);
        let mut minute = 0;
        let mut add = |ms: f64| {
            minute += 1;
            watch.add(Timestamp(minute * 60_000), ms)
        };
        (0..2 * 1440).for_each(|_| {
            add(20.0 + random.unit());
        });
        then.iter().map(|ms| add(*ms)).collect()
    }

    fn is_slow(pace: &Pace) -> bool {
        matches!(pace, Pace::Slow { .. })
    }

    #[test]
    fn the_third_slow_round_in_a_row_says_so_and_five_usual_ones_end_it() {
        let paces = after_two_days(&[40.0, 42.0, 41.0, 20.0, 20.0, 20.0, 20.0, 20.0]);
        let slow: Vec<bool> = paces.iter().map(is_slow).collect();
        assert_eq!(slow, [false, false, true, true, true, true, true, false]);
    }

    #[test]
    fn a_rise_that_ebbs_away_calls_nobody() {
        assert!(!after_two_days(&[60.0, 50.0, 27.0, 20.0]).iter().any(is_slow));
        assert!(!after_two_days(&[60.0, 20.0, 60.0, 20.0]).iter().any(is_slow));
    }

    #[test]
    fn a_rise_too_small_to_matter_is_none() {
        assert!(!after_two_days(&[24.0; 100]).iter().any(is_slow));
    }

    #[test]
    fn what_stays_slow_for_three_days_is_usual_from_then_on() {
        let paces = after_two_days(&[40.0; 4 * 1440]);
        assert!(paces[2..3 * 1440].iter().all(is_slow), "slow all the time, against what was usual before");
        let told: Vec<&Pace> = paces.iter().filter(|pace| matches!(pace, Pace::NewNormal { .. })).collect();
        assert_eq!(told, [&Pace::NewNormal { usual_ms: 40.0 }]);
        assert!(!paces[3 * 1440 + 3..].iter().any(is_slow));
    }

    #[test]
    fn an_hour_that_is_slow_every_week_is_known_after_some_weeks() {
        let mut random = Seeded::new("week");
        let mut watch = Watch::new(Gate::INTERNET);
        let mut alarms = Vec::new();
        for minute in 0..42_i64 * 1440 {
            let busy = (minute / 60) % 168 == 50;
            let ms = 20.0 + random.unit() + if busy { 12.0 } else { 0.0 };
            let pace = watch.add(Timestamp(minute * 60_000), ms);
            if matches!(pace, Pace::Slow { since, .. } if since == Timestamp(minute * 60_000)) {
                alarms.push(minute / (7 * 1440));
            }
        }
        assert!(!alarms.is_empty() && alarms.iter().all(|week| *week < 3), "{alarms:?}");
    }
}
