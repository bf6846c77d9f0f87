//! The only randomness of the simulation: SplitMix64 (Steele, Lea and Flood, OOPSLA 2014), small,
//! fast and the same on every machine.

use uuid::Uuid;

#[derive(Debug, Clone)]
pub struct Random(u64);

impl Random {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// An independent stream for the thing called `name`, whatever else was drawn before.
    #[must_use]
    pub fn named(seed: u64, name: &str) -> Self {
        // FNV-1a spreads the name; one draw mixes it with the seed.
        let hash =
            name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0100_0000_01b3));
        Self(Self(seed ^ hash).bits())
    }

    pub const fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in `[0, 1)`.
    pub fn unit(&mut self) -> f64 {
        (self.bits() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// Uniform in `[low, high)`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        self.unit().mul_add(high - low, low)
    }

    /// A whole number in `low..=high`.
    pub const fn whole(&mut self, low: u64, high: u64) -> u64 {
        low + self.bits() % (high - low + 1)
    }

    /// True with probability `p`.
    pub fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }

    /// Standard normal (Box and Muller, 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.unit()).cos()
    }

    /// Time to the next event of a Poisson process with this mean.
    pub fn exponential(&mut self, mean: f64) -> f64 {
        -mean * (1.0 - self.unit()).ln()
    }

    /// How many of `n` chances of `p` come true.
    pub fn of(&mut self, n: u32, p: f64) -> u32 {
        (0..n).map(|_| u32::from(self.chance(p))).sum()
    }

    /// A whole number whose mean is `mean`: what is behind the point comes by chance.
    pub fn about(&mut self, mean: f64) -> f64 {
        mean.trunc() + f64::from(u8::from(self.chance(mean.fract())))
    }

    /// A UUID that depends on nothing but the stream.
    pub fn uuid(&mut self) -> Uuid {
        let sixteen = (u128::from(self.bits()) << 64) | u128::from(self.bits());
        uuid::Builder::from_random_bytes(sixteen.to_be_bytes()).into_uuid()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers() {
        assert_eq!(Random::named(7, "a").bits(), Random::named(7, "a").bits());
        assert_ne!(Random::named(7, "a").bits(), Random::named(7, "b").bits());
        assert_ne!(Random::named(7, "a").bits(), Random::named(8, "a").bits());
    }

    #[test]
    fn means_are_where_they_should_be() {
        let mut random = Random::new(1);
        let n = 20_000;
        let unit = (0..n).map(|_| random.unit()).sum::<f64>() / f64::from(n);
        let normal = (0..n).map(|_| random.normal()).sum::<f64>() / f64::from(n);
        let waits = (0..n).map(|_| random.exponential(3.0)).sum::<f64>() / f64::from(n);
        assert!((unit - 0.5).abs() < 0.01, "{unit}");
        assert!(normal.abs() < 0.03, "{normal}");
        assert!((waits - 3.0).abs() < 0.1, "{waits}");
    }
}
