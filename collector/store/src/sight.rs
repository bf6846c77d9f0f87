//! When the collector itself could not see, and when it last ran.

use crate::{
    Store,
    engine::{Row, Tx},
    error::{Result, StoreError},
    sql::statements,
    value::{args, json, parse_json},
};
use beforehand_core::{sight::Blind, site::LineContract};
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    time::Timestamp,
};

/// The flag that holds when the collector last ran.
const ALIVE: &str = "alive_at";

/// A machine in service that did not say goodbye, and when it was last heard of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardRow {
    pub client: ClientId,
    pub site: SiteId,
    pub host: HostId,
    pub last_report: Timestamp,
    /// Of the line of its site, in small letters; empty where nobody entered it.
    pub operator: String,
}

statements! {
    HEARD = "SELECT h.client_id, h.site_id, h.host_id, h.last_report, s.line FROM hosts AS h
        JOIN sites AS s ON s.client_id = h.client_id AND s.site_id = h.site_id
        WHERE h.retired_at IS NULL AND h.goodbye IS NULL AND h.last_report IS NOT NULL ORDER BY h.client_id, h.host_id";
    BETWEEN = "SELECT from_at, heard_at, to_at, why FROM blind
        WHERE from_at < $2 AND (to_at IS NULL OR to_at > $1) ORDER BY from_at";
    // Two collectors on one database may notice the same.
    PUT = "INSERT INTO blind (from_at, heard_at, to_at, why) VALUES ($1, $2, $3, $4)
        ON CONFLICT (from_at) DO UPDATE SET heard_at = excluded.heard_at, to_at = excluded.to_at";
}

impl Store {
    /// Of every client.
    pub async fn heard(&self) -> Result<Vec<HeardRow>> {
        self.list(&HEARD, args![], |row| {
            let line: LineContract = parse_json(&row.get::<String>(4)?)?;
            Ok(HeardRow {
                client: row.get(0)?,
                site: row.get(1)?,
                host: row.get(2)?,
                last_report: row.get(3)?,
                operator: line.operator.trim().to_lowercase(),
            })
        })
        .await
    }

    /// What reaches into the half-open span, the earliest first.
    pub async fn blind(&self, from: Timestamp, to: Timestamp) -> Result<Vec<Blind>> {
        self.list(&BETWEEN, args![from, to], read).await
    }

    /// Adds it, or changes the one that began then.
    pub async fn put_blind(&self, blind: &Blind) -> Result<()> {
        let values = args![blind.from, blind.heard, blind.to, json(&blind.why)?];
        self.db.execute(&PUT, values).await.map(drop)
    }

    /// When the collector last said that it runs.
    pub async fn alive(&self) -> Result<Option<Timestamp>> {
        let Some(text) = self.flag(ALIVE).await? else { return Ok(None) };
        let at = text.parse().map_err(|_| StoreError::Corrupt(format!("{ALIVE} is {text:?}, not a time")))?;
        Ok(Some(Timestamp(at)))
    }

    pub async fn set_alive(&self, now: Timestamp) -> Result<()> {
        self.set_flag(ALIVE, &now.0.to_string()).await
    }
}

pub(crate) async fn between(tx: &mut Tx, from: Timestamp, to: Timestamp) -> Result<Vec<Blind>> {
    tx.list(&BETWEEN, args![from, to], read).await
}

fn read(row: &Row) -> Result<Blind> {
    Ok(Blind { from: row.get(0)?, heard: row.get(1)?, to: row.get(2)?, why: parse_json(&row.get::<String>(3)?)? })
}
