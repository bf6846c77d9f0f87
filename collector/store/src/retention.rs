//! Sealing old samples into compressed chunks, and forgetting what its time has come for.

use crate::{Store, error::Result};
use beforehand_shared::time::Timestamp;

/// What one call of [`Store::seal`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Pairs of series and day.
    pub days: u64,
    pub samples: u64,
    /// Size of the chunks written, roll-ups included.
    pub bytes: u64,
}

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
    /// Samples in sealed chunks, and the size of these chunks.
    pub sealed_samples: u64,
    pub chunk_bytes: u64,
    /// Size of the hourly roll-ups.
    pub hour_bytes: u64,
    /// Size of what is not sealed yet.
    pub tail_bytes: u64,
    pub frames: u64,
    pub frame_bytes: u64,
}

impl Store {
    /// Seals days that ended before `before`, at most `limit` pairs of series and day. Call it
    /// again until `days` is 0.
    pub async fn seal(&self, before: Timestamp, limit: u32) -> Result<Sealed> {
        crate::later().await
    }

    /// Removes what is older than allowed.
    pub async fn retain(&self, retention: &Retention) -> Result<Removed> {
        crate::later().await
    }

    pub async fn storage(&self) -> Result<StorageFigures> {
        crate::later().await
    }
}
