//! The life of one cause on one asset: opened, updated and closed by the analysis, with a reason
//! for each change.

use crate::{
    asset::AssetId,
    finding::{Evidence, FindingKind, Severity},
    forecast::Outlook,
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Derived from what the case is about and when it opened, so that replay gives the same.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseId(pub String);

impl CaseId {
    pub fn new(client: ClientId, asset: &AssetId, kind: FindingKind, opened_at: Timestamp) -> Self {
        let digest = Sha256::digest(format!("{client}\n{asset}\n{}\n{}", kind.word(), opened_at.0));
        Self(digest.iter().take(10).map(|byte| format!("{byte:02x}")).collect())
    }
}

impl fmt::Display for CaseId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Case {
    pub id: CaseId,
    pub client: ClientId,
    pub site: SiteId,
    pub asset: AssetId,
    pub kind: FindingKind,
    pub state: CaseState,
    /// The latest judgement; what was worst is in `worst`.
    pub severity: Severity,
    pub worst: Severity,
    pub opened_at: Timestamp,
    pub updated_at: Timestamp,
    /// When the condition first called for a ticket, if it ever did.
    pub ticketed_at: Option<Timestamp>,
    /// When users would have begun to notice, if it came to that.
    pub onset: Option<Timestamp>,
    /// The first judgement, as it was made, and the latest.
    pub first: Judgement,
    pub latest: Judgement,
    pub reopened: u32,
}

/// What a finding said, without its asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    pub at: Timestamp,
    pub severity: Severity,
    pub sentence: String,
    pub steps: Vec<String>,
    pub evidence: Evidence,
    pub outlook: Option<Outlook>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum CaseState {
    Open,
    /// Kept, but quiet: a wider cause or an announced maintenance explains it.
    Suppressed {
        because: Reason,
        parent: Option<CaseId>,
    },
    Closed {
        at: Timestamp,
        because: Reason,
    },
}

/// Why a case changed. Every change also carries a sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A new finding.
    Found,
    /// The same condition came back within 14 days.
    Returned,
    Worse,
    Better,
    /// Evidence or dates changed, severity did not.
    Refined,
    /// Users would notice from here on.
    Onset,
    /// A wider cause on the same site explains it.
    WiderCause,
    Maintenance,
    /// It came and went too often: one ticket, not many.
    Flapping,
    /// The suppression ended.
    Released,
    /// A healthy observation.
    Healthy,
    /// The asset was taken out of service.
    Decommissioned,
    /// What was measured was wrong, says a person.
    JudgedFalse,
}

impl Case {
    pub const fn is_closed(&self) -> bool {
        matches!(self.state, CaseState::Closed { .. })
    }

    pub const fn closed_at(&self) -> Option<Timestamp> {
        match self.state {
            CaseState::Closed { at, .. } => Some(at),
            CaseState::Open | CaseState::Suppressed { .. } => None,
        }
    }
}

/// One line of a case's story.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseEvent {
    pub at: Timestamp,
    pub reason: Reason,
    pub sentence: String,
}

/// A case as it is to be stored, with why, and what people are to be told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseChange {
    pub case: Case,
    pub event: CaseEvent,
    pub ticket: TicketAction,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketAction {
    /// Nobody needs to know.
    None,
    /// Open the case's ticket, or reopen it, and notify.
    Open,
    /// The ticket's matter got worse: notify again.
    Raise,
    /// The condition is over: note it on the ticket; a person still resolves what he worked on,
    /// an untouched ticket resolves by itself.
    Clear,
}
