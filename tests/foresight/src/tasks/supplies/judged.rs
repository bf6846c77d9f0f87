//! Questions and lives with what was said of them, and how right that was.

use crate::score::median;
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_sim::supplies::{self, Sensor};

/// Sorts of sensors, in words.
pub(super) const KINDS: [(&str, Kind); 2] =
    [("days left, sensors by points", Kind::Points), ("days left, sensors of steps", Kind::Steps)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Points,
    Steps,
    Other,
}

impl Kind {
    pub(super) const fn of(sensor: Sensor) -> Self {
        match sensor {
            Sensor::Fine | Sensor::UsedUp => Self::Points,
            Sensor::Steps { .. } => Self::Steps,
            _ => Self::Other,
        }
    }
}

/// Days from the question to the 10, 50 and 90 % dates.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Dates {
    pub(super) from: f64,
    pub(super) middle: f64,
    pub(super) to: f64,
}

/// How many days of a supply are left.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Question {
    pub(super) kind: Kind,
    /// Whether its sensor can carry an answer, and whether it can carry nothing at all.
    pub(super) carries: bool,
    pub(super) useless: bool,
    /// The truth.
    pub(super) left: f64,
    pub(super) ours: Option<Dates>,
    pub(super) last_week: Option<f64>,
    /// What one says who knows what is really left in pages, and foresees the office as ours does.
    pub(super) knows_cartridge: Option<f64>,
    /// What one says who knows all of the present and nothing of the future.
    pub(super) oracle: Dates,
}

/// A cartridge with the tickets that were opened for it.
#[derive(Debug, Clone)]
pub(super) struct Life {
    pub(super) truth: supplies::Life,
    pub(super) ours: Vec<Timestamp>,
    /// In the order of the opponents.
    pub(super) opponents: Vec<Vec<Timestamp>>,
}

impl Life {
    /// Working days for which it would have gone on, where it was taken out before it was empty.
    pub(super) fn working_days_saved(&self) -> Option<usize> {
        let (changed, empty) = self.truth.changed.zip(self.truth.empty)?;
        (changed < empty).then(|| working_days(changed, empty))
    }
}

/// Errors of the answers to questions.
pub(super) struct Tally {
    asked: usize,
    errors: Vec<f64>,
    inside: Vec<bool>,
    widths: Vec<f64>,
}

impl Tally {
    pub(super) fn of<'a>(
        answers: impl Iterator<Item = (&'a Question, Option<f64>)>,
        interval: impl Fn(&Question) -> Option<Dates>,
    ) -> Self {
        let mut tally = Self { asked: 0, errors: Vec::new(), inside: Vec::new(), widths: Vec::new() };
        for (question, answer) in answers {
            tally.asked += 1;
            tally.errors.extend(answer.map(|days| (days - question.left).abs() / question.left));
            if let Some(dates) = interval(question) {
                tally.inside.push((dates.from..=dates.to).contains(&question.left));
                tally.widths.push((dates.to - dates.from) / question.left);
            }
        }
        tally
    }

    pub(super) fn values(self) -> Vec<Option<f64>> {
        let answered = (self.asked > 0).then(|| self.errors.len() as f64 / self.asked as f64);
        let hits = self.inside.iter().filter(|inside| **inside).count() as f64;
        let covered = (!self.inside.is_empty()).then(|| hits / self.inside.len() as f64);
        vec![answered, median(self.errors), covered, median(self.widths)]
    }
}

/// How many tickets lives had.
#[derive(Default)]
pub(super) struct Tickets {
    lives: f64,
    one: f64,
    none: f64,
    in_time: f64,
    leads: Vec<f64>,
}

impl Tickets {
    pub(super) fn of<'a>(lives: impl Iterator<Item = (&'a Life, &'a [Timestamp])>) -> Self {
        let mut sum = Self::default();
        for (life, tickets) in lives {
            sum.lives += 1.0;
            let yes = |it: bool| f64::from(u8::from(it));
            sum.one += yes(tickets.len() == 1);
            sum.none += yes(tickets.is_empty());
            let lead = tickets.first().zip(life.truth.empty).map(|(first, empty)| (*first, empty));
            sum.in_time += yes(lead.is_some_and(|(first, empty)| working_days(first, empty) >= 3));
            sum.leads.extend(lead.map(|(first, empty)| empty.since(first).as_days()));
        }
        sum
    }

    pub(super) fn values(self) -> Vec<Option<f64>> {
        let share = |it: f64| (self.lives > 0.0).then(|| it / self.lives);
        let more = self.lives - self.one - self.none;
        vec![share(self.one), share(self.none), share(more), share(self.in_time), median(self.leads)]
    }
}

/// Mondays to Fridays whose beginning lies between two instants.
fn working_days(from: Timestamp, to: Timestamp) -> usize {
    let first = from.day_start().plus(Millis::DAY);
    let days = (0..400).map(|days| first.plus(Millis::days(days))).take_while(|day| *day <= to);
    // 1970-01-01 was a Thursday.
    days.filter(|day| (day.0.div_euclid(Millis::DAY.0) + 3).rem_euclid(7) < 5).count()
}
