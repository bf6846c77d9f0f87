//! Frames: reports exactly as received. Storing one never judges it.

use crate::{Store, error::Result};
use beforehand_core::unpack::Receipt;
use beforehand_shared::{
    ids::{ClientId, HostId, Incarnation, SiteId},
    time::Timestamp,
};

/// A report to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFrame {
    pub client: ClientId,
    pub host: HostId,
    pub incarnation: Incarnation,
    pub seq: u64,
    pub receipt: Receipt,
    /// As it travelled: JSON compressed with zstd.
    pub body: Vec<u8>,
    pub body_sha256: [u8; 32],
}

/// What became of a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FrameOutcome {
    New,
    /// It was stored before, with the same content.
    Same,
    /// That `(incarnation, seq)` is stored with other content, which stays as it is.
    Differs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Committed {
    pub outcome: FrameOutcome,
    /// The highest sequence number of the incarnation up to which everything is stored or
    /// explained by a gap.
    pub high_water: u64,
}

/// A stored frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FrameRow {
    pub client: ClientId,
    pub site: SiteId,
    pub host: HostId,
    pub incarnation: Incarnation,
    pub seq: u64,
    pub receipt: Receipt,
    pub body: Vec<u8>,
}

impl Store {
    /// Stores the frames in one transaction, durably before it returns. The results are in the
    /// order of `frames`.
    ///
    /// # Errors
    /// `Unavailable`: then none of them is stored.
    pub async fn commit_frames(&self, frames: &[NewFrame]) -> Result<Vec<Committed>> {
        crate::later().await
    }

    /// Frames not yet digested, the longest waiting first; those of a host in the order they were
    /// made. At most `limit`.
    pub async fn undigested(&self, limit: u32) -> Result<Vec<FrameRow>> {
        crate::later().await
    }

    /// The frames of one host that arrived in the half-open span, as evidence.
    pub async fn frames_of_host(
        &self,
        client: ClientId,
        host: HostId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<FrameRow>> {
        crate::later().await
    }

    /// Begins another life of a host's spool. Repeating it changes nothing.
    pub async fn new_incarnation(
        &self,
        client: ClientId,
        host: HostId,
        incarnation: Incarnation,
        now: Timestamp,
    ) -> Result<()> {
        crate::later().await
    }
}
