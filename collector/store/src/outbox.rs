//! The outbox: what is to be told to people, exactly once for each key, retried until delivered.

use crate::{
    Store,
    engine::{Row, Tx},
    error::{Result, StoreError},
    sql::statements,
    value::{Value, args, json, parse_json},
};
use beforehand_core::case::TicketAction;
use beforehand_shared::{
    ids::ClientId,
    time::{Millis, Timestamp},
};
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

/// How long a row that was taken is nobody else's.
const LEASE: Millis = Millis::minutes(5);

statements! {
    INSERT = "INSERT INTO outbox
        (client_id, key, kind, recipient, subject, text, html, attachments, made_at, next_try)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9) ON CONFLICT (client_id, key) DO NOTHING";
    TAKE = "UPDATE outbox SET next_try = $2, attempts = attempts + 1
        WHERE (client_id, key) IN (SELECT client_id, key FROM outbox
            WHERE delivered_at IS NULL AND next_try <= $1 ORDER BY next_try, made_at LIMIT $3", skip locked, ")
        RETURNING client_id, key, kind, recipient, subject, text, html, made_at, attempts, next_try, delivered_at,
            last_error, attachments";
    DELIVERED = "UPDATE outbox SET delivered_at = $3, last_error = NULL WHERE client_id = $1 AND key = $2";
    FAILED = "UPDATE outbox SET next_try = $3, last_error = $4 WHERE client_id = $1 AND key = $2";
    LIST = "SELECT client_id, key, kind, recipient, subject, text, html, made_at, attempts, next_try, delivered_at,
            last_error
        FROM outbox WHERE (CAST($1 AS TEXT) IS NULL OR client_id = $1)
            AND ($2 = 0 OR delivered_at IS NULL) AND ($3 = 0 OR delivered_at IS NOT NULL)
            AND ($4 = 0 OR recipient <> '')
        ORDER BY made_at DESC, client_id, key LIMIT $5";
    ONE = "SELECT client_id, key, kind, recipient, subject, text, html, made_at, attempts, next_try, delivered_at,
            last_error, attachments
        FROM outbox WHERE client_id = $1 AND key = $2";
}

impl Store {
    /// False when that key exists already; then nothing changes.
    pub async fn enqueue(&self, item: &OutboxItem) -> Result<bool> {
        Ok(self.db.execute(&INSERT, insert_args(item)?).await? == 1)
    }

    /// Takes rows that are due, oldest first, and leases them for five minutes: no other process
    /// gets them meanwhile, and those of a process that died come back.
    pub async fn take_outbox(&self, now: Timestamp, limit: u32) -> Result<Vec<OutboxRow>> {
        let mut tx = self.begin().await?;
        let mut rows = tx.list(&TAKE, args![now, now.plus(LEASE), limit], read_whole).await?;
        tx.commit().await?;
        rows.sort_by_key(|row| (row.item.made_at, row.id()));
        Ok(rows)
    }

    pub async fn delivered(&self, id: &OutboxId, now: Timestamp) -> Result<()> {
        self.change(&DELIVERED, args![owner(id.client), &id.key, now], "outbox row").await
    }

    /// It did not go out; it is due again at `next_try`.
    pub async fn failed(&self, id: &OutboxId, why: &str, next_try: Timestamp) -> Result<()> {
        self.change(&FAILED, args![owner(id.client), &id.key, next_try, why], "outbox row").await
    }

    /// Latest made first; without attachments.
    pub async fn outbox(&self, filter: &OutboxFilter) -> Result<Vec<OutboxRow>> {
        let (waiting, delivered) =
            (filter.state == Some(OutboxState::Waiting), filter.state == Some(OutboxState::Delivered));
        let limit = if filter.limit == 0 { 200 } else { filter.limit };
        self.list(&LIST, args![filter.client, waiting, delivered, filter.mails, limit], read).await
    }

    /// One row, whole.
    pub async fn outbox_row(&self, id: &OutboxId) -> Result<Option<OutboxRow>> {
        self.find(&ONE, args![owner(id.client), &id.key], read_whole).await
    }
}

/// Stores the item as part of a larger transaction.
pub(crate) async fn enqueue(tx: &mut Tx, item: &OutboxItem) -> Result<bool> {
    Ok(tx.execute(&INSERT, insert_args(item)?).await? == 1)
}

/// The provider's own mails stand under an empty client.
fn owner(client: Option<ClientId>) -> String {
    client.map(|client| client.to_string()).unwrap_or_default()
}

fn insert_args(item: &OutboxItem) -> Result<Vec<Value>> {
    let mut values = args![owner(item.client), &item.key, json(&item.kind)?, &item.to];
    values.extend(args![&item.subject, &item.text, item.html.clone(), pack(&item.attachments)?]);
    values.extend(args![item.made_at]);
    Ok(values)
}

fn read(row: &Row) -> Result<OutboxRow> {
    let client: String = row.get(0)?;
    Ok(OutboxRow {
        item: OutboxItem {
            client: if client.is_empty() { None } else { Some(row.get(0)?) },
            key: row.get(1)?,
            kind: parse_json(&row.get::<String>(2)?)?,
            to: row.get(3)?,
            subject: row.get(4)?,
            text: row.get(5)?,
            html: row.get(6)?,
            attachments: vec![],
            made_at: row.get(7)?,
        },
        attempts: row.get(8)?,
        next_try: row.get(9)?,
        delivered_at: row.get(10)?,
        last_error: row.get(11)?,
    })
}

fn read_whole(row: &Row) -> Result<OutboxRow> {
    let mut whole = read(row)?;
    let attachments: Vec<u8> = row.get(12)?;
    whole.item.attachments = unpack(&attachments)?;
    Ok(whole)
}

/// Name, type and length of each as JSON in the first line, then the bytes.
fn pack(attachments: &[Attachment]) -> Result<Vec<u8>> {
    let heads: Vec<_> = attachments.iter().map(|a| (&a.name, &a.mime, a.bytes.len())).collect();
    let mut packed = json(&heads)?.into_bytes();
    packed.push(b'\n');
    attachments.iter().for_each(|attachment| packed.extend(&attachment.bytes));
    Ok(packed)
}

fn unpack(packed: &[u8]) -> Result<Vec<Attachment>> {
    let corrupt = || StoreError::Corrupt("an attachment is damaged".to_owned());
    let end = packed.iter().position(|byte| *byte == b'\n').ok_or_else(corrupt)?;
    let heads: Vec<(String, String, usize)> = serde_json::from_slice(&packed[..end]).map_err(|_| corrupt())?;
    let mut rest = &packed[end + 1..];
    let mut attachments = vec![];
    for (name, mime, len) in heads {
        let (bytes, after) = rest.split_at_checked(len).ok_or_else(corrupt)?;
        attachments.push(Attachment { name, mime, bytes: bytes.to_vec() });
        rest = after;
    }
    Ok(attachments)
}
