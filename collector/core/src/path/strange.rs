//! How unusual the latest value of any series is, from 0 to 1, by what came before alone.
//!
//! Six simple guesses are made of every value: the one before, a short mean, the median of the last
//! values, the same hour of the day, that hour at the present level, and the same hour of the week.
//! Each knows how far off it usually is. The surprise is the mean of their errors, each in units of
//! its usual one and weighted by how good a guess it is: whatever habit a series has, the guess that
//! knows it speaks loudest.

use crate::math::quantile::{median, median_and_spread};
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::VecDeque;

const GUESSES: usize = 6;
/// Values of which the median is taken.
const WINDOW: usize = 200;
/// An error counts only once so many were seen, and at most twice the usual when it is learnt.
const SEEN: f64 = 10.0;
const CLIP: f64 = 2.0;
/// Days, and weeks of an hour of the week, from which is learnt.
const ERROR_DAYS: f64 = 15.0;
const HOUR_DAYS: f64 = 7.0;
const HOUR_WEEKS: f64 = 4.0;
/// Share of the short mean that is new with each value, and of the level with each hour.
const FAST: f64 = 0.1;
const LEVEL: f64 = 0.2;
/// How much of a surprise is left with the next value: what is strange is rarely so for one only.
const HOLD: f64 = 0.5;
/// A surprise of so many usual errors scores one half.
const HALF: f64 = 4.0;

/// Beyond these no sum of squares or differences can be told from infinity.
const LARGEST: f64 = 1e150;
const MOST: f64 = 1e9;

/// From here on a value is worth a look.
pub const ALARM: f64 = 0.6;

/// The score of a surprise of `errors` times what is usual.
pub fn score(errors: f64) -> f64 {
    errors / (errors + HALF)
}

/// The surprise that has this score.
pub fn surprise(score: f64) -> f64 {
    HALF * score / (1.0 - score).max(f64::EPSILON)
}

/// One series.
#[derive(Debug, Clone)]
pub struct Strange {
    window: VecDeque<f64>,
    last: Option<(Timestamp, f64)>,
    fast: f64,
    level: f64,
    day: Vec<Mean>,
    week: Vec<Mean>,
    errors: [Mean; GUESSES],
    spacing: Mean,
    /// The smallest difference of two values: a series that counts is no more exact than that.
    step: f64,
    held: f64,
}

/// A mean that forgets.
#[derive(Debug, Clone, Copy, Default)]
struct Mean {
    mean: f64,
    seen: f64,
}

impl Mean {
    fn learn(&mut self, value: f64, memory: f64) {
        self.seen += 1.0;
        self.mean += (value - self.mean) / self.seen.min(memory.max(1.0));
    }

    /// As [`Self::learn`], but no value moves it by more than `at_most`, once `sure` were seen.
    fn learn_clipped(&mut self, value: f64, memory: f64, at_most: f64, sure: f64) {
        let far = if self.seen > sure { at_most } else { f64::INFINITY };
        self.learn(self.mean + (value - self.mean).clamp(-far, far), memory);
    }
}

impl Default for Strange {
    fn default() -> Self {
        Self {
            window: VecDeque::new(),
            last: None,
            fast: 0.0,
            level: 0.0,
            day: vec![Mean::default(); 24],
            week: vec![Mean::default(); 168],
            errors: [Mean::default(); GUESSES],
            spacing: Mean::default(),
            step: f64::INFINITY,
            held: 0.0,
        }
    }
}

impl Strange {
    /// The score of the next value.
    pub fn add(&mut self, at: Timestamp, value: f64) -> f64 {
        let value = value.clamp(-LARGEST, LARGEST);
        if let Some((before, last)) = self.last {
            let spacing = at.since(before).0.max(1) as f64;
            let usual = self.spacing.mean;
            self.spacing.learn_clipped(spacing, 50.0, 3.0 * usual, 1.0);
            self.step = if value == last { self.step } else { self.step.min((value - last).abs()) };
        }
        let mut window: Vec<f64> = self.window.iter().copied().collect();
        let (centre, spread) = median_and_spread(&mut window).unwrap_or((value, 0.0));
        let errors = self.guesses(at, centre).map(|guess| guess.map(|guess| value - guess));
        self.held = self.surprise(&errors).max(HOLD * self.held);
        self.learn(at, value, spread, &errors);
        score(self.held)
    }

    /// The median of the last values.
    pub fn centre(&self) -> Option<f64> {
        median(&mut self.window.iter().copied().collect::<Vec<_>>())
    }

    fn per_hour(&self) -> f64 {
        if self.spacing.mean > 0.0 { (Millis::HOUR.0 as f64 / self.spacing.mean).max(1.0) } else { 1.0 }
    }

    /// What each guess says; nothing while it knows too little.
    fn guesses(&self, at: Timestamp, centre: f64) -> [Option<f64>; GUESSES] {
        let enough = 2.0 * self.per_hour();
        let last = self.last.map(|(_, last)| last);
        let day = Some(self.day[hour(at, 24)]).filter(|hour| hour.seen >= enough).map(|hour| hour.mean);
        let week = Some(self.week[hour(at, 168)]).filter(|hour| hour.seen >= enough).map(|hour| hour.mean);
        let centre = (self.window.len() >= 5).then_some(centre);
        [last, last.map(|_| self.fast), centre, day, day.map(|day| day + self.level), week]
    }

    fn surprise(&self, errors: &[Option<f64>; GUESSES]) -> f64 {
        let (mut sum, mut weights) = (0.0, 0.0);
        let step = if self.step.is_finite() { self.step } else { 0.0 };
        for (error, usual) in errors.iter().zip(&self.errors) {
            let Some(error) = error.filter(|_| usual.seen >= SEEN) else { continue };
            // The standard deviation of normal errors is 1.25 times their mean size.
            let unit = (1.25 * usual.mean).max(step).max(f64::MIN_POSITIVE.sqrt());
            sum += (error.abs() / unit).min(MOST) / unit;
            weights += 1.0 / unit;
        }
        if weights > 0.0 { sum / weights } else { 0.0 }
    }

    fn learn(&mut self, at: Timestamp, value: f64, spread: f64, errors: &[Option<f64>; GUESSES]) {
        let per_hour = self.per_hour();
        for (known, error) in self.errors.iter_mut().zip(errors) {
            if let Some(error) = error {
                let size = if known.seen > SEEN { error.abs().min(CLIP * known.mean) } else { error.abs() };
                known.learn(size, ERROR_DAYS * 24.0 * per_hour);
            }
        }
        let far = if spread > 0.0 { 2.0 * CLIP * spread } else { f64::INFINITY };
        let day = &mut self.day[hour(at, 24)];
        if day.seen >= 2.0 * per_hour {
            self.level += LEVEL / per_hour.sqrt() * ((value - day.mean).clamp(-far, far) - self.level);
        }
        day.learn_clipped(value, HOUR_DAYS * per_hour, far, 3.0 * per_hour);
        self.week[hour(at, 168)].learn_clipped(value, HOUR_WEEKS * per_hour, far, 3.0 * per_hour);
        self.fast = if self.last.is_none() { value } else { self.fast + FAST * (value - self.fast).clamp(-far, far) };
        self.last = Some((at, value));
        self.window.push_back(value);
        if self.window.len() > WINDOW {
            self.window.pop_front();
        }
    }
}

/// Of the day or the week, in UTC.
fn hour(at: Timestamp, of: i64) -> usize {
    at.0.div_euclid(Millis::HOUR.0).rem_euclid(of) as usize
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::seeded::Seeded;

    /// Scores of `days` of a value every 5 minutes, made by hour and chance.
    fn scores(days: i64, value: impl Fn(i64, f64) -> f64) -> Vec<f64> {
        let mut random = Seeded::new("series");
        let mut strange = Strange::default();
        let at = |n: i64| Timestamp(n * 5 * 60_000);
        (0..days * 288).map(|n| strange.add(at(n), value(n, random.unit()))).collect()
    }

    fn most(scores: &[f64]) -> f64 {
        scores.iter().copied().fold(0.0, f64::max)
    }

    #[test]
    fn every_score_lies_between_0_and_1_and_looks_at_nothing_later() {
        let whole = scores(3, |n, chance| if n > 700 { 1e300 } else { chance });
        let part = scores(2, |_, chance| chance);
        assert_eq!(whole[..part.len()], part[..]);
        assert!(whole.iter().all(|score| (0.0..=1.0).contains(score)));
    }

    #[test]
    fn a_jump_scores_far_above_all_noise() {
        let all = scores(4, |n, chance| if n == 1000 { 6.0 } else { chance });
        assert!(all[1000] > 0.8 && most(&all[300..1000]) < 0.6, "{} {}", all[1000], most(&all[300..1000]));
    }

    #[test]
    fn a_habit_of_the_day_is_not_strange_and_its_absence_is() {
        let busy = |n: i64| (n / 12) % 24 >= 8 && (n / 12) % 24 < 17;
        let all = scores(15, |n, chance| {
            let missing = n / 288 == 14;
            chance + if busy(n) && !missing { 20.0 } else { 0.0 }
        });
        let noon = |day: usize| all[day * 288 + 144];
        assert!(noon(13) < 0.4 && noon(14) > 0.7, "{} {}", noon(13), noon(14));
    }

    #[test]
    fn a_series_that_seldom_counts_one_is_not_strange_when_it_does() {
        let all = scores(10, |_, chance| if chance < 0.01 { 1.0 } else { 0.0 });
        assert!(most(&all[288..]) < 0.5, "{}", most(&all[288..]));
    }

    #[test]
    fn what_never_changes_is_never_strange() {
        assert_eq!(most(&scores(3, |_, _| 7.0)), 0.0);
    }
}
