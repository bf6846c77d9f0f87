//! Areas under the curves of a score against marks.

use crate::online::events::spans;
use beforehand_core::math::quantile::median;

/// Shares of the median mark's length by which marks are widened.
const WIDER: [f64; 3] = [0.25, 0.5, 1.0];

#[derive(Default)]
pub(super) struct Areas {
    series: f64,
    sums: [f64; 4],
}

impl Areas {
    pub(super) fn add(&mut self, scores: &[f64], marks: &[bool]) {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        let Some((auc, precision)) = under_curves(scores, marks, &order) else { return };
        let lengths = spans(marks).into_iter().map(|mark| (mark.to - mark.from) as f64);
        let length = median(&mut lengths.collect::<Vec<_>>()).unwrap_or(0.0);
        let wide = WIDER.map(|share| {
            let marks = widened(marks, (share * length).ceil() as usize);
            under_curves(scores, &marks, &order).unwrap_or((auc, precision))
        });
        let mean = |of: fn((f64, f64)) -> f64| wide.map(of).iter().sum::<f64>() / WIDER.len() as f64;
        let values = [auc, precision, mean(|it| it.0), mean(|it| it.1)];
        self.series += 1.0;
        self.sums.iter_mut().zip(values).for_each(|(sum, value)| *sum += value);
    }

    pub(super) fn means(&self) -> Vec<Option<f64>> {
        self.sums.iter().map(|sum| (self.series > 0.0).then(|| sum / self.series)).collect()
    }
}

fn widened(marks: &[bool], by: usize) -> Vec<bool> {
    let mut wide = marks.to_vec();
    for mark in spans(marks) {
        let to = (mark.to + by).min(marks.len() - 1);
        wide[mark.from.saturating_sub(by)..=to].fill(true);
    }
    wide
}

/// Area under the receiver's curve, equal scores counted half, and average precision; nothing
/// without both kinds.
fn under_curves(scores: &[f64], marks: &[bool], order: &[usize]) -> Option<(f64, f64)> {
    let marked = marks.iter().filter(|mark| **mark).count() as f64;
    let others = marks.len() as f64 - marked;
    let (mut found, mut wrong, mut auc, mut precision) = (0.0, 0.0, 0.0, 0.0);
    for equal in order.chunk_by(|a, b| scores[*a] == scores[*b]) {
        let hits = equal.iter().filter(|index| marks[**index]).count() as f64;
        let misses = equal.len() as f64 - hits;
        auc += misses * (found + hits / 2.0);
        (found, wrong) = (found + hits, wrong + misses);
        precision += hits * found / (found + wrong);
    }
    (marked > 0.0 && others > 0.0).then(|| (auc / marked / others, precision / marked))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(scores: &[f64], marks: &[bool]) -> (f64, f64) {
        let mut order: Vec<usize> = (0..scores.len()).collect();
        order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
        under_curves(scores, marks, &order).unwrap()
    }

    #[test]
    fn a_perfect_score_has_areas_of_one_and_a_constant_one_of_a_half() {
        assert_eq!(of(&[0.1, 0.9, 0.2], &[false, true, false]), (1.0, 1.0));
        assert_eq!(of(&[0.5; 4], &[false, true, false, true]).0, 0.5);
        assert_eq!(of(&[0.9, 0.1], &[false, true]), (0.0, 0.5));
    }

    #[test]
    fn marks_are_widened_to_both_sides_and_not_beyond_the_ends() {
        assert_eq!(widened(&[true, false, false, false], 1)[..2], [true, true]);
    }
}
