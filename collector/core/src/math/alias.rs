//! Drawing from a finite distribution in constant time: the alias method (Walker 1977; Vose 1991).

/// Weights made ready for drawing.
#[derive(Debug, Clone)]
pub struct Alias {
    /// For each place: the share of it that is its own, and whom the rest belongs to.
    places: Vec<(f64, u32)>,
}

impl Alias {
    /// Nothing where no weight is above zero.
    pub fn new(weights: &[f64]) -> Option<Self> {
        let sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            return None;
        }
        let scale = weights.len() as f64 / sum;
        let mut places: Vec<(f64, u32)> =
            weights.iter().enumerate().map(|(i, weight)| (weight * scale, i as u32)).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) =
            (0..places.len()).partition(|place| places[*place].0 < 1.0);
        while let (Some(less), Some(more)) = (small.pop(), large.last().copied()) {
            places[less].1 = more as u32;
            places[more].0 -= 1.0 - places[less].0;
            if places[more].0 < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        // What rounding left over is whole.
        small.into_iter().chain(large).for_each(|place| places[place].0 = 1.0);
        Some(Self { places })
    }

    /// Index of a weight; `u` is uniform in [0, 1).
    pub fn pick(&self, u: f64) -> usize {
        let at = u * self.places.len() as f64;
        let place = (at as usize).min(self.places.len() - 1);
        let (own, other) = self.places[place];
        if at - (place as f64) < own { place } else { other as usize }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_drawn_as_often_as_its_weight_says() {
        let alias = Alias::new(&[1.0, 0.0, 6.0, 3.0]).unwrap();
        let mut counts = [0; 4];
        (0..100_000).for_each(|step| counts[alias.pick(f64::from(step) / 100_000.0)] += 1);
        assert_eq!(counts, [10_000, 0, 60_000, 30_000]);
        assert!(Alias::new(&[0.0]).is_none());
    }
}
