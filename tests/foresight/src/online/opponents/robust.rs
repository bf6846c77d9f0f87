//! The detector that the reference recommends: robust z above 4 in so many of the last rounds, with
//! an effect gate, a frozen baseline and five clean rounds at the end; new normal after three days.

use super::{Detector, Effect, Standard};
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::VecDeque;

pub struct OfLast {
    needed: usize,
    of: usize,
    effect: Effect,
    standard: Standard,
    latest: VecDeque<bool>,
    since: Option<Timestamp>,
    clean: u32,
}

impl OfLast {
    pub fn new(needed: usize, of: usize, effect: Effect) -> Self {
        let (standard, latest) = (Standard::default(), VecDeque::new());
        Self { needed, of, effect, standard, latest, since: None, clean: 0 }
    }
}

impl Detector for OfLast {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        let z = match self.since {
            None => self.standard.z(at, value),
            Some(_) => self.standard.z_frozen(value),
        };
        let usual = self.standard.centre();
        let high = z.zip(usual).is_some_and(|(z, usual)| z > 4.0 && self.effect.passes(value, usual));
        self.latest.push_back(high);
        if self.latest.len() > self.of {
            self.latest.pop_front();
        }
        match self.since {
            None if high && self.latest.iter().filter(|high| **high).count() >= self.needed => {
                (self.since, self.clean) = (Some(at), 0);
            }
            None => {}
            Some(since) => {
                self.clean = if high { 0 } else { self.clean + 1 };
                if self.clean >= 5 {
                    (self.since, self.latest) = (None, VecDeque::new());
                } else if at.since(since) >= Millis::days(3) {
                    (self.since, self.latest, self.standard) = (None, VecDeque::new(), Standard::default());
                }
            }
        }
        self.standard.learn(at, value, self.since.is_some());
        self.since.is_some()
    }
}

impl Standard {
    fn z_frozen(&self, value: f64) -> Option<f64> {
        let (_, centre, spread) = self.fitted?;
        Some((value - centre) / spread.max(1e-3 * centre.abs()).max(1e-9))
    }
}
