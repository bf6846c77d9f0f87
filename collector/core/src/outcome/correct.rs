//! A person confirms or changes an outcome; a client disputes one. Both leave a new entry.

use super::Outcome;
use crate::{
    ledger::{Draft, Entry},
    record::RuleRecord,
};
use beforehand_shared::time::Timestamp;

/// Who decided what, when and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    pub at: Timestamp,
    pub who: String,
    pub reason: String,
}

/// What a client says against a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Claim {
    /// "We noticed this before you."
    NoticedBefore,
    /// "Nothing would have happened."
    NotNeeded,
    /// "This was never the case."
    False,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CorrectionError {
    #[error("say why: a correction needs a reason")]
    NoReason,
    #[error("users noticed this, so it cannot become prevented")]
    UsersNoticed,
    #[error("what a user reported without a case can only be missed or out of scope")]
    NoCase,
}

/// # Errors
pub fn change(
    _old: &Entry,
    _outcome: Outcome,
    _record: &RuleRecord,
    _decision: &Decision,
) -> Result<Draft, CorrectionError> {
    Err(CorrectionError::NoReason)
}

/// # Errors
pub fn dispute(_old: &Entry, _claim: Claim, _decision: &Decision) -> Result<Draft, CorrectionError> {
    Err(CorrectionError::NoReason)
}
