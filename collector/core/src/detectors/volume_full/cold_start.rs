//! When less than three days are known: a Brownian path with drift, whose first passage has a known
//! law (inverse Gaussian: Schrödinger 1915; Folks and Chhikara 1978).
//!
//! Drift and spread are those of an ordinary volume, moved by the few hours that are known.

use super::{METHOD, bootstrap::HORIZONS, gauge::Gauge};
use crate::forecast::{Chance, FanPoint, Outlook};
use beforehand_shared::time::{Millis, Timestamp};
use statrs::function::erf::erfc;
use std::f64::consts::SQRT_2;

/// An ordinary volume: shares of its size used up a day, and their spread from day to day.
const DRIFT: f64 = 0.001;
const SPREAD: f64 = 0.007;
/// How many days that belief is worth.
const BELIEF_DAYS: f64 = 14.0;
/// Standard normal quantile at 90 and 75 %.
const Z90: f64 = 1.2816;
const Z75: f64 = 0.6745;

#[derive(Debug, Clone, Copy)]
pub(super) struct ColdStart {
    /// What is left above the limit.
    room: f64,
    /// Used up a day.
    drift: f64,
    /// Standard deviation of a day's use.
    spread: f64,
}

impl ColdStart {
    /// `drops` is what was used up within each known hour.
    pub(super) fn new(gauge: &Gauge, drops: &[f64]) -> Self {
        let hours = drops.len() as f64;
        let days = hours / 24.0;
        let mean = drops.iter().sum::<f64>() / hours.max(1.0);
        let variance = drops.iter().map(|drop| (drop - mean).powi(2)).sum::<f64>() / hours.max(1.0);
        let weighed = |own: f64, belief: f64| (days * own + BELIEF_DAYS * belief) / (days + BELIEF_DAYS);
        let drift = weighed(24.0 * mean, DRIFT * gauge.total);
        let spread = weighed(24.0 * variance, (SPREAD * gauge.total).powi(2)).sqrt();
        Self { room: gauge.free - gauge.limit, drift, spread: spread.max(1e-9) }
    }

    /// The chance to have reached the limit within `days`.
    pub(super) fn chance(&self, days: f64) -> f64 {
        if self.room <= 0.0 {
            return 1.0;
        }
        let root = self.spread * days.sqrt();
        let direct = normal((self.drift * days - self.room) / root);
        // The second term is a large number times a small one: taken together while it can be.
        let exponent = 2.0 * self.drift * self.room / self.spread.powi(2);
        let mirrored = normal((-self.drift * days - self.room) / root);
        let mirrored = if mirrored > 0.0 { (exponent + mirrored.ln()).exp() } else { 0.0 };
        (direct + mirrored).clamp(0.0, 1.0)
    }

    /// Days until the chance reaches `q`, where it does within the longest horizon.
    fn days_until(&self, q: f64) -> Option<f64> {
        let (mut low, mut high) = (0.0, HORIZONS[2].as_days());
        if self.chance(high) < q {
            return None;
        }
        for _ in 0..40 {
            let middle = f64::midpoint(low, high);
            if self.chance(middle) < q { low = middle } else { high = middle }
        }
        Some(high)
    }

    pub(super) fn outlook(&self, gauge: &Gauge) -> Outlook {
        let date = |q| self.days_until(q).map(|days| in_days(gauge.now, days));
        let chances = HORIZONS.map(|within| Chance { within, p: self.chance(within.as_days()) });
        let deepest = |days: f64| self.drift * days + Z90 * self.spread * days.sqrt();
        let need = deepest(HORIZONS[2].as_days()) - self.room.max(0.0);
        let fan = (1..=14_u32).map(|day| {
            let days = f64::from(day);
            let at = |z: f64| (gauge.free - self.drift * days + z * self.spread * days.sqrt()).clamp(0.0, gauge.total);
            FanPoint {
                at: in_days(gauge.now, days),
                p10: at(-Z90),
                p25: at(-Z75),
                p50: at(0.0),
                p75: at(Z75),
                p90: at(Z90),
            }
        });
        Outlook {
            method: METHOD.to_owned(),
            chances: chances.to_vec(),
            q10: date(0.1),
            q50: date(0.5),
            q90: date(0.9),
            fan: fan.collect(),
            need: Some(need.min(gauge.total)).filter(|need| *need > 0.0),
        }
    }
}

fn in_days(from: Timestamp, days: f64) -> Timestamp {
    from.plus(Millis((days * Millis::DAY.0 as f64) as i64))
}

fn normal(x: f64) -> f64 {
    0.5 * erfc(-x / SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_chance_is_that_of_the_inverse_gaussian_law() {
        // Its density (4, 1, 1), summed up in steps of a hundred-thousandth of the horizon.
        let path = ColdStart { room: 4.0, drift: 1.0, spread: 1.0 };
        for (days, expected) in [(2.0, 0.111_575), (4.0, 0.594_411), (8.0, 0.954_276)] {
            let got = path.chance(days);
            assert!((got - expected).abs() < 1e-6, "{days}: {got}");
        }
    }

    #[test]
    fn dates_are_where_the_chance_is_reached() {
        let path = ColdStart { room: 4.0, drift: 1.0, spread: 1.0 };
        let middle = path.days_until(0.5).unwrap();
        assert!((path.chance(middle) - 0.5).abs() < 1e-6);
        assert_eq!(ColdStart { room: 4.0, drift: 0.0, spread: 0.1 }.days_until(0.1), None);
    }
}
