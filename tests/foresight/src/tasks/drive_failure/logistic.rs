//! Logistic regression on levels: `ln(1 + x)` and whether `x` is above 0, of every count, at its highest.
//!
//! Every second drive is scored with what the others taught, and the other way round.

use super::{
    fleet::{Fleet, Span},
    record::Scores,
};
use beforehand_core::detectors::drive_failure::card::Count;

const FEATURES: usize = 1 + 2 * Count::ALL.len();
const ROUNDS: usize = 25;
/// Keeps the equations solvable where a count is never seen.
const RIDGE: f64 = 1e-3;

type Features = [f64; FEATURES];

pub(super) fn scores(fleet: &Fleet) -> Scores {
    let weights = [0, 1].map(|half| {
        let taught: Vec<(Features, f64)> = fleet
            .drives
            .iter()
            .skip(half)
            .step_by(2)
            .filter_map(|drive| {
                Some((features(&drive.spans, drive.spans.len().checked_sub(1)?), f64::from(u8::from(drive.failed))))
            })
            .collect();
        fitted(&taught)
    });
    let score = |(number, drive): (usize, &super::fleet::Drive)| {
        let weights = &weights[1 - number % 2];
        (0..drive.spans.len()).map(|at| dot(weights, &features(&drive.spans, at))).collect()
    };
    fleet.drives.iter().enumerate().map(score).collect()
}

/// Of the highest values up to span `at`.
fn features(spans: &[Span], at: usize) -> Features {
    let mut features = [0.0; FEATURES];
    features[0] = 1.0;
    for (place, count) in Count::ALL.into_iter().enumerate() {
        let highest = spans[..=at].iter().filter_map(|span| span.counts.get(&count)).copied().fold(0.0, f64::max);
        features[1 + 2 * place] = highest.ln_1p();
        features[2 + 2 * place] = f64::from(u8::from(highest > 0.0));
    }
    features
}

fn dot(a: &Features, b: &Features) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// Newton's method (iteratively reweighted least squares).
fn fitted(cases: &[(Features, f64)]) -> Features {
    let mut weights = [0.0; FEATURES];
    for _ in 0..ROUNDS {
        let mut slope = [0.0; FEATURES];
        let mut bend = [[0.0; FEATURES]; FEATURES];
        for (features, truth) in cases {
            let p = 1.0 / (1.0 + (-dot(&weights, features)).exp());
            let (rest, weight) = (truth - p, p * (1.0 - p));
            for i in 0..FEATURES {
                slope[i] += rest * features[i];
                for j in 0..FEATURES {
                    bend[i][j] += weight * features[i] * features[j];
                }
            }
        }
        for i in 0..FEATURES {
            slope[i] -= RIDGE * weights[i];
            bend[i][i] += RIDGE;
        }
        let step = solved(bend, slope);
        weights.iter_mut().zip(step).for_each(|(weight, step)| *weight += step);
    }
    weights
}

/// Gauss's elimination with the largest pivot.
fn solved(mut a: [[f64; FEATURES]; FEATURES], mut b: Features) -> Features {
    for column in 0..FEATURES {
        let largest = (column..FEATURES).max_by(|x, y| a[*x][column].abs().total_cmp(&a[*y][column].abs()));
        let pivot = largest.unwrap_or(column);
        a.swap(column, pivot);
        b.swap(column, pivot);
        for row in column + 1..FEATURES {
            let factor = a[row][column] / a[column][column];
            let upper = a[column];
            a[row].iter_mut().zip(upper).skip(column).for_each(|(value, above)| *value -= factor * above);
            b[row] -= factor * b[column];
        }
    }
    let mut x = [0.0; FEATURES];
    for row in (0..FEATURES).rev() {
        let known: f64 = (row + 1..FEATURES).map(|k| a[row][k] * x[k]).sum();
        x[row] = (b[row] - known) / a[row][row];
    }
    x
}
