//! What a closed case turned out to be: exactly one outcome, with its reason.
//!
//! The definitions are those printed on every statement; see [`Outcome::definition`].

mod action;
mod chance;
mod correct;
mod judge;
mod report;
mod tracking;
mod words;

pub use chance::{Prior, chance, interval, prior, reaction_time, source};
pub use correct::{Claim, CorrectionError, Decision, change, dispute};
pub use judge::judge;
pub use report::{covers, judge_user_report};

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    PreventedProven,
    /// Counts as its `p`, not as 1.
    PreventedLikely,
    Shortened,
    Late,
    Missed,
    NotNeeded,
    False,
    OutOfScope,
}

impl Outcome {
    pub const ALL: [Self; 8] = [
        Self::PreventedProven,
        Self::PreventedLikely,
        Self::Shortened,
        Self::Late,
        Self::Missed,
        Self::NotNeeded,
        Self::False,
        Self::OutOfScope,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::PreventedProven => "prevented_proven",
            Self::PreventedLikely => "prevented_likely",
            Self::Shortened => "shortened",
            Self::Late => "late",
            Self::Missed => "missed",
            Self::NotNeeded => "not_needed",
            Self::False => "false",
            Self::OutOfScope => "out_of_scope",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.word() == word)
    }

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PreventedProven => "prevented, proven",
            Self::PreventedLikely => "prevented, likely",
            Self::Shortened => "shortened",
            Self::Late => "late",
            Self::Missed => "missed",
            Self::NotNeeded => "not needed",
            Self::False => "false alarm",
            Self::OutOfScope => "out of scope",
        }
    }
}
