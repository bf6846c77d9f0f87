//! A person confirms or changes an outcome; a client disputes one. Both leave a new entry.

use super::{Outcome, chance};
use crate::{
    ledger::{Draft, Entry, Subject},
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

/// What a person says an entry is: the same outcome confirms it.
///
/// # Errors
/// A correction needs a reason. What users noticed never becomes prevented, whoever asks.
pub fn change(
    old: &Entry,
    outcome: Outcome,
    record: &RuleRecord,
    decision: &Decision,
) -> Result<Draft, CorrectionError> {
    let prevented = outcome.is_prevented();
    if matches!(old.subject, Subject::UserReport { .. })
        && !matches!(outcome, Outcome::Missed | Outcome::OutOfScope | Outcome::False)
    {
        return Err(CorrectionError::NoCase);
    }
    if prevented && old.onset.is_some() {
        return Err(CorrectionError::UsersNoticed);
    }
    let p = match (outcome, old.kind) {
        (Outcome::PreventedLikely, Some(kind)) => Some(old.p.unwrap_or_else(|| chance(kind, record))),
        _ => None,
    };
    let did = if outcome == old.outcome {
        format!("{} confirmed", decision.who)
    } else {
        format!("{} changed this from {} to {}", decision.who, old.outcome.name(), outcome.name())
    };
    correction(old, outcome, &did, decision).map(|draft| Draft { p, ..draft })
}

/// A client speaks against a line: the count falls at once, and no dispute can raise it.
///
/// # Errors
/// A dispute needs a reason; what a user reported himself cannot be noticed earlier than that.
pub fn dispute(old: &Entry, claim: Claim, decision: &Decision) -> Result<Draft, CorrectionError> {
    let outcome = match claim {
        Claim::NoticedBefore if matches!(old.subject, Subject::UserReport { .. }) => {
            return Err(CorrectionError::NoCase);
        }
        Claim::NoticedBefore => Outcome::Late,
        Claim::NotNeeded => Outcome::NotNeeded,
        Claim::False => Outcome::False,
    };
    let did = format!("{} disputed that it was {}", decision.who, old.outcome.name());
    let mut draft = correction(old, outcome, &did, decision)?;
    if claim == Claim::NoticedBefore {
        draft.onset = draft.onset.or(draft.ticketed_at).or(Some(draft.counted_at));
    }
    Ok(draft)
}

/// The entry anew, in the same month, with another outcome.
fn correction(old: &Entry, outcome: Outcome, did: &str, decision: &Decision) -> Result<Draft, CorrectionError> {
    let reason = decision.reason.trim();
    if reason.is_empty() {
        return Err(CorrectionError::NoReason);
    }
    Ok(Draft {
        at: decision.at,
        subject: old.subject.clone(),
        site: old.site,
        asset: old.asset.clone(),
        asset_name: old.asset_name.clone(),
        kind: old.kind,
        outcome,
        counted_at: old.counted_at,
        onset: old.onset,
        ticketed_at: old.ticketed_at,
        p: None,
        because: format!("{did}: {reason}"),
        evidence: old.evidence.clone(),
        corrects: Some(old.seq),
        by: decision.who.clone(),
    })
}
