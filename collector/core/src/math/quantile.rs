//! Quantiles and robust spread of small sets.

/// The `q` quantile (0 to 1) with linear interpolation (type 7 of Hyndman and Fan, 1996); `values`
/// are sorted on the way. Nothing for an empty set.
pub fn quantile(values: &mut [f64], q: f64) -> Option<f64> {
    values.sort_unstable_by(f64::total_cmp);
    quantile_sorted(values, q)
}

/// As [`quantile`] of values that are sorted already.
pub fn quantile_sorted(sorted: &[f64], q: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let place = q.clamp(0.0, 1.0) * last as f64;
    let (below, part) = (place.floor() as usize, place.fract());
    let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
    Some(if part == 0.0 || low == high { low } else { low + (high - low) * part })
}

pub fn median(values: &mut [f64]) -> Option<f64> {
    quantile(values, 0.5)
}

/// Median, and 1.4826 times the median absolute deviation from it: the standard deviation where
/// the values are normal (Rousseeuw and Croux, 1993).
pub fn median_and_spread(values: &mut [f64]) -> Option<(f64, f64)> {
    let centre = median(values)?;
    let mut distances: Vec<f64> = values.iter().map(|value| (value - centre).abs()).collect();
    Some((centre, 1.4826 * median(&mut distances)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_interpolate() {
        assert_eq!(quantile(&mut [4.0, 1.0, 3.0, 2.0], 0.5), Some(2.5));
        assert_eq!(quantile(&mut [], 0.5), None);
        assert_eq!(quantile_sorted(&[f64::INFINITY, f64::INFINITY], 0.1), Some(f64::INFINITY));
    }

    #[test]
    fn one_wild_value_does_not_move_the_spread() {
        let (centre, spread) = median_and_spread(&mut [9.0, 10.0, 11.0, 10.0, 9000.0]).unwrap();
        assert_eq!(centre, 10.0);
        assert!(spread < 2.0);
    }
}
