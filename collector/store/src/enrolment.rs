//! How a machine becomes a host. Only hashes of tokens and secrets are stored (lower-case
//! hexadecimal SHA-256).

use crate::{Store, error::Result};
use beforehand_core::site::{Client, Site};
use beforehand_shared::{
    ids::{ClientId, HostId, Incarnation, SiteId},
    time::Timestamp,
};

/// A single-use permission to become a host of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolToken {
    pub client: ClientId,
    pub site: SiteId,
    pub token_sha256: String,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    /// Who made it.
    pub made_by: String,
}

/// A token as the enrolment page lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EnrolTokenRow {
    pub site: SiteId,
    pub made_at: Timestamp,
    pub expires_at: Timestamp,
    pub made_by: String,
    pub used_by: Option<HostId>,
}

/// The machine that redeems a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewHost {
    pub id: HostId,
    pub name: String,
    pub os: String,
    pub agent: String,
    pub secret_sha256: String,
    /// Hash of the machine's own identity: a host of the same client with the same one is the
    /// same machine, enrolled again.
    pub machine: String,
    pub incarnation: Incarnation,
}

/// What came of redeeming a token.
#[derive(Debug, Clone, PartialEq)]
pub enum Redeemed {
    /// `host` is the identifier offered, or that of the former self of the same machine.
    Done {
        client: Client,
        site: Site,
        host: HostId,
    },
    Unknown,
    Used,
    Expired,
}

impl Store {
    pub async fn insert_enrol_token(&self, token: &EnrolToken) -> Result<()> {
        crate::later().await
    }

    /// Uses up the token and makes the host, in one transaction: of two machines with the same
    /// token one becomes a host.
    pub async fn redeem(&self, token_sha256: &str, now: Timestamp, host: &NewHost) -> Result<Redeemed> {
        crate::later().await
    }

    /// Latest first.
    pub async fn enrol_tokens(&self, client: ClientId) -> Result<Vec<EnrolTokenRow>> {
        crate::later().await
    }
}
