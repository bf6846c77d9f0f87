//! Whether a sensor rounds up, to the nearest, or down.

use super::{
    capacity::{BETWEEN, PerPoint, fell_at},
    lives::{Began, Life},
};

/// Where in a step a level falls: it rounds up, to the nearest, or down. All are equally likely beforehand.
const FALLS_AT: [f64; 3] = [0.0, 0.5, 1.0];
/// Standard deviation of where a step falls whose rounding is known, of the step.
const LEAST_DOUBT: f64 = 0.1;
/// Standard deviation of what is left when one is changed, of a step: most are changed when they are empty.
const EARLY: f64 = 0.3;

/// What was seen of it: the logarithm of how likely each of [`FALLS_AT`] makes that, up to a constant.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Rounding([f64; 3]);

impl Rounding {
    /// The first fall of a new cartridge tells, and how long one lasted after its last.
    pub(super) fn of(lives: &[Life], step: f64, per_point: &PerPoint) -> Self {
        let variance = per_point.spread.powi(2) * 10.0 / step + per_point.doubt.powi(2) + BETWEEN * BETWEEN;
        let points = |units: f64| units / (per_point.units * step);
        let first_falls = lives.iter().filter_map(|life| Some((1.0 - points(first_fall(life, step)?), variance)));
        let past = lives.len().saturating_sub(1);
        let ends = lives[..past].iter().filter_map(|life| {
            let used_up = points(used_since_last_fall(life)?) - life.last().level / step;
            Some((used_up, variance + EARLY * EARLY))
        });
        let seen = first_falls.chain(ends).map(|(above, variance)| {
            // One that is far off from all says little.
            Self(FALLS_AT.map(|at| -0.5 * ((above - at).powi(2) / variance).min(9.0)))
        });
        seen.fold(Self::default(), Self::and)
    }

    /// With what was seen of another supply that is measured alike.
    pub(super) fn and(self, other: Self) -> Self {
        let mut both = self.0;
        both.iter_mut().zip(other.0).for_each(|(one, other)| *one += other);
        Self(both)
    }

    /// Points by which the true level lies above what is shown when it has just fallen: nothing where a sensor
    /// rounds up, half a step where it rounds to the nearest, a whole one where it rounds down; with its
    /// standard deviation.
    pub(super) fn above(self, step: f64) -> (f64, f64) {
        let most = self.0.iter().copied().fold(f64::MIN, f64::max);
        let weights = self.0.map(|weight| (weight - most).exp());
        let sum: f64 = weights.iter().sum();
        let mean = |of: &dyn Fn(f64) -> f64| {
            FALLS_AT.iter().zip(weights).map(|(at, weight)| weight * of(*at)).sum::<f64>() / sum
        };
        let above = mean(&|at| at);
        let doubt = (mean(&|at| (at - above).powi(2)) + LEAST_DOUBT * LEAST_DOUBT).sqrt();
        (step * above, step * doubt)
    }
}

/// Units that a new cartridge did until it fell by one step.
fn first_fall(life: &Life, step: f64) -> Option<f64> {
    let [first, second, ..] = &life.runs[..] else { return None };
    let of_one = (first.level - second.level - step).abs() < 0.3 * step;
    let new = life.began == Began::New && first.level >= 99.0;
    (new && of_one).then(|| fell_at(&[*first, *second]) - first.work_from)
}

/// Units that one which is over did after its last fall.
fn used_since_last_fall(life: &Life) -> Option<f64> {
    let [.., before, last] = &life.runs[..] else { return None };
    Some(last.work_to - fell_at(&[*before, *last]))
}
