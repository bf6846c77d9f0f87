//! Hosts: machines with an agent.

use crate::{
    Store,
    engine::{Row, Tx},
    error::{Result, StoreError},
    sql::statements,
    value::{args, parse_json},
};
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

/// The host behind a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownHost {
    pub key: HostKey,
    /// The revision of what it is handed.
    pub handed: u64,
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
    /// The packages that fit its agent, such as `linux-x86_64`.
    pub platform: Option<String>,
    /// When its agent started.
    pub started_at: Option<Timestamp>,
}

statements! {
    BY_SECRET = "SELECT client_id, site_id, host_id, handed FROM hosts WHERE secret_sha256 = $1 AND retired_at IS NULL";
    OF_CLIENT = "SELECT client_id, site_id, host_id, name, os, agent, enrolled_at, last_report, goodbye,
        always_on, booted_at, retired_at, probes, refused_samples, platform, started_at
        FROM hosts WHERE client_id = $1 ORDER BY name, host_id";
    ONE = "SELECT client_id, site_id, host_id, name, os, agent, enrolled_at, last_report, goodbye,
        always_on, booted_at, retired_at, probes, refused_samples, platform, started_at
        FROM hosts WHERE client_id = $1 AND host_id = $2";
    OF_SITE = "SELECT client_id, site_id, host_id, name, os, agent, enrolled_at, last_report, goodbye,
        always_on, booted_at, retired_at, probes, refused_samples, platform, started_at
        FROM hosts WHERE client_id = $1 AND site_id = $2 AND retired_at IS NULL";
    SET_ALWAYS_ON = "UPDATE hosts SET always_on = $3 WHERE client_id = $1 AND host_id = $2";
    RETIRE = "UPDATE hosts SET retired_at = $3 WHERE client_id = $1 AND host_id = $2";
    RETIRE_ASSETS = "UPDATE assets SET retired_at = $3
        WHERE client_id = $1 AND host_id = $2 AND retired_at IS NULL AND asset_id LIKE '%:' || $2 || ':%'";
    TOUCH_SITE = "UPDATE sites SET digests = digests + 1
        WHERE client_id = $1 AND site_id = (SELECT site_id FROM hosts WHERE client_id = $1 AND host_id = $2)";
}

impl Store {
    /// The host that authenticates with this secret; nothing once it is retired.
    pub async fn host_by_secret(&self, secret_sha256: &str) -> Result<Option<KnownHost>> {
        self.find(&BY_SECRET, args![secret_sha256], |row| {
            let key = HostKey { client: row.get(0)?, site: row.get(1)?, host: row.get(2)? };
            Ok(KnownHost { key, handed: row.get(3)? })
        })
        .await
    }

    /// By name; retired ones too.
    pub async fn hosts(&self, client: ClientId) -> Result<Vec<HostRow>> {
        self.list(&OF_CLIENT, args![client], read).await
    }

    /// In service at one site.
    pub async fn hosts_of_site(&self, client: ClientId, site: SiteId) -> Result<Vec<HostRow>> {
        self.list(&OF_SITE, args![client, site], read).await
    }

    pub async fn host(&self, client: ClientId, host: HostId) -> Result<Option<HostRow>> {
        self.find(&ONE, args![client, host], read).await
    }

    pub async fn set_always_on(&self, client: ClientId, host: HostId, always_on: Option<bool>) -> Result<()> {
        self.change(&SET_ALWAYS_ON, args![client, host, always_on], "host").await
    }

    /// Takes the host and what only it can see out of service. Its secret stops working.
    pub async fn retire_host(&self, client: ClientId, host: HostId, now: Timestamp) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(&RETIRE, args![client, host, now]).await? == 0 {
            return Err(StoreError::NotFound("host"));
        }
        tx.execute(&RETIRE_ASSETS, args![client, host, now]).await?;
        tx.execute(&TOUCH_SITE, args![client, host]).await?;
        tx.commit().await
    }
}

/// The hosts in service of one site, within a transaction.
pub(crate) async fn of_site(tx: &mut Tx, client: ClientId, site: SiteId) -> Result<Vec<HostRow>> {
    tx.list(&OF_SITE, args![client, site], read).await
}

fn read(row: &Row) -> Result<HostRow> {
    Ok(HostRow {
        client: row.get(0)?,
        site: row.get(1)?,
        id: row.get(2)?,
        name: row.get(3)?,
        os: row.get(4)?,
        agent: row.get(5)?,
        enrolled_at: row.get(6)?,
        last_report: row.get(7)?,
        goodbye: row.get::<Option<String>>(8)?.map(|text| parse_json(&text)).transpose()?,
        always_on: row.get(9)?,
        booted_at: row.get(10)?,
        retired_at: row.get(11)?,
        probes: parse_json(&row.get::<String>(12)?)?,
        refused_samples: row.get(13)?,
        platform: row.get(14)?,
        started_at: row.get(15)?,
    })
}
