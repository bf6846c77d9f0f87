//! What is commonly done: so many jams in a week, or twice as many in a month as in the month before.

use beforehand_shared::time::{Millis, Timestamp};

#[derive(Debug, Clone, Copy)]
pub(super) enum Opponent {
    /// So many in seven days.
    AWeek(usize),
    /// Twice as many in thirty days as in the thirty before, and four at least.
    Doubled,
}

impl Opponent {
    pub(super) const ALL: [Self; 3] = [Self::AWeek(3), Self::AWeek(5), Self::Doubled];

    pub(super) fn name(self) -> String {
        match self {
            Self::AWeek(jams) => format!("{jams} jams a week"),
            Self::Doubled => "jams a month doubled".to_owned(),
        }
    }

    pub(super) fn alarms(self, jams: &[Timestamp], now: Timestamp) -> bool {
        let count = |from: i64, to: i64| {
            let (from, to) = (now.minus(Millis::days(from)), now.minus(Millis::days(to)));
            jams.partition_point(|at| *at <= to) - jams.partition_point(|at| *at <= from)
        };
        match self {
            Self::AWeek(least) => count(7, 0) >= least,
            Self::Doubled => count(30, 0) >= 4.max(2 * count(60, 30)),
        }
    }
}
