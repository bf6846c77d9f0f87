//! Whether something gets worse from day to day: the slope of Theil and Sen (Sen, JASA 63, 1968)
//! through one value a day, and the test of Mann and Kendall (Kendall 1975) whether there is one.

use crate::math::quantile::median;
use statrs::function::erf::erfc;

/// Fewer days say nothing.
const LEAST: usize = 7;
/// At most one series in a hundred without a trend is said to have one.
const SURE: f64 = 0.01;

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Trend {
    /// Unit of the values, a day.
    pub per_day: f64,
    /// How likely values without a trend would look so ordered.
    pub p: f64,
    /// The sum of signs and its variance, of which the chance follows.
    s: f64,
    variance: f64,
}

impl Trend {
    /// Whether it rises, and by `least` at least over `days`.
    pub fn rises(self, least: f64, days: f64) -> bool {
        self.p <= SURE && self.per_day * days >= least
    }

    /// The same with a variance so many times as large.
    #[must_use]
    pub fn widened(self, times: f64) -> Self {
        Self::new(self.per_day, self.s, self.variance * times)
    }

    fn new(per_day: f64, s: f64, variance: f64) -> Self {
        Self { per_day, p: two_sided(s, variance), s, variance }
    }
}

/// The trend of `(day, value)`, such as the median round trip of each day; nothing for less than a
/// week.
pub fn trend(days: &[(f64, f64)]) -> Option<Trend> {
    trend_within(&[days])
}

/// The trend that several stretches of days have in common, whatever the steps between them.
pub fn trend_within(stretches: &[&[(f64, f64)]]) -> Option<Trend> {
    if stretches.iter().map(|days| days.len()).sum::<usize>() < LEAST {
        return None;
    }
    let pairs = || stretches.iter().flat_map(|days| pairs(days));
    let mut slopes: Vec<f64> = pairs().filter(|(a, b)| b.0 > a.0).map(|(a, b)| (b.1 - a.1) / (b.0 - a.0)).collect();
    let sign = |rise: f64| if rise == 0.0 { 0.0 } else { rise.signum() };
    let s: f64 = pairs().map(|(a, b)| sign(b.1 - a.1)).sum();
    Some(Trend::new(median(&mut slopes)?, s, stretches.iter().map(|days| variance(days)).sum()))
}

fn pairs(days: &[(f64, f64)]) -> impl Iterator<Item = (&(f64, f64), &(f64, f64))> {
    days.iter().enumerate().flat_map(|(n, a)| days[n + 1..].iter().map(move |b| (a, b)))
}

/// Of the sum of signs, corrected for equal values.
fn variance(days: &[(f64, f64)]) -> f64 {
    let term = |n: f64| n * (n - 1.0) * (2.0 * n + 5.0);
    let mut values: Vec<f64> = days.iter().map(|day| day.1).collect();
    values.sort_unstable_by(f64::total_cmp);
    let equal: f64 = values.chunk_by(|a, b| a == b).map(|same| term(same.len() as f64)).sum();
    (term(days.len() as f64) - equal) / 18.0
}

fn two_sided(s: f64, variance: f64) -> f64 {
    if variance <= 0.0 {
        return 1.0;
    }
    let z = (s.abs() - 1.0).max(0.0) / variance.sqrt();
    erfc(z / std::f64::consts::SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::seeded::Seeded;

    /// Noise of ±2 ms about 30 ms, and a rise.
    fn line(per_day: f64, days: u32, seed: &str) -> Vec<(f64, f64)> {
        let mut random = Seeded::new(seed);
        (0..days).map(|day| (f64::from(day), 30.0 + per_day * f64::from(day) + 4.0 * random.unit() - 2.0)).collect()
    }

    #[test]
    fn a_line_that_gets_slower_by_half_a_millisecond_a_day_is_found_in_two_weeks() {
        let found = (0..100)
            .filter(|n| trend(&line(0.5, 14, &format!("rise {n}"))).is_some_and(|trend| trend.rises(4.0, 14.0)));
        assert!(found.count() >= 90);
    }

    #[test]
    fn what_only_varies_has_no_trend() {
        let found = (0..500).filter(|n| trend(&line(0.0, 14, &format!("flat {n}"))).is_some_and(|it| it.p <= SURE));
        assert!(found.count() <= 10, "one in a hundred is allowed");
        assert_eq!(trend(&line(0.0, 6, "short")), None);
        assert_eq!(trend(&[(0.0, 5.0); 8]), None, "all at the same time");
    }

    #[test]
    fn one_wild_day_does_not_move_the_slope() {
        let mut days = line(0.5, 14, "wild");
        days[13].1 = 900.0;
        let slope = trend(&days).unwrap().per_day;
        assert!((slope - 0.5).abs() < 0.2, "{slope}");
    }

    #[test]
    fn the_sum_of_signs_has_the_significance_of_the_tables() {
        // Ten values in order: S = 45, variance 125, z = 3.935.
        let days: Vec<(f64, f64)> = (0..10).map(|n| (f64::from(n), f64::from(n))).collect();
        let p = trend(&days).unwrap().p;
        assert!((p - 8.3e-5).abs() < 1e-6, "{p}");
    }
}
