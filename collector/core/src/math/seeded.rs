//! Numbers that look random but follow from a seed, so that the same input gives the same verdict.

use sha2::{Digest, Sha256};

/// `SplitMix64` of Steele, Lea and Flood, OOPSLA 2014.
#[derive(Debug, Clone)]
pub struct Seeded(u64);

const GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

impl Seeded {
    /// Seeded by a text such as an asset with a day.
    pub fn new(text: &str) -> Self {
        let digest = Sha256::digest(text);
        Self(digest.iter().take(8).fold(0, |seed, byte| (seed << 8) | u64::from(*byte)))
    }

    pub fn next_u64(&mut self) -> u64 {
        let next = self.nth(0);
        self.0 = self.0.wrapping_add(GAMMA);
        next
    }

    /// What [`Self::next_u64`] would give after as many others.
    pub const fn nth(&self, others: u64) -> u64 {
        let mut z = self.0.wrapping_add(GAMMA.wrapping_mul(others.wrapping_add(1)));
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// Uniform in [0, 1).
    pub fn unit(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_and_they_fill_the_unit_interval() {
        let (mut a, mut b) = (Seeded::new("x"), Seeded::new("x"));
        let drawn: Vec<f64> = (0..4000).map(|_| a.unit()).collect();
        assert!(drawn.iter().all(|x| *x == b.unit() && (0.0..1.0).contains(x)));
        let mean = drawn.iter().sum::<f64>() / 4000.0;
        assert!((mean - 0.5).abs() < 0.02, "{mean}");
        let seventh = a.nth(7);
        assert!((0..7).all(|_| a.next_u64() != seventh) && a.next_u64() == seventh);
    }
}
