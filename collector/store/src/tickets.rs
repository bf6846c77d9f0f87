//! Tickets and the work logged on them.

use crate::{Store, error::Result};
use beforehand_core::{
    asset::AssetId,
    case::CaseId,
    finding::{FindingKind, Severity},
    month::Effort,
    ticket::{Ticket, TicketState, Verdict, Work},
};
use beforehand_shared::{ids::ClientId, time::Timestamp};

/// Which tickets to list; nothing set lists all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TicketFilter {
    pub client: Option<ClientId>,
    /// `None` lists every state.
    pub state: Option<TicketState>,
    /// New and acknowledged ones only.
    pub unresolved: bool,
    /// At least this severe.
    pub severity: Option<Severity>,
    pub asset: Option<AssetId>,
    /// Part of title, asset or client name, in any case.
    pub text: Option<String>,
    /// At most so many; 0 means 200.
    pub limit: u32,
    /// Opened before, for the next page.
    pub before: Option<Timestamp>,
}

/// A ticket as it is listed.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketRow {
    pub ticket: Ticket,
    pub client_name: String,
    pub site_name: String,
    pub asset_name: Option<String>,
    pub kind: Option<FindingKind>,
    /// The latest judgement of its case, or what the user said.
    pub sentence: String,
    /// When the incident is expected, as last forecast.
    pub q50: Option<Timestamp>,
}

impl Store {
    /// Latest opened first.
    pub async fn tickets(&self, filter: &TicketFilter) -> Result<Vec<TicketRow>> {
        crate::later().await
    }

    pub async fn ticket(&self, client: ClientId, number: i64) -> Result<Option<TicketRow>> {
        crate::later().await
    }

    pub async fn ticket_of_case(&self, client: ClientId, case: &CaseId) -> Result<Option<TicketRow>> {
        crate::later().await
    }

    /// `who` takes the ticket. A resolved ticket stays as it is.
    ///
    /// # Errors
    /// `NotFound`.
    pub async fn acknowledge(&self, client: ClientId, number: i64, who: &str, now: Timestamp) -> Result<()> {
        crate::later().await
    }

    /// # Errors
    /// `NotFound`.
    pub async fn log_work(&self, client: ClientId, number: i64, work: &Work) -> Result<()> {
        crate::later().await
    }

    /// In order.
    pub async fn work(&self, client: ClientId, number: i64) -> Result<Vec<Work>> {
        crate::later().await
    }

    /// # Errors
    /// `NotFound`; `Conflict` when it is resolved already.
    pub async fn resolve(
        &self,
        client: ClientId,
        number: i64,
        verdict: Verdict,
        (who, now): (&str, Timestamp),
    ) -> Result<()> {
        crate::later().await
    }

    /// Minutes worked in the half-open span: proactive on tickets of cases, reactive on those of
    /// users' reports, and those on tickets judged a false alarm apart.
    pub async fn effort(&self, client: ClientId, from: Timestamp, to: Timestamp) -> Result<Effort> {
        crate::later().await
    }
}
