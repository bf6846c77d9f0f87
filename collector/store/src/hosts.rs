//! Hosts: machines with an agent.

use crate::{Store, error::Result};
use beforehand_core::input::ProbeHealth;
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    report::Goodbye,
    time::Timestamp,
};
use std::collections::BTreeMap;

/// Whom a secret belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct HostKey {
    pub client: ClientId,
    pub site: SiteId,
    pub host: HostId,
}

#[derive(Debug, Clone, PartialEq)]
pub struct HostRow {
    pub client: ClientId,
    pub site: SiteId,
    pub id: HostId,
    pub name: String,
    pub os: String,
    pub agent: String,
    pub enrolled_at: Timestamp,
    /// When its latest report arrived.
    pub last_report: Option<Timestamp>,
    /// The goodbye in its latest report, if there was one.
    pub goodbye: Option<Goodbye>,
    /// Set by a person.
    pub always_on: Option<bool>,
    pub booted_at: Option<Timestamp>,
    pub retired_at: Option<Timestamp>,
    /// Latest run of each probe.
    pub probes: BTreeMap<String, ProbeHealth>,
    /// Samples that were not kept because the host has too many series.
    pub refused_samples: i64,
}

impl Store {
    /// The host that authenticates with this secret; nothing once it is retired.
    pub async fn host_by_secret(&self, secret_sha256: &str) -> Result<Option<HostKey>> {
        crate::later().await
    }

    /// By name; retired ones too.
    pub async fn hosts(&self, client: ClientId) -> Result<Vec<HostRow>> {
        crate::later().await
    }

    pub async fn host(&self, client: ClientId, host: HostId) -> Result<Option<HostRow>> {
        crate::later().await
    }

    pub async fn set_always_on(&self, client: ClientId, host: HostId, always_on: Option<bool>) -> Result<()> {
        crate::later().await
    }

    /// Takes the host and what only it can see out of service. Its secret stops working.
    pub async fn retire_host(&self, client: ClientId, host: HostId, now: Timestamp) -> Result<()> {
        crate::later().await
    }
}
