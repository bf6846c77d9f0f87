//! The outbox: what is to be told to people, exactly once for each key, retried until delivered.

use crate::{Store, error::Result};
use beforehand_core::case::TicketAction;
use beforehand_shared::{ids::ClientId, time::Timestamp};
use serde::{Deserialize, Serialize};

/// What names an outbox row: its client (none for the provider's own mails) and its key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct OutboxId {
    pub client: Option<ClientId>,
    pub key: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OutboxKind {
    /// A finished mail to one address.
    Mail,
    /// A change of a ticket. Whoever delivers it decides whom to tell and how; `to` is empty,
    /// `subject` is the ticket's title and `text` the sentence.
    Notice { ticket: i64, action: TicketAction },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    pub name: String,
    pub mime: String,
    pub bytes: Vec<u8>,
}

/// What is to be delivered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxItem {
    pub client: Option<ClientId>,
    /// Unique within the client, so that the same thing is told once: `statement:2026-11:a@b.example`.
    pub key: String,
    pub kind: OutboxKind,
    pub to: String,
    pub subject: String,
    pub text: String,
    pub html: Option<String>,
    pub attachments: Vec<Attachment>,
    pub made_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutboxRow {
    pub item: OutboxItem,
    pub attempts: i64,
    pub next_try: Timestamp,
    pub delivered_at: Option<Timestamp>,
    pub last_error: Option<String>,
}

impl OutboxRow {
    pub fn id(&self) -> OutboxId {
        OutboxId { client: self.item.client, key: self.item.key.clone() }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutboxState {
    Waiting,
    Delivered,
}

/// Which rows to list; nothing set lists all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OutboxFilter {
    pub client: Option<ClientId>,
    pub state: Option<OutboxState>,
    /// Finished mails only, not notices.
    pub mails: bool,
    /// At most so many; 0 means 200.
    pub limit: u32,
}

impl Store {
    /// False when that key exists already; then nothing changes.
    pub async fn enqueue(&self, item: &OutboxItem) -> Result<bool> {
        crate::later().await
    }

    /// Takes rows that are due, oldest first, and leases them for five minutes: no other process
    /// gets them meanwhile, and those of a process that died come back.
    pub async fn take_outbox(&self, now: Timestamp, limit: u32) -> Result<Vec<OutboxRow>> {
        crate::later().await
    }

    pub async fn delivered(&self, id: &OutboxId, now: Timestamp) -> Result<()> {
        crate::later().await
    }

    /// It did not go out; it is due again at `next_try`.
    pub async fn failed(&self, id: &OutboxId, why: &str, next_try: Timestamp) -> Result<()> {
        crate::later().await
    }

    /// Latest made first; attachments without their bytes.
    pub async fn outbox(&self, filter: &OutboxFilter) -> Result<Vec<OutboxRow>> {
        crate::later().await
    }

    /// One row, whole.
    pub async fn outbox_row(&self, id: &OutboxId) -> Result<Option<OutboxRow>> {
        crate::later().await
    }
}
