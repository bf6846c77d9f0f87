//! What frames said, made searchable: one transaction, which changes nothing when repeated.

use crate::{Store, error::Result};
use beforehand_core::{
    asset::AssetId,
    input::ProbeHealth,
    series::{Metric, Sample},
    unpack::FactUpdate,
};
use beforehand_shared::{
    host::Host,
    ids::{ClientId, HostId, Incarnation, SiteId},
    report::{GapReason, Goodbye},
    time::Timestamp,
};
use std::collections::BTreeMap;

/// What some frames of one site said.
#[derive(Debug, Clone, PartialEq)]
pub struct Digest {
    pub client: ClientId,
    pub site: SiteId,
    /// Which frames these were.
    pub frames: Vec<(HostId, Incarnation, u64)>,
    pub host_updates: Vec<HostUpdate>,
    pub facts: Vec<FactUpdate>,
    pub samples: Vec<(AssetId, Metric, Vec<Sample>)>,
    pub gaps: Vec<GapRow>,
}

/// What a report says about its host. Of several the latest stands.
#[derive(Debug, Clone, PartialEq)]
pub struct HostUpdate {
    pub host: HostId,
    /// When the report arrived.
    pub received_at: Timestamp,
    pub goodbye: Option<Goodbye>,
    pub about: Option<Host>,
    pub probes: BTreeMap<String, ProbeHealth>,
}

/// A stretch for which nothing will come from a host, times corrected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GapRow {
    pub host: HostId,
    /// The incarnation whose sequence numbers `seqs` are.
    pub incarnation: Incarnation,
    pub from: Timestamp,
    pub to: Timestamp,
    pub reason: GapReason,
    pub lost: u64,
    pub seqs: Option<(u64, u64)>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Digested {
    /// Frames that were not digested before.
    pub frames: u64,
    /// Samples that were not kept because a host has too many series.
    pub refused_samples: u64,
}

impl Store {
    /// Facts, samples, gaps and the state of hosts, and marks the frames as digested.
    pub async fn digest(&self, digest: &Digest) -> Result<Digested> {
        crate::later().await
    }

    /// Gaps that overlap the half-open span, in order.
    pub async fn gaps(&self, client: ClientId, from: Timestamp, to: Timestamp) -> Result<Vec<GapRow>> {
        crate::later().await
    }
}
