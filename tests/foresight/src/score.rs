//! How right chances and alarms were.

use crate::report::Bin;

/// One case to which a method gave a chance: a sure yes or no is a chance of 1 or 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Judged {
    pub p: f64,
    pub alarm: bool,
    pub came_true: bool,
}

/// Share of the alarms that came true; nothing without an alarm.
pub fn precision(cases: &[Judged]) -> Option<f64> {
    share(cases.iter().filter(|case| case.alarm).map(|case| case.came_true))
}

/// Share of what came true that had an alarm; nothing where nothing came true.
pub fn recall(cases: &[Judged]) -> Option<f64> {
    share(cases.iter().filter(|case| case.came_true).map(|case| case.alarm))
}

fn share(of: impl Iterator<Item = bool>) -> Option<f64> {
    let (mut all, mut yes) = (0_u32, 0_u32);
    for case in of {
        all += 1;
        yes += u32::from(case);
    }
    (all > 0).then(|| f64::from(yes) / f64::from(all))
}

/// Mean squared error of the chances (Brier 1950).
pub fn brier(cases: &[Judged]) -> Option<f64> {
    let errors: f64 = cases.iter().map(|case| (case.p - f64::from(u8::from(case.came_true))).powi(2)).sum();
    (!cases.is_empty()).then(|| errors / cases.len() as f64)
}

/// `1 - brier / brier of the climatology`: the climatology gives each case the share of all cases
/// that came true, which no method could know beforehand.
pub fn brier_skill(cases: &[Judged]) -> Option<f64> {
    let rate = share(cases.iter().map(|case| case.came_true))?;
    let climatology = rate * (1.0 - rate);
    (climatology > 0.0).then(|| Some(1.0 - brier(cases)? / climatology))?
}

/// The best precision of alarms at any one chance that finds at least `recall` of what came true.
pub fn precision_at_recall(cases: &[Judged], least: f64) -> Option<f64> {
    let mut chances: Vec<f64> = cases.iter().map(|case| case.p).collect();
    chances.sort_by(f64::total_cmp);
    chances.dedup();
    let at = |from: f64| {
        let alarms: Vec<Judged> = cases.iter().map(|case| Judged { alarm: case.p >= from, ..*case }).collect();
        recall(&alarms).filter(|found| *found >= least).and_then(|_| precision(&alarms))
    };
    chances.into_iter().filter_map(at).max_by(f64::total_cmp)
}

const EDGES: [f64; 8] = [0.0, 0.02, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0];

/// How often cases with like chances came true.
pub fn reliability(cases: &[Judged]) -> Vec<Bin> {
    let bin = |edges: &[f64]| {
        let (from, to) = (edges[0], edges[1]);
        let inside: Vec<&Judged> =
            cases.iter().filter(|case| case.p >= from && (case.p < to || (to == 1.0 && case.p <= to))).collect();
        let count = inside.len();
        let mean_p = inside.iter().map(|case| case.p).sum::<f64>() / count.max(1) as f64;
        let share = inside.iter().filter(|case| case.came_true).count() as f64 / count.max(1) as f64;
        Bin { from, to, cases: count, mean_p, share }
    };
    EDGES.windows(2).map(bin).filter(|bin| bin.cases > 0).collect()
}

/// Nothing for an empty set; of an even number, the mean of the middle two.
pub fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let upper = *values.get(values.len() / 2)?;
    let lower = *values.get((values.len() - 1) / 2)?;
    Some(f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(p: f64, came_true: bool) -> Judged {
        Judged { p, alarm: p >= 0.5, came_true }
    }

    #[test]
    fn four_cases_counted_by_hand() {
        let cases = [judged(0.9, true), judged(0.6, false), judged(0.2, true), judged(0.1, false)];
        assert_eq!(precision(&cases), Some(0.5));
        assert_eq!(recall(&cases), Some(0.5));
        // (0.01 + 0.36 + 0.64 + 0.01) / 4
        assert!((brier(&cases).unwrap() - 0.255).abs() < 1e-12);
        // Half came true, so the climatology has 0.25.
        assert!((brier_skill(&cases).unwrap() - (1.0 - 0.255 / 0.25)).abs() < 1e-12);
        // Both are found from 0.2 on, with three alarms.
        assert_eq!(precision_at_recall(&cases, 0.7), Some(2.0 / 3.0));
        assert_eq!(median(vec![4.0, 1.0]), Some(2.5));
    }

    #[test]
    fn chances_fall_into_their_bins() {
        let bins = reliability(&[judged(0.0, false), judged(0.95, true), judged(1.0, true)]);
        assert_eq!(bins.len(), 2);
        assert_eq!((bins[1].cases, bins[1].share), (2, 1.0));
    }
}
