//! The ledger: append-only, chained per client.

use crate::{
    Store,
    engine::{Row, Tx},
    error::{Result, StoreError},
    sql::statements,
    value::{args, int, json, parse_json},
};
use beforehand_core::{
    case::CaseId,
    finding::FindingKind,
    ledger::{Draft, Entry, START, admit, chain, standing},
    record::{self, RuleRecord, Shares},
};
use beforehand_shared::ids::ClientId;
use std::collections::BTreeMap;

statements! {
    UNACCOUNTED = "SELECT client_id, case_id, entered FROM cases WHERE closed_at IS NOT NULL AND accounted = 0
        ORDER BY closed_at, case_id LIMIT $1";
    UNACCOUNTED_REPORTS = "SELECT client_id, number FROM user_reports WHERE accounted = 0
        ORDER BY noticed_at, client_id, number LIMIT $1";
    CASE_DONE = "UPDATE cases SET accounted = 1 WHERE client_id = $1 AND case_id = $2 AND entered = $3";
    REPORT_DONE = "UPDATE user_reports SET accounted = 1 WHERE client_id = $1 AND number = $2";
    NEXT = "UPDATE clients SET entries = entries + 1 WHERE client_id = $1 RETURNING entries";
    LATEST = "SELECT hash FROM ledger WHERE client_id = $1 AND seq = $2";
    INSERT = "INSERT INTO ledger (client_id, seq, hash, doc, chart) VALUES ($1, $2, $3, $4, $5)";
    OF_CLIENT = "SELECT doc, chart FROM ledger WHERE client_id = $1 ORDER BY seq";
    ONE = "SELECT doc, chart FROM ledger WHERE client_id = $1 AND seq = $2";
    LOCK_RECORDS = "INSERT INTO flags (key, value) VALUES ('rule_records', '{}')
        ON CONFLICT (key) DO UPDATE SET value = flags.value";
    DOCS = "SELECT doc FROM ledger WHERE client_id = $1 ORDER BY seq";
    WITHOUT_SHARE = "SELECT client_id FROM clients WHERE entries > 0 AND rule_shares IS NULL";
    SET_SHARES = "UPDATE clients SET rule_shares = $2 WHERE client_id = $1";
    SHARES = "SELECT rule_shares FROM clients WHERE rule_shares IS NOT NULL";
    SET_RECORDS = "UPDATE flags SET value = $1 WHERE key = 'rule_records'";
    RECORDS = "SELECT value FROM flags WHERE key = 'rule_records'";
}

/// What the analysis judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judged {
    Case {
        id: CaseId,
        /// As [`Store::unaccounted`] gave it.
        entered: i64,
    },
    UserReport {
        number: i64,
    },
}

impl Store {
    /// Closed cases without an entry since they closed, or since something was entered about them; the
    /// longest closed first. Read this before what they are judged by.
    pub async fn unaccounted(&self, limit: u32) -> Result<Vec<(ClientId, CaseId, i64)>> {
        self.list(&UNACCOUNTED, args![limit], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).await
    }

    /// Users' reports without an entry.
    pub async fn unaccounted_user_reports(&self, limit: u32) -> Result<Vec<(ClientId, i64)>> {
        self.list(&UNACCOUNTED_REPORTS, args![limit], |row| Ok((row.get(0)?, row.get(1)?))).await
    }

    /// It is one that is never counted: it needs no entry, unless more becomes known of it.
    pub async fn leave_out(&self, client: ClientId, judged: &Judged) -> Result<()> {
        let mut tx = self.begin().await?;
        done(&mut tx, client, judged).await?;
        tx.commit().await
    }

    /// Counts what the analysis judged, or finds that the same stands already or that a person
    /// decided otherwise. Nothing is written when more became known of it meanwhile: it stays to be
    /// judged again.
    pub async fn enter(&self, client: ClientId, judged: &Judged, draft: Draft) -> Result<Option<Entry>> {
        let (mut tx, entries) = self.open_ledger(client).await?;
        if !done(&mut tx, client, judged).await? {
            return Ok(None);
        }
        let entry = match admit(draft, &entries) {
            Some(draft) => Some(append(&mut tx, client, draft, entries).await?),
            None => None,
        };
        tx.commit().await?;
        Ok(entry)
    }

    /// Counts what a person decided.
    ///
    /// # Errors
    /// `Conflict` when an entry about the same stands that the draft does not correct.
    pub async fn append_entry(&self, client: ClientId, draft: Draft) -> Result<Entry> {
        let (mut tx, entries) = self.open_ledger(client).await?;
        admissible(&draft, &entries)?;
        let entry = append(&mut tx, client, draft, entries).await?;
        tx.commit().await?;
        Ok(entry)
    }

    /// The client's ledger, in a transaction in which nobody else writes one: the rules' records
    /// are shared by all clients, so of two entries written at once the later counts both.
    async fn open_ledger(&self, client: ClientId) -> Result<(Tx, Vec<Entry>)> {
        let mut tx = self.begin().await?;
        tx.execute(&LOCK_RECORDS, vec![]).await?;
        let entries = docs(&mut tx, client).await?;
        Ok((tx, entries))
    }

    /// Of one client, in order.
    pub async fn ledger(&self, client: ClientId) -> Result<Vec<Entry>> {
        self.list(&OF_CLIENT, args![client], read).await
    }

    pub async fn entry(&self, client: ClientId, seq: u64) -> Result<Option<Entry>> {
        self.find(&ONE, args![client, int(seq)], read).await
    }

    /// How right each rule has been, over all clients.
    pub async fn records(&self) -> Result<BTreeMap<FindingKind, RuleRecord>> {
        let mut tx = self.db.snapshot().await?;
        records(&mut tx).await
    }
}

async fn docs(tx: &mut Tx, client: ClientId) -> Result<Vec<Entry>> {
    tx.list(&DOCS, args![client], |row| parse_json(&row.get::<String>(0)?)).await
}

/// Gives the draft its place at the end of the client's chain, and counts it in the rules' records,
/// which are kept beside the ledgers since every analysis needs them.
async fn append(tx: &mut Tx, client: ClientId, draft: Draft, mut entries: Vec<Entry>) -> Result<Entry> {
    let seq = tx.next(&NEXT, args![client]).await?;
    let before = tx.one(&LATEST, args![client, seq - 1]).await?;
    let prev_hash = before.map_or(Ok(START.to_owned()), |row| row.get(0))?;
    let entry = chain(draft, client, seq.unsigned_abs(), &prev_hash);
    let mut plain = entry.clone();
    let chart = plain.evidence.chart.take().map(|chart| json(&chart)).transpose()?;
    tx.execute(&INSERT, args![client, seq, &entry.hash, json(&plain)?, chart]).await?;
    entries.push(plain);
    set_shares(tx, client, &entries).await?;
    for other in tx.list(&WITHOUT_SHARE, vec![], |row| row.get(0)).await? {
        let entries = docs(tx, other).await?;
        set_shares(tx, other, &entries).await?;
    }
    let shares = tx.list(&SHARES, vec![], |row| parse_json::<Shares>(&row.get::<String>(0)?)).await?;
    tx.execute(&SET_RECORDS, args![json(&record::together(shares))?]).await?;
    Ok(entry)
}

async fn set_shares(tx: &mut Tx, client: ClientId, entries: &[Entry]) -> Result<()> {
    tx.execute(&SET_SHARES, args![client, json(&record::shares(entries))?]).await.map(drop)
}

/// Whether it was judged by all that is known of it by now.
async fn done(tx: &mut Tx, client: ClientId, judged: &Judged) -> Result<bool> {
    let changed = match judged {
        Judged::Case { id, entered } => tx.execute(&CASE_DONE, args![client, &id.0, *entered]).await?,
        Judged::UserReport { number } => tx.execute(&REPORT_DONE, args![client, *number]).await?,
    };
    Ok(changed == 1)
}

/// At most one entry stands about anything: a correction must name the one that does.
fn admissible(draft: &Draft, entries: &[Entry]) -> Result<()> {
    let about_it = |entry: &&Entry| entry.subject == draft.subject;
    let standing = standing(entries).into_iter().find(about_it).map(|entry| entry.seq);
    if standing == draft.corrects { Ok(()) } else { Err(StoreError::Conflict("another entry about the same")) }
}

/// Within a transaction.
pub(crate) async fn records(tx: &mut Tx) -> Result<BTreeMap<FindingKind, RuleRecord>> {
    let row = tx.one(&RECORDS, vec![]).await?;
    row.map_or(Ok(BTreeMap::new()), |row| parse_json(&row.get::<String>(0)?))
}

fn read(row: &Row) -> Result<Entry> {
    let mut entry: Entry = parse_json(&row.get::<String>(0)?)?;
    entry.evidence.chart = row.get::<Option<String>>(1)?.map(|text| parse_json(&text)).transpose()?;
    Ok(entry)
}
