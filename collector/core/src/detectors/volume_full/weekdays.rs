//! How alike days of different weekdays are.

use super::blocks::Block;

/// Weight of a past day whose weekday is another one of the same kind, and of the other kind; the
/// same weekday has weight 1. With three weeks known, the same weekday is known well enough.
const SAME_KIND: f64 = 0.5;
const SAME_KIND_LATER: f64 = 0.25;
const OTHER_KIND: f64 = 0.08;
const LATER: usize = 21;

/// Weekdays (0 is Monday) of a past that ends today.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weekdays {
    today: usize,
    same_kind: f64,
    other_kind: f64,
}

impl Weekdays {
    /// The more the weekday explains of what a day uses up, the less other weekdays count.
    pub(super) fn new(blocks: &[Block], today: usize) -> Self {
        let later = blocks.len() >= LATER;
        let plain = Self { today, same_kind: if later { SAME_KIND_LATER } else { SAME_KIND }, other_kind: OTHER_KIND };
        let unexplained = if later { 1.0 - plain.explained(blocks) } else { 1.0 };
        let (same_kind, other_kind) = (plain.same_kind * unexplained, plain.other_kind * unexplained);
        Self { today, same_kind, other_kind }
    }

    /// Of the day that ended `age` days ago, and so began a day earlier.
    fn of(self, age: usize) -> usize {
        (self.today + 6 * (age + 1)) % 7
    }

    /// The weight of the day that ended `age` days ago, for one that begins `ahead` days from now.
    pub(super) fn weight(self, age: usize, ahead: usize) -> f64 {
        let (past, future) = (self.of(age), (self.today + ahead) % 7);
        match (past == future, (past >= 5) == (future >= 5)) {
            (true, _) => 1.0,
            (false, true) => self.same_kind,
            (false, false) => self.other_kind,
        }
    }

    /// The adjusted share of the variance of the days' nets that their weekdays explain, 0 to 1.
    fn explained(self, blocks: &[Block]) -> f64 {
        let known = || blocks.iter().enumerate().filter(|(_, block)| block.known);
        let mut sums = [(0.0, 0.0); 7];
        for (age, block) in known() {
            let (count, sum) = &mut sums[self.of(age)];
            *count += 1.0;
            *sum += block.net;
        }
        let count: f64 = sums.iter().map(|(count, _)| count).sum();
        let mean = sums.iter().map(|(_, sum)| sum).sum::<f64>() / count.max(1.0);
        let spread = |about: &dyn Fn(usize) -> f64| -> f64 {
            known().map(|(age, block)| (block.net - about(age)).powi(2)).sum()
        };
        let total = spread(&|_| mean);
        let within = spread(&|age| {
            let (count, sum) = sums[self.of(age)];
            sum / count
        });
        if total <= 0.0 || count < LATER as f64 {
            return 0.0;
        }
        (1.0 - within / total * (count - 1.0) / (count - 7.0)).clamp(0.0, 1.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(net: f64) -> Block {
        Block { net, low: net.min(0.0), known: true }
    }

    #[test]
    fn a_weekly_cycle_leaves_nothing_to_other_days_and_noise_leaves_all() {
        let weekly: Vec<Block> = (0..28).map(|age| block(if age % 7 == 0 { 6.0 } else { -1.0 })).collect();
        let weekdays = Weekdays::new(&weekly, 0);
        // Yesterday was a Sunday; Saturday is of the same kind.
        assert_eq!((weekdays.weight(0, 6), weekdays.weight(1, 5)), (1.0, 1.0));
        assert!(weekdays.weight(1, 6) < 1e-9);
        let noise: Vec<Block> = (0..28).map(|age| block(if age % 5 == 0 { 4.0 } else { -1.0 })).collect();
        assert!(Weekdays::new(&noise, 0).weight(1, 6) > 0.9 * SAME_KIND_LATER);
    }
}
