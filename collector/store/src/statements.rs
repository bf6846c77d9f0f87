//! Statements: what was sent to a client for a month, with all it was computed from.

use crate::{Store, error::Result};
use beforehand_core::month::Month;
use beforehand_shared::{ids::ClientId, time::Timestamp};
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StatementState {
    Draft,
    /// A person is to look at it before it goes.
    Held,
    Queued,
    Sent,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentMail {
    pub to: String,
    pub at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatementRow {
    pub client: ClientId,
    pub month: Month,
    pub made_at: Timestamp,
    /// The month's input and figures, as JSON of `MonthInput` and `MonthFigures`.
    pub input_json: String,
    pub figures_json: String,
    pub pdf: Vec<u8>,
    pub html: String,
    pub text: String,
    pub subject: String,
    pub state: StatementState,
    pub sent: Vec<SentMail>,
}

impl Store {
    pub async fn statement(&self, client: ClientId, month: Month) -> Result<Option<StatementRow>> {
        crate::later().await
    }

    /// Makes it, or replaces the one of that month as long as that was not sent.
    ///
    /// # Errors
    /// `Conflict` when it was sent: what a client has received does not change.
    pub async fn save_statement(&self, statement: &StatementRow) -> Result<()> {
        crate::later().await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn set_statement_state(&self, client: ClientId, month: Month, state: StatementState) -> Result<()> {
        crate::later().await
    }

    /// A mail of it was delivered: the statement counts as sent.
    pub async fn statement_sent(&self, client: ClientId, month: Month, mail: &SentMail) -> Result<()> {
        crate::later().await
    }

    /// Latest month first; without PDF, bodies and input.
    pub async fn statements(&self, client: ClientId) -> Result<Vec<StatementRow>> {
        crate::later().await
    }

    /// Of every client; without PDF, bodies and input.
    pub async fn all_statements(&self) -> Result<Vec<StatementRow>> {
        crate::later().await
    }
}
