//! How far the number of prevented incidents may lie from its mean.

use crate::{finding::FindingKind, ledger::Chance, outcome::quantile};
use std::collections::BTreeMap;

/// Points at which an uncertain chance is looked at: the middles of equal slices of probability.
const SLICES: u32 = 50;
const LOW: f64 = 0.05;
const HIGH: f64 = 0.95;

/// 90 % interval of how many of `likely` would have happened.
///
/// Each is a coin with its own chance, so the sum is Poisson-binomial; the chances are uncertain
/// too, and cases of one kind share that uncertainty (if the kind's chance is overrated, it is for
/// all of them), so the distribution is averaged over the slices of the Beta posterior, kind by
/// kind, and the kinds are added. Widened to whole numbers around the mean where that lies outside.
pub(super) fn interval(likely: &[(FindingKind, Chance)]) -> (f64, f64) {
    let mut kinds: BTreeMap<FindingKind, Vec<Chance>> = BTreeMap::new();
    for (kind, chance) in likely {
        kinds.entry(*kind).or_default().push(*chance);
    }
    let counts = kinds.values().fold(vec![1.0], |sum, chances| added(&sum, &of_kind(chances)));
    let mean: f64 = likely.iter().map(|(_, chance)| chance.p).sum();
    (at(&counts, LOW).min(mean.floor()), at(&counts, HIGH).max(mean.ceil()))
}

/// Probability of each count among the cases of one kind.
fn of_kind(chances: &[Chance]) -> Vec<f64> {
    let mut mixed = vec![0.0; chances.len() + 1];
    let mut known: Vec<(Chance, Vec<f64>)> = Vec::new();
    for chance in chances {
        if !known.iter().any(|(other, _)| other == chance) {
            known.push((*chance, slices(chance)));
        }
    }
    for slice in 0..SLICES as usize {
        let ps = chances.iter().filter_map(|chance| known.iter().find(|(other, _)| other == chance));
        let counts = ps.fold(vec![1.0], |sum, (_, p)| added(&sum, &[1.0 - p[slice], p[slice]]));
        for (total, part) in mixed.iter_mut().zip(counts) {
            *total += part / f64::from(SLICES);
        }
    }
    mixed
}

fn slices(chance: &Chance) -> Vec<f64> {
    (0..SLICES).map(|slice| quantile(chance, (f64::from(slice) + 0.5) / f64::from(SLICES))).collect()
}

/// The distribution of the sum of two independent counts.
fn added(a: &[f64], b: &[f64]) -> Vec<f64> {
    let mut sum = vec![0.0; a.len() + b.len() - 1];
    for (i, x) in a.iter().enumerate() {
        for (j, y) in b.iter().enumerate() {
            sum[i + j] += x * y;
        }
    }
    sum
}

/// The smallest count whose cumulated probability reaches `q`.
fn at(counts: &[f64], q: f64) -> f64 {
    let mut below = 0.0;
    for (count, p) in (0_u32..).zip(counts) {
        below += p;
        if below >= q - 1e-9 {
            return f64::from(count);
        }
    }
    counts.len() as f64 - 1.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(p: f64) -> Chance {
        Chance { p, alpha: p * 1e7, beta: (1.0 - p) * 1e7 }
    }

    #[test]
    fn with_known_chances_it_is_the_binomial_interval() {
        // Binomial(10, 0.5): P(X <= 1) = 0.011, P(X <= 2) = 0.055, P(X <= 7) = 0.945, P(X <= 8) = 0.989.
        assert_eq!(interval(&[(FindingKind::VolumeFull, sure(0.5)); 10]), (2.0, 8.0));
    }

    #[test]
    fn with_a_flat_chance_every_count_is_as_likely() {
        // Beta-binomial(9, 1, 1) is uniform on 0 to 9.
        let counts = of_kind(&[Chance { p: 0.5, alpha: 1.0, beta: 1.0 }; 9]);
        assert!(counts.iter().all(|p| (p - 0.1).abs() < 0.003), "{counts:?}");
    }

    #[test]
    fn doubt_shared_within_a_kind_is_wider_than_doubt_spread_over_kinds() {
        let doubtful = Chance { p: 0.3, alpha: 1.2, beta: 2.8 };
        let width = |likely: &[(FindingKind, Chance)]| interval(likely).1 - interval(likely).0;
        let shared = [(FindingKind::VolumeFull, doubtful); 6];
        let kinds = FindingKind::ALL.into_iter().take(shared.len());
        let spread: Vec<_> = kinds.map(|kind| (kind, doubtful)).collect();
        assert!(width(&shared) > width(&spread));
    }

    #[test]
    fn nothing_likely_is_certainly_nothing() {
        assert_eq!(interval(&[]), (0.0, 0.0));
    }
}
