//! What a level can tell, learnt from its own past.

use super::runs::Run;
use std::collections::BTreeSet;

/// How a supply measures what is left.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Sensor {
    /// By points.
    Fine,
    /// In steps of so many points.
    Steps(f64),
    /// Full, low and empty: nothing between them.
    ThreeSteps,
    /// Has shown one value only.
    Still,
    /// Goes up as much as down.
    Noisy,
    /// Has not moved often enough to tell.
    Unknown,
}

impl Sensor {
    /// Points from one value to the next, where it has such steps.
    pub(super) const fn step(self) -> Option<f64> {
        match self {
            Self::Fine => Some(1.0),
            Self::Steps(step) => Some(step),
            _ => None,
        }
    }

    /// Whether it falls so much, and no more, when the next step is reached.
    pub(super) fn is_step(self, fall: f64) -> bool {
        matches!(self, Self::Steps(step) if (0.0..=1.5 * step).contains(&fall))
    }
}

/// The largest fall of a fine level between two readings is no step; its usual one is at most this.
const FINE: f64 = 3.0;
/// A fall of this much is one from full to low.
const PLUNGE: f64 = 45.0;
/// Steps whose falls differ by more than this factor are no steps.
const ALIKE: f64 = 1.6;
/// A level that rose so many points, and more than this share of its falls, without a new cartridge.
const RISEN: f64 = 30.0;
const RISEN_SHARE: f64 = 0.6;
/// A level that shows more than so many values falls several times before a cartridge is changed: one that
/// rises more than once for every two falls tells nothing.
const FEW_LEVELS: usize = 6;
const FEW_RISES: usize = 4;

/// Falls and rises of a level between its runs.
#[derive(Debug, Clone, Default)]
pub(super) struct Moves {
    pub falls: Vec<f64>,
    pub rises: Vec<f64>,
    /// Values that were shown, in whole points.
    levels: BTreeSet<i64>,
}

impl Moves {
    pub(super) fn of(runs: &[Run]) -> Self {
        let steps = runs.windows(2).map(|pair| pair[1].level - pair[0].level);
        let (rises, falls): (Vec<f64>, Vec<f64>) = steps.partition(|step| *step > 0.0);
        let levels = runs.iter().map(|run| run.level.round() as i64).collect();
        Self { falls: falls.into_iter().map(|fall| -fall).collect(), rises, levels }
    }

    /// Points that a level must rise by to be another cartridge: more than one of its own steps.
    pub(super) fn least_rise(&self) -> f64 {
        match median(&self.falls) {
            Some(fall) if fall > FINE => (1.5 * fall).clamp(12.0, 40.0),
            _ => 8.0,
        }
    }

    /// Whether it rises bit by bit and falls at once: it counts what is used.
    pub(super) fn is_upside_down(&self) -> bool {
        let few = |moves: &[f64]| median(moves).unwrap_or(0.0);
        let risen: f64 = self.rises.iter().sum();
        self.rises.len() >= 4
            && self.rises.len() >= 3 * self.falls.len()
            && risen >= 15.0
            && few(&self.rises) <= 0.5 * self.falls.iter().copied().fold(100.0, f64::min)
    }

    pub(super) fn sensor(&self) -> Sensor {
        let least = self.least_rise();
        let small_rises: f64 = self.rises.iter().filter(|rise| **rise < least).sum();
        let fallen: f64 = self.falls.iter().sum();
        let risen = small_rises >= RISEN && small_rises > RISEN_SHARE * fallen;
        if risen || self.is_restless() {
            return Sensor::Noisy;
        }
        // One alone is a cartridge that was used before.
        let plunge = 3 * self.falls.iter().filter(|fall| **fall >= PLUNGE).count() >= self.falls.len();
        match (median(&self.falls), self.falls.len()) {
            (None, _) => Sensor::Still,
            (Some(_), _) if plunge => Sensor::ThreeSteps,
            (Some(fall), 3..) if fall <= FINE => Sensor::Fine,
            (Some(fall), 2..) if fall > FINE && self.are_alike(fall) => Sensor::Steps(fall),
            _ => Sensor::Unknown,
        }
    }

    /// Up and down by so much that each time it might be another cartridge.
    fn is_restless(&self) -> bool {
        self.levels.len() > FEW_LEVELS && self.rises.len() >= FEW_RISES && 2 * self.rises.len() > self.falls.len()
    }

    /// Falls of one step, or now and then of two at once.
    fn are_alike(&self, fall: f64) -> bool {
        let of_one = |other: &&f64| (fall / ALIKE..=fall * ALIKE).contains(*other);
        4 * self.falls.iter().filter(of_one).count() >= 3 * self.falls.len()
    }
}

fn median(values: &[f64]) -> Option<f64> {
    crate::math::quantile::median(&mut values.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::time::Timestamp;

    fn moves(levels: &[f64]) -> Moves {
        let run =
            |level: &f64| Run { level: *level, from: Timestamp(0), to: Timestamp(0), work_from: 0.0, work_to: 0.0 };
        Moves::of(&levels.iter().map(run).collect::<Vec<_>>())
    }

    #[test]
    fn sensors_are_told_by_how_they_fall() {
        assert_eq!(moves(&[90.0, 89.0, 88.0, 86.0]).sensor(), Sensor::Fine);
        assert_eq!(moves(&[90.0, 80.0, 70.0, 100.0, 90.0]).sensor(), Sensor::Steps(10.0));
        assert_eq!(moves(&[100.0, 67.0, 33.0, 0.0]).sensor(), Sensor::Steps(33.0));
        assert_eq!(moves(&[100.0, 10.0, 1.0, 100.0]).sensor(), Sensor::ThreeSteps);
        assert_eq!(moves(&[50.0]).sensor(), Sensor::Still);
        assert_eq!(moves(&[90.0, 80.0]).sensor(), Sensor::Unknown);
        let noise: Vec<f64> = (0..40).map(|i| if i % 2 == 0 { 50.0 } else { 47.0 }).collect();
        assert_eq!(moves(&noise).sensor(), Sensor::Noisy);
        let restless: Vec<f64> = (0..40).map(|i| 50.0 + f64::from(i * 17 % 41) - 20.0).collect();
        assert_eq!(moves(&restless).sensor(), Sensor::Noisy);
    }

    #[test]
    fn a_used_cartridge_makes_no_other_sensor() {
        let lives = [100.0, 90.0, 80.0, 70.0, 60.0, 10.0, 0.0, 100.0, 90.0, 80.0];
        assert_eq!(moves(&lives).sensor(), Sensor::Steps(10.0));
        assert_eq!(moves(&[100.0, 10.0, 1.0, 100.0, 10.0, 100.0, 10.0]).sensor(), Sensor::ThreeSteps);
    }

    #[test]
    fn what_rises_bit_by_bit_and_falls_at_once_is_upside_down() {
        assert!(moves(&[5.0, 10.0, 20.0, 40.0, 60.0, 80.0, 2.0, 10.0]).is_upside_down());
        assert!(!moves(&[90.0, 80.0, 70.0, 100.0, 90.0]).is_upside_down());
    }
}
