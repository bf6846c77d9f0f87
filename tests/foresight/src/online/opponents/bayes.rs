//! Bayesian online change-point detection (Adams and MacKay 2007): hazard 1/500, Student's t with a
//! normal-inverse-gamma prior (0, 1, 1, 1) on robust z scores, run lengths up to 120; an alarm where
//! the run is at most 12 long with more than 90 %, from the 13th value on.

use super::{Detector, Standard};
use beforehand_shared::time::Timestamp;
use std::f64::consts::PI;

const HAZARD: f64 = 1.0 / 500.0;
const LONGEST: usize = 120;
const SHORT: usize = 12;

/// One run length: its chance and the parameters learnt since it began.
#[derive(Clone, Copy)]
struct Run {
    p: f64,
    mu: f64,
    beta: f64,
}

const FRESH: Run = Run { p: 1.0, mu: 0.0, beta: 1.0 };

pub struct Bocpd {
    runs: Vec<Run>,
    /// For each run length the constant of Student's t.
    constants: Vec<f64>,
    seen: usize,
    standard: Standard,
}

impl Default for Bocpd {
    fn default() -> Self {
        let constants = (0..=LONGEST).map(|length| constant(1.0 + length as f64 / 2.0)).collect();
        Self { runs: vec![FRESH], constants, seen: 0, standard: Standard::default() }
    }
}

/// `gamma(a + 1/2) / gamma(a) / sqrt(pi)` for the halves and wholes that come up.
fn constant(alpha: f64) -> f64 {
    // Steps of one half from gamma(3/2) / gamma(1) = sqrt(pi) / 2, by gamma(x + 1) = x gamma(x).
    let (mut a, mut ratio) = (1.0, PI.sqrt() / 2.0);
    while a + 0.25 < alpha {
        ratio = a / ratio;
        a += 0.5;
    }
    ratio / PI.sqrt()
}

impl Bocpd {
    fn update(&mut self, x: f64) {
        let mut next = vec![FRESH];
        let mut broken = 0.0;
        for (length, run) in self.runs.iter().enumerate() {
            let (alpha, kappa) = (1.0 + length as f64 / 2.0, 1.0 + length as f64);
            let scale = run.beta * (kappa + 1.0) / kappa;
            let t = (x - run.mu).powi(2) / (2.0 * scale);
            let density = self.constants[length] / (2.0 * scale).sqrt() * (1.0 + t).powf(-alpha - 0.5);
            broken += run.p * density * HAZARD;
            next.push(Run {
                p: run.p * density * (1.0 - HAZARD),
                mu: (kappa * run.mu + x) / (kappa + 1.0),
                beta: run.beta + kappa * (x - run.mu).powi(2) / (2.0 * (kappa + 1.0)),
            });
        }
        next[0].p = broken;
        if next.len() > LONGEST + 1 {
            let last = next.remove(LONGEST + 1);
            next[LONGEST].p += last.p;
        }
        let sum: f64 = next.iter().map(|run| run.p).sum();
        if sum > 0.0 && sum.is_finite() {
            next.iter_mut().for_each(|run| run.p /= sum);
            self.runs = next;
        } else {
            self.runs = vec![FRESH];
        }
    }
}

impl Detector for Bocpd {
    fn add(&mut self, at: Timestamp, value: f64) -> bool {
        let Some(z) = self.standard.z(at, value) else {
            self.standard.learn(at, value, false);
            return false;
        };
        self.update(z);
        self.seen += 1;
        let short: f64 = self.runs.iter().take(SHORT + 1).map(|run| run.p).sum();
        let alarm = self.seen > SHORT + 1 && short > 0.9;
        self.standard.learn(at, value, alarm);
        alarm
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_constant_is_that_of_students_t() {
        // gamma(2) / gamma(3/2) / sqrt(pi) = 2 / pi.
        assert!((constant(1.5) - 2.0 / PI).abs() < 1e-12);
        assert!((constant(1.0) - 0.5).abs() < 1e-12);
    }
}
