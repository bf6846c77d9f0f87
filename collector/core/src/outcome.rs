//! What a closed case turned out to be: exactly one outcome, with its reason.
//!
//! The definitions are those printed on every statement; see [`Outcome::definition`].

mod action;
mod chance;
mod correct;
mod judge;
mod report;
mod story;
mod tracking;
mod view;

pub use chance::{Prior, chance, interval, prior, reaction_time, source};
pub use correct::{Claim, CorrectionError, Decision, change, dispute};
pub use judge::judge;
pub use report::{covers, judge_user_report};

pub(crate) use chance::quantile;

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

    /// Whether it adds to the count of the headline.
    pub const fn is_prevented(self) -> bool {
        matches!(self, Self::PreventedProven | Self::PreventedLikely)
    }

    /// Whether users noticed it.
    pub const fn is_user_visible(self) -> bool {
        matches!(self, Self::Shortened | Self::Late | Self::Missed)
    }

    /// The rule, as printed on every statement. A change here is a new
    /// [`crate::month::DEFINITIONS`].
    pub const fn definition(self) -> &'static str {
        match self {
            Self::PreventedProven => {
                "The failure happened and something else took its place; or a dated forecast held until someone acted \
                 (every value measured lay inside its 80 % band), users would have noticed within 72 hours, and the \
                 action removed the condition."
            }
            Self::PreventedLikely => {
                "The ticket opened early enough to act before the expected date, work was recorded, the condition \
                 cleared after that work, and no user noticed anything. It counts as the chance that it would have \
                 happened, not as 1."
            }
            Self::Shortened => {
                "Users noticed or could notice it, and our ticket existed before any of them reported it."
            }
            Self::Late => "A user noticed it before our ticket existed, or at the same time.",
            Self::Missed => "A user reported an incident that the contract covers, and we had no ticket for it.",
            Self::NotNeeded => {
                "It cleared with nobody doing anything, or nothing shows that users would have noticed without our work."
            }
            Self::False => "What was measured was wrong, or a person judged it so.",
            Self::OutOfScope => "Caused by our own work or announced maintenance, or not covered by the contract.",
        }
    }
}
