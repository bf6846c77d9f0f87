//! What every printer of wearing rollers must keep, whatever its seed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_shared::time::{Millis, Timestamp};
use beforehand_sim::wearing::{Printer, Wear};

/// 2026-01-05, a Monday.
const START: Timestamp = Timestamp(1_767_571_200_000);

/// Jams that were reported in an answer and not in the one before, by when; with what is true.
fn run(seed: u64, days: i64) -> (Option<Wear>, Vec<Timestamp>) {
    let mut printer = Printer::new(seed, START, days).unwrap();
    let (mut jams, mut jammed) = (Vec::new(), false);
    for hour in 0..24 * days {
        for (at, seen) in printer.hour(START.plus(Millis::hours(hour))) {
            let is = seen.reasons.iter().any(|reason| reason.contains("jam")) || !seen.alerts.is_empty();
            jams.extend((is && !jammed).then_some(at));
            jammed = is;
        }
    }
    (printer.wear().cloned(), jams)
}

#[test]
fn the_same_seed_gives_the_same_printer() {
    assert_eq!(run(3, 200), run(3, 200));
    assert_ne!(run(3, 200), run(4, 200));
}

#[test]
fn rollers_jam_more_and_more_until_people_complain_and_new_ones_come() {
    let (mut complained, mut before, mut late) = (0, 0, 0);
    for seed in 0..30 {
        let (Some(wear), jams) = run(seed, 730) else { continue };
        let (Some(complaint), Some(serviced)) = (wear.complaint, wear.serviced) else { continue };
        assert!(wear.from < wear.doubled.unwrap() && wear.doubled.unwrap() < complaint && complaint < serviced);
        let count = |to: Timestamp| jams.iter().filter(|at| (to.minus(Millis::days(42))..to).contains(at)).count();
        complained += 1;
        before += count(wear.from);
        late += count(serviced);
    }
    assert!(complained >= 8 && late > 3 * before, "{complained} {before} {late}");
}
