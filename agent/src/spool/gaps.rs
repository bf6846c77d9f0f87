//! Keeping account of what will never come. Pure.

use beforehand_shared::{
    report::{Gap, GapReason},
    time::Timestamp,
};

/// Gaps kept apart; beyond that, the two oldest of one reason become one. Fits the marks' slot.
const KEPT: usize = 64;

/// The loss of the report `seq`, made at `at`.
pub(super) const fn of_report(seq: u64, at: Timestamp, reason: GapReason) -> Gap {
    Gap { from: at, to: at, reason, lost: 1, seqs: Some((seq, seq)) }
}

/// Adds `gap`, joined with one that it continues.
pub(super) fn add(gaps: &mut Vec<Gap>, gap: Gap) {
    match gaps.iter_mut().find(|known| continues(known, &gap)) {
        Some(known) => *known = joined(known, &gap),
        None => gaps.push(gap),
    }
    while gaps.len() > KEPT {
        join_two(gaps);
    }
}

/// Whether `gap` names exactly the reports it counts, `seq` among them.
pub(super) fn covers(gap: &Gap, seq: u64) -> bool {
    gap.seqs.is_some_and(|(first, last)| gap.lost == last - first + 1 && (first..=last).contains(&seq))
}

fn continues(known: &Gap, gap: &Gap) -> bool {
    known == gap
        || known.reason == gap.reason
            && matches!((known.seqs, gap.seqs), (Some((_, last)), Some((first, _))) if last.checked_add(1) == Some(first))
}

fn joined(a: &Gap, b: &Gap) -> Gap {
    if a == b {
        return a.clone();
    }
    let seqs = match (a.seqs, b.seqs) {
        (Some(a), Some(b)) => Some((a.0.min(b.0), a.1.max(b.1))),
        (one, other) => one.or(other),
    };
    Gap { from: a.from.min(b.from), to: a.to.max(b.to), reason: a.reason, lost: a.lost + b.lost, seqs }
}

fn join_two(gaps: &mut Vec<Gap>) {
    let pair =
        (0..gaps.len()).find_map(|a| (a + 1..gaps.len()).find(|b| gaps[*b].reason == gaps[a].reason).map(|b| (a, b)));
    let Some((a, b)) = pair else { return };
    let second = gaps.remove(b);
    gaps[a] = joined(&gaps[a], &second);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lost(seq: u64) -> Gap {
        of_report(seq, Timestamp(seq as i64 * 60_000), GapReason::SpoolFull)
    }

    #[test]
    fn neighbours_become_one_gap() {
        let mut gaps = Vec::new();
        (5..=9).for_each(|seq| add(&mut gaps, lost(seq)));
        assert_eq!(gaps.len(), 1);
        assert_eq!((gaps[0].seqs, gaps[0].lost), (Some((5, 9)), 5));
        assert!(covers(&gaps[0], 5) && !covers(&gaps[0], 10));
    }

    #[test]
    fn the_same_gap_told_twice_is_counted_once() {
        let mut gaps = vec![lost(3)];
        add(&mut gaps, lost(3));
        assert_eq!(gaps, [lost(3)]);
    }

    #[test]
    fn many_scattered_gaps_stay_few_and_keep_their_count() {
        let mut gaps = Vec::new();
        (0..1_000).for_each(|n| add(&mut gaps, lost(2 * n)));
        assert!(gaps.len() <= KEPT);
        assert_eq!(gaps.iter().map(|gap| gap.lost).sum::<u64>(), 1_000);
    }
}
