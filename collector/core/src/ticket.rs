//! The human side of a case: tickets, the work logged on them, and what users reported.

use crate::{asset::AssetId, case::CaseId, finding::Severity};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ticket {
    pub client: ClientId,
    /// Counts the tickets of a client from 1.
    pub number: i64,
    pub site: SiteId,
    /// The case it belongs to; none for a user's report that no case explains.
    pub case: Option<CaseId>,
    pub asset: Option<AssetId>,
    pub title: String,
    pub severity: Severity,
    pub state: TicketState,
    pub assignee: Option<String>,
    pub opened_at: Timestamp,
    pub acknowledged_at: Option<Timestamp>,
    pub resolved_at: Option<Timestamp>,
    pub resolution: Option<Verdict>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TicketState {
    New,
    Acknowledged,
    Resolved,
}

impl TicketState {
    pub const fn word(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        [Self::New, Self::Acknowledged, Self::Resolved].into_iter().find(|state| state.word() == word)
    }
}

/// What the person who resolved a ticket says it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Something was done about it.
    Fixed,
    /// It went away, or did not matter.
    NothingDone,
    /// What was measured was wrong.
    FalseAlarm,
    /// Our own work, announced maintenance, or not covered by the contract.
    OutOfScope,
}

impl Verdict {
    pub const ALL: [Self; 4] = [Self::Fixed, Self::NothingDone, Self::FalseAlarm, Self::OutOfScope];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Fixed => "fixed",
            Self::NothingDone => "nothing_done",
            Self::FalseAlarm => "false_alarm",
            Self::OutOfScope => "out_of_scope",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

/// One entry of a ticket's work log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Work {
    pub at: Timestamp,
    pub who: String,
    pub minutes: u32,
    pub text: String,
    /// Whether something was changed at the client, or only looked at and talked about.
    pub acted: bool,
}

/// What a user noticed and when. Without these, *late* and *missed* cannot be counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserReport {
    pub client: ClientId,
    /// Counts the reports of a client from 1.
    pub number: i64,
    pub site: SiteId,
    /// What it was about, where that is known.
    pub asset: Option<AssetId>,
    pub who: String,
    pub what: String,
    pub noticed_at: Timestamp,
    pub entered_at: Timestamp,
    /// How long users were held up, and how many of them.
    pub minutes_lost: u32,
    pub people: u32,
    /// Within what the contract covers.
    pub in_scope: bool,
}
