//! Forgetting what its time has come for, and how much there is.

use crate::{
    Store,
    error::{Result, StoreError},
    sql::statements,
    value::args,
};
use beforehand_shared::time::Timestamp;

/// Before which instant things may go; nothing means for ever.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Retention {
    /// Digested frames received before.
    pub frames_before: Option<Timestamp>,
    /// Samples measured before; their hours stay.
    pub samples_before: Option<Timestamp>,
    pub hours_before: Option<Timestamp>,
    /// Delivered outbox rows, ended sessions and login failures before.
    pub outbox_before: Option<Timestamp>,
    pub audit_before: Option<Timestamp>,
    /// What changed in connections before.
    pub changes_before: Option<Timestamp>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    pub frames: u64,
    pub chunks: u64,
    pub hours: u64,
    pub outbox: u64,
    pub audit: u64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct StorageFigures {
    pub series: u64,
    /// Samples in sealed chunks, and the size of these chunks with their instants.
    pub sealed_samples: u64,
    pub chunk_bytes: u64,
    /// Size of the hourly roll-ups.
    pub hour_bytes: u64,
    /// Size of what is not sealed yet.
    pub tail_bytes: u64,
    pub frames: u64,
    pub frame_bytes: u64,
}

statements! {
    FRAMES = "DELETE FROM frames WHERE received_at < $1 AND digested = 1";
    CHUNKS = "DELETE FROM chunks WHERE day < $1";
    INSTANTS = "DELETE FROM instants WHERE day < $1";
    HOURS = "DELETE FROM hours WHERE day < $1";
    OUTBOX = "DELETE FROM outbox WHERE made_at < $1 AND delivered_at < $1";
    SESSIONS = "DELETE FROM sessions WHERE expires_at < $1";
    FAILURES = "DELETE FROM login_failures WHERE at < $1";
    CHANGES = "DELETE FROM network_changes WHERE at < $1";
    AUDIT = "DELETE FROM audit WHERE at < $1";
    SIZES = "SELECT
        (SELECT COUNT(*) FROM series),
        (SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM chunks),
        (SELECT CAST(COALESCE(SUM(LENGTH(data)), 0) AS BIGINT) FROM chunks),
        (SELECT CAST(COALESCE(SUM(LENGTH(data)), 0) AS BIGINT) FROM instants),
        (SELECT CAST(COALESCE(SUM(LENGTH(data)), 0) AS BIGINT) FROM hours),
        (SELECT CAST(COALESCE(SUM(LENGTH(data)), 0) AS BIGINT) FROM tail),
        (SELECT COUNT(*) FROM frames),
        (SELECT CAST(COALESCE(SUM(LENGTH(body)), 0) AS BIGINT) FROM frames)";
}

impl Store {
    /// Removes what is older than allowed.
    pub async fn retain(&self, retention: &Retention) -> Result<Removed> {
        // Nothing is older than 1970.
        let (mut removed, forever) = (Removed::default(), Timestamp(0));
        let or = |before: Option<Timestamp>| args![before.unwrap_or(forever)];
        let day = |before: Option<Timestamp>| args![before.unwrap_or(forever).day_start()];
        let mut tx = self.begin().await?;
        removed.frames = tx.execute(&FRAMES, or(retention.frames_before)).await?;
        removed.chunks = tx.execute(&CHUNKS, day(retention.samples_before)).await?;
        tx.execute(&INSTANTS, day(retention.samples_before)).await?;
        removed.hours = tx.execute(&HOURS, day(retention.hours_before)).await?;
        removed.outbox = tx.execute(&OUTBOX, or(retention.outbox_before)).await?;
        tx.execute(&SESSIONS, or(retention.outbox_before)).await?;
        tx.execute(&FAILURES, or(retention.outbox_before)).await?;
        tx.execute(&CHANGES, or(retention.changes_before)).await?;
        removed.audit = tx.execute(&AUDIT, or(retention.audit_before)).await?;
        tx.commit().await?;
        Ok(removed)
    }

    pub async fn storage(&self) -> Result<StorageFigures> {
        let row = self.one(&SIZES, vec![]).await?.ok_or(StoreError::NotFound("row"))?;
        Ok(StorageFigures {
            series: row.get(0)?,
            sealed_samples: row.get(1)?,
            chunk_bytes: row.get::<u64>(2)? + row.get::<u64>(3)?,
            hour_bytes: row.get(4)?,
            tail_bytes: row.get(5)?,
            frames: row.get(6)?,
            frame_bytes: row.get(7)?,
        })
    }
}
