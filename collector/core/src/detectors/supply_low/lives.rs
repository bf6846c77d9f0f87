//! The lives of the cartridges that lay in a place: where one ended and another began.

use super::{
    runs::Run,
    sensor::{Moves, Sensor},
};
use beforehand_shared::time::Timestamp;

/// A level that falls by so many points at once, and by more than two of its steps, without the work for
/// it: another cartridge that was used before.
const FALL: f64 = 15.0;
const UNEXPLAINED: f64 = 0.25;
/// From this level on a cartridge counts as a new one.
pub(super) const NEW: f64 = 95.0;

/// How a life began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Began {
    /// Before it was watched.
    Unseen,
    /// The level rose to full.
    New,
    /// It rose, but not to full: refilled, or a used one.
    Refilled,
    /// It fell without the work for it, or changed places with another.
    Exchanged,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Life {
    pub began: Began,
    pub from: Timestamp,
    /// Falling; never empty.
    pub(super) runs: Vec<Run>,
}

impl Life {
    pub(super) fn last(&self) -> Run {
        self.runs.last().copied().unwrap_or(Run {
            level: 0.0,
            from: self.from,
            to: self.from,
            work_from: 0.0,
            work_to: 0.0,
        })
    }

    pub(super) fn first(&self) -> Run {
        self.runs.first().copied().unwrap_or_else(|| self.last())
    }
}

/// Whether the present one has fallen since it lies there.
pub(super) fn is_low(lives: &[Life]) -> bool {
    lives.last().is_some_and(|life| life.runs.len() > 1)
}

pub(super) fn lives(runs: &[Run], moves: &Moves, sensor: Sensor) -> Vec<Life> {
    let (per_point, least_rise) = (rough_units_per_point(runs), moves.least_rise());
    let mut lives: Vec<Life> = Vec::new();
    for run in runs {
        let Some(life) = lives.last_mut() else {
            lives.push(Life { began: Began::Unseen, from: run.from, runs: vec![*run] });
            continue;
        };
        let last = life.last();
        let began = if run.level - last.level >= least_rise {
            Some(if run.level >= NEW { Began::New } else { Began::Refilled })
        } else if is_unexplained(&last, run, per_point, sensor) {
            Some(Began::Exchanged)
        } else {
            None
        };
        match began {
            Some(began) => lives.push(Life { began, from: run.from, runs: vec![*run] }),
            // A little up again is the sensor; what is used does not come back.
            None if run.level >= last.level => {
                if let Some(last) = life.runs.last_mut() {
                    (last.to, last.work_to) = (run.to, run.work_to);
                }
            }
            None => life.runs.push(*run),
        }
    }
    lives
}

fn is_unexplained(last: &Run, run: &Run, per_point: f64, sensor: Sensor) -> bool {
    let Some(step) = sensor.step() else { return false };
    let fall = last.level - run.level;
    fall >= FALL && fall > 2.2 * step && run.work_from - last.work_to < UNEXPLAINED * (fall - step) * per_point
}

fn rough_units_per_point(runs: &[Run]) -> f64 {
    let falls = runs.windows(2).filter(|pair| pair[1].level < pair[0].level);
    let points: f64 = falls.map(|pair| pair[0].level - pair[1].level).sum();
    let work = runs.last().zip(runs.first()).map_or(0.0, |(last, first)| last.work_to - first.work_from);
    work / points.max(1.0)
}

/// Marks as exchanged what changed places with another supply of the same printer: one rose to where the
/// other was, and the other fell to where it was, within a day.
pub(super) fn mark_exchanges(all: &mut [&mut Vec<Life>]) {
    let ends = |lives: &[Life]| -> Vec<(usize, Timestamp, f64, f64)> {
        let pairs = lives.windows(2).enumerate();
        pairs.map(|(at, pair)| (at + 1, pair[1].from, pair[0].last().level, pair[1].first().level)).collect()
    };
    let known: Vec<_> = all.iter().map(|lives| ends(lives)).collect();
    let near = |a: f64, b: f64| (a - b).abs() <= 6.0;
    for (one, ends_of_one) in known.iter().enumerate() {
        for (place, at, before, after) in ends_of_one {
            let others = known.iter().enumerate().filter(|(other, _)| *other != one).flat_map(|(_, ends)| ends);
            let crossed = others.into_iter().any(|(_, other_at, other_before, other_after)| {
                let together = other_at.since(*at).0.abs() <= beforehand_shared::time::Millis::DAY.0;
                together && near(*before, *other_after) && near(*after, *other_before)
            });
            if crossed {
                all[one][*place].began = Began::Exchanged;
            }
        }
    }
}
