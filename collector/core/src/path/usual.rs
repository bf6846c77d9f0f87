//! What is usual of a series: centre and spread of the last day, and by how much each hour of the
//! week differs from its day once two weeks are known.

use crate::math::quantile::{median, median_and_spread};
use beforehand_shared::time::{Millis, Timestamp};
use std::collections::VecDeque;

/// Finished hours that are kept, and those needed before anything is usual.
const HOURS: usize = 24;
const ENOUGH: usize = 6;
/// Of one hour no more values are kept than come with one a minute.
const PER_HOUR: usize = 60;
const WEEK: usize = 168;
/// How fast an hour of the week is learnt, and how often it must have been seen.
const PER_WEEK: f64 = 0.25;
const WEEKS: u8 = 2;

/// Centre and spread, in the unit of the series. The spread is the standard deviation where the
/// values are normal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Usual {
    pub centre: f64,
    pub spread: f64,
}

/// Learns from what it is given; whoever wants a baseline frozen gives it nothing meanwhile.
#[derive(Debug, Clone, Default)]
pub struct Learner {
    hour: Option<Timestamp>,
    values: Vec<f64>,
    finished: VecDeque<(Timestamp, Usual)>,
    /// For each hour of the week (UTC) its difference from the centre of its day, and how often it
    /// was seen.
    week: Vec<(f64, u8)>,
    now: Option<Usual>,
}

impl Learner {
    pub fn add(&mut self, at: Timestamp, value: f64) {
        let hour = at.hour_start();
        if self.hour != Some(hour) {
            self.finish();
            self.hour = Some(hour);
        }
        if self.values.len() < PER_HOUR {
            self.values.push(value);
        }
    }

    /// What is usual at `at`; nothing while too little is known.
    pub fn usual(&self, at: Timestamp) -> Option<Usual> {
        let usual = self.now?;
        let bias = self.week.get(hour_of_week(at)).filter(|(_, weeks)| *weeks >= WEEKS).map_or(0.0, |(bias, _)| *bias);
        Some(Usual { centre: usual.centre + bias, ..usual })
    }

    fn finish(&mut self) {
        let (Some(hour), Some((centre, spread))) = (self.hour, median_and_spread(&mut self.values)) else { return };
        self.values.clear();
        self.learn_week(hour, centre);
        self.finished.push_back((hour, Usual { centre, spread }));
        while self.finished.len() > HOURS {
            self.finished.pop_front();
        }
        self.now = self.of_the_day();
    }

    fn learn_week(&mut self, hour: Timestamp, centre: f64) {
        let (Some(day), HOURS) = (self.now, self.finished.len()) else { return };
        self.week.resize(WEEK, (0.0, 0));
        let (bias, weeks) = &mut self.week[hour_of_week(hour)];
        let rate = PER_WEEK.max(1.0 / (f64::from(*weeks) + 1.0));
        *bias += rate * (centre - day.centre - *bias);
        *weeks = weeks.saturating_add(1);
    }

    /// The middle hour, and the wider of the spread within hours and that between them.
    fn of_the_day(&self) -> Option<Usual> {
        if self.finished.len() < ENOUGH {
            return None;
        }
        let mut centres: Vec<f64> = self.finished.iter().map(|(_, hour)| hour.centre).collect();
        let mut spreads: Vec<f64> = self.finished.iter().map(|(_, hour)| hour.spread).collect();
        let (centre, between) = median_and_spread(&mut centres)?;
        Some(Usual { centre, spread: median(&mut spreads)?.max(between) })
    }
}

fn hour_of_week(at: Timestamp) -> usize {
    (at.0.div_euclid(Millis::HOUR.0).rem_euclid(WEEK as i64)) as usize
}
