//! Whether a path loses pings or does not answer at all: the sequential test of [`cusum`] against
//! the share that is usually lost, and three rounds in a row without any answer.
//!
//! [`cusum`]: crate::math::cusum

use crate::{
    math::cusum::{LIMIT, LossTest},
    series,
};
use beforehand_shared::time::{Millis, Timestamp};

/// Rounds in a row without any answer, and without loss after which an outage is over.
const MINUTELY: Rounds = Rounds { down: 3, clean: 10 };
/// The same where rounds come seldom: each says more.
const SELDOM: Rounds = Rounds { down: 2, clean: 2 };
/// A lossy path is well again when the test has forgotten the fault.
const FORGOTTEN: f64 = 1.0;
/// The usual share is learnt from about a week of rounds, one a minute; a new path begins with it.
const MEMORY: f64 = 7.0 * 1440.0;
const AT_FIRST: f64 = 0.005;
/// The first guess counts like a day.
const FIRST_ROUNDS: f64 = 1440.0;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loss {
    Usual,
    /// More is lost than usual.
    Lossy {
        since: Timestamp,
    },
    Down {
        since: Timestamp,
    },
}

#[derive(Debug, Clone, Copy)]
struct Rounds {
    down: u32,
    clean: u32,
}

/// The detector of one path.
#[derive(Debug, Clone)]
pub struct Watch {
    needed: Rounds,
    usual: f64,
    rounds: f64,
    test: LossTest,
    sum: f64,
    state: Loss,
    down: u32,
    clean: u32,
    /// When the sum last left zero, or the path answered last.
    began: Option<Timestamp>,
}

impl Default for Watch {
    fn default() -> Self {
        Self::new(Millis::MINUTE, None)
    }
}

impl Watch {
    /// For rounds that come so far apart, on a path of which it may be known what share of pings it usually loses.
    pub fn new(apart: Millis, known: Option<f64>) -> Self {
        let usual = known.unwrap_or(AT_FIRST);
        Self {
            needed: if apart > series::SELDOM { SELDOM } else { MINUTELY },
            usual,
            rounds: if known.is_some() { MEMORY } else { FIRST_ROUNDS },
            test: LossTest::new(usual),
            sum: 0.0,
            state: Loss::Usual,
            down: 0,
            clean: 0,
            began: None,
        }
    }

    /// Takes one round of pings.
    pub fn add(&mut self, at: Timestamp, sent: u32, lost: u32) -> Loss {
        let all_lost = sent > 0 && lost >= sent;
        self.down = if all_lost { self.down + 1 } else { 0 };
        self.clean = if lost == 0 { self.clean + 1 } else { 0 };
        self.sum = self.test.add(sent, lost);
        self.began = if self.sum > 0.0 { self.began.or(Some(at)) } else { None };
        let since = self.began.unwrap_or(at);
        self.state = match self.state {
            Loss::Usual | Loss::Lossy { .. } if self.down >= self.needed.down => Loss::Down { since },
            Loss::Usual if self.sum >= LIMIT => Loss::Lossy { since },
            Loss::Lossy { .. } if self.sum < FORGOTTEN => Loss::Usual,
            Loss::Down { .. } if self.clean >= self.needed.clean => Loss::Usual,
            same => same,
        };
        if self.state == Loss::Usual {
            self.learn(sent, lost);
        }
        self.state
    }

    /// When the first of the losses was that the test has not forgotten yet.
    pub const fn began(&self) -> Option<Timestamp> {
        self.began
    }

    /// Whether the test itself, without what was said before, speaks against the usual share.
    pub fn is_above_limit(&self) -> bool {
        self.sum >= LIMIT
    }

    /// Learns what is usual, and begins anew with it once the test has accepted that all is well.
    fn learn(&mut self, sent: u32, lost: u32) {
        if sent == 0 {
            return;
        }
        self.rounds = (self.rounds + 1.0).min(MEMORY);
        self.usual += (f64::from(lost.min(sent)) / f64::from(sent) - self.usual) / self.rounds;
        if self.clean >= self.needed.clean {
            self.test = LossTest::new(self.usual);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plays `(rounds, lost of five)` a minute each, and lists the changes of state by minute.
    fn story(parts: &[(i64, u32)]) -> Vec<(i64, &'static str)> {
        let mut watch = Watch::default();
        let (mut minute, mut last, mut told) = (0, "usual", Vec::new());
        for (rounds, lost) in parts {
            for _ in 0..*rounds {
                let word = match watch.add(Timestamp(minute * 60_000), 5, *lost) {
                    Loss::Usual => "usual",
                    Loss::Lossy { .. } => "lossy",
                    Loss::Down { .. } => "down",
                };
                if word != last {
                    told.push((minute, word));
                    last = word;
                }
                minute += 1;
            }
        }
        told
    }

    #[test]
    fn a_long_outage_is_one_that_ends_ten_clean_rounds_after_it() {
        let told = story(&[(100, 0), (400, 5), (60, 0)]);
        assert_eq!(told, [(100, "lossy"), (102, "down"), (509, "usual")]);
    }

    #[test]
    fn a_line_that_loses_a_fifth_is_lossy_until_that_is_forgotten() {
        let told = story(&[(100, 0), (60, 1), (120, 0)]);
        assert_eq!(told.len(), 2, "{told:?}");
        assert!(told[0].1 == "lossy" && (103..=108).contains(&told[0].0), "{told:?}");
        assert!(told[1].1 == "usual" && (170..=220).contains(&told[1].0), "{told:?}");
    }

    #[test]
    fn one_burst_is_no_fault() {
        assert!(story(&[(100, 0), (1, 3), (100, 0), (1, 4), (100, 0)]).is_empty());
    }

    #[test]
    fn a_line_that_always_lost_a_little_is_usual_after_a_while() {
        let mut parts = vec![(1, 1), (19, 0)];
        parts = parts.repeat(20 * 72);
        let told = story(&parts);
        assert!(told.iter().all(|(minute, _)| *minute < 10 * 1440), "{told:?}");
    }
}
