//! Drawing from a finite distribution in constant time: the alias method (Walker 1977; Vose 1991).

use std::hint::select_unpredictable;

/// Weights made ready for drawing.
#[derive(Debug, Clone)]
pub struct Alias {
    /// For each place: the share of it that is its own, of 2^32, and whom the rest belongs to.
    places: Vec<(u32, u32)>,
}

impl Alias {
    /// Nothing where no weight is above zero.
    pub fn new(weights: &[f64]) -> Option<Self> {
        let sum: f64 = weights.iter().sum();
        if sum <= 0.0 {
            return None;
        }
        let scale = weights.len() as f64 / sum;
        let mut own: Vec<f64> = weights.iter().map(|weight| weight * scale).collect();
        // What rounding leaves over belongs to its own place.
        let mut others: Vec<u32> = (0..weights.len() as u32).collect();
        let (mut small, mut large): (Vec<usize>, Vec<usize>) = (0..own.len()).partition(|place| own[*place] < 1.0);
        while let (Some(less), Some(more)) = (small.pop(), large.last().copied()) {
            others[less] = more as u32;
            own[more] -= 1.0 - own[less];
            if own[more] < 1.0 {
                large.pop();
                small.push(more);
            }
        }
        let places = own.into_iter().zip(others).map(|(own, other)| ((own * TWO_POW_32) as u32, other));
        Some(Self { places: places.collect() })
    }

    /// Index of a weight, for 32 bits of which each is as likely as any.
    pub fn pick(&self, drawn: u32) -> usize {
        let at = u64::from(drawn) * self.places.len() as u64;
        let (place, part) = ((at >> 32) as usize, at as u32);
        let (own, other) = self.places[place];
        // Nobody can foretell which, a processor least of all.
        select_unpredictable(part < own, place, other as usize)
    }
}

const TWO_POW_32: f64 = 4_294_967_296.0;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_is_drawn_as_often_as_its_weight_says() {
        let alias = Alias::new(&[1.0, 0.0, 6.0, 3.0]).unwrap();
        let mut counts = [0; 4];
        (0..100_000).for_each(|step| counts[alias.pick((f64::from(step) / 100_000.0 * TWO_POW_32) as u32)] += 1);
        assert!(
            counts.iter().zip([10_000, 0, 60_000, 30_000]).all(|(got, due)| i32::abs(got - due) <= 2),
            "{counts:?}"
        );
        assert!(Alias::new(&[0.0]).is_none());
    }
}
