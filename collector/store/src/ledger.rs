//! The ledger: append-only, chained per client.

use crate::{Store, error::Result};
use beforehand_core::{
    case::CaseId,
    finding::FindingKind,
    ledger::{ClosedCase, Draft, Entry},
    record::RuleRecord,
};
use beforehand_shared::ids::ClientId;
use std::collections::BTreeMap;

impl Store {
    /// Closed cases without an entry since they closed; the longest closed first.
    pub async fn unaccounted(&self, limit: u32) -> Result<Vec<(ClientId, CaseId)>> {
        crate::later().await
    }

    /// Users' reports without an entry.
    pub async fn unaccounted_user_reports(&self, limit: u32) -> Result<Vec<(ClientId, i64)>> {
        crate::later().await
    }

    /// Everything its outcome is decided from.
    ///
    /// # Errors
    /// `NotFound`, also for a case that is not closed.
    pub async fn closed_case(&self, client: ClientId, case: &CaseId) -> Result<ClosedCase> {
        crate::later().await
    }

    /// Gives the draft its place at the end of the client's chain. Two processes cannot fork it.
    pub async fn append_entry(&self, client: ClientId, draft: Draft) -> Result<Entry> {
        crate::later().await
    }

    /// Of one client, in order.
    pub async fn ledger(&self, client: ClientId) -> Result<Vec<Entry>> {
        crate::later().await
    }

    pub async fn entry(&self, client: ClientId, seq: u64) -> Result<Option<Entry>> {
        crate::later().await
    }

    /// How right each rule has been, over all clients.
    pub async fn records(&self) -> Result<BTreeMap<FindingKind, RuleRecord>> {
        crate::later().await
    }
}
