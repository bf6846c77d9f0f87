//! Lost pings as a Bernoulli CUSUM (Page 1954; Reynolds and Stoumbos 1999): a sequential test that
//! starts again whenever it has accepted that all is well.

/// The alarm limit. With 5 pings a minute and losses from 0.5 to 5 %, one false alarm in 87 days.
pub const LIMIT: f64 = 9.26;
/// The sum goes no higher, so that a long fault is forgotten within the hour after its end.
const CEILING: f64 = LIMIT + 3.0;
/// Losses come in bursts: of one minute no more are counted, unless all were lost. One burst alone
/// stays under the limit.
const BURST: u32 = 3;

/// The test with its two hypotheses.
#[derive(Debug, Clone, Copy)]
pub struct LossTest {
    per_lost: f64,
    per_answered: f64,
    sum: f64,
}

impl LossTest {
    /// `usual` is the learned share of lost pings, 0 to 1.
    pub fn new(usual: f64) -> Self {
        let p0 = usual.clamp(0.005, 0.15);
        let p1 = (10.0 * p0).clamp(0.05, 0.20).max(1.5 * p0);
        Self { per_lost: (p1 / p0).ln(), per_answered: ((1.0 - p1) / (1.0 - p0)).ln(), sum: 0.0 }
    }

    /// Adds one round of pings and returns the sum.
    pub fn add(&mut self, sent: u32, lost: u32) -> f64 {
        let counted = if lost >= sent { lost } else { lost.min(BURST) };
        let step = f64::from(counted) * self.per_lost + f64::from(sent.saturating_sub(lost)) * self.per_answered;
        self.sum = (self.sum + step).clamp(0.0, CEILING);
        self.sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::seeded::Seeded;

    /// Mean minutes until the alarm when each of 5 pings is lost with chance `p`.
    fn mean_delay(p: f64) -> f64 {
        let mut random = Seeded::new("delay");
        let runs = 400;
        let mut minutes = 0;
        for _ in 0..runs {
            let mut test = LossTest::new(0.005);
            loop {
                minutes += 1;
                let lost = (0..5).filter(|_| random.unit() < p).count() as u32;
                if test.add(5, lost) >= LIMIT {
                    break;
                }
            }
        }
        f64::from(minutes) / f64::from(runs)
    }

    #[test]
    fn loss_is_found_as_soon_as_the_exact_figures_say() {
        for (p, at_most) in [(1.0, 1.0), (0.5, 2.5), (0.2, 5.5), (0.1, 11.6), (0.05, 28.0)] {
            let delay = mean_delay(p);
            assert!(delay <= at_most, "{p}: {delay} minutes");
        }
    }

    #[test]
    fn the_usual_loss_hardly_ever_alarms() {
        let mut random = Seeded::new("quiet");
        let mut test = LossTest::new(0.005);
        let alarms = (0..30 * 1440)
            .filter(|_| {
                let lost = (0..5).filter(|_| random.unit() < 0.005).count() as u32;
                test.add(5, lost) >= LIMIT
            })
            .count();
        assert_eq!(alarms, 0, "in 30 days");
    }
}
