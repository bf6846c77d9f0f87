//! How a machine becomes a host. Only hashes of tokens and secrets are stored (lower-case
//! hexadecimal SHA-256).

use crate::{
    Store,
    engine::{Row, Tx},
    error::{Result, StoreError},
    sql::statements,
    value::{args, parse_json},
};
use beforehand_core::site::{Client, Site};
use beforehand_shared::{
    ids::{ClientId, HostId, Incarnation, SiteId},
    time::{Millis, Timestamp},
};

/// A host that reported within this time is at work: a machine with the same identity is its clone,
/// not the same machine enrolled again.
const STILL_THERE: Millis = Millis::minutes(15);

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
#[expect(clippy::large_enum_variant, reason = "one at a time, and taken apart at once")]
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

statements! {
    INSERT = "INSERT INTO enrol_tokens (client_id, token_sha256, site_id, made_at, expires_at, made_by)
        VALUES ($1, $2, $3, $4, $5, $6)";
    BY_TOKEN = "SELECT client_id, site_id, expires_at, used_by FROM enrol_tokens WHERE token_sha256 = $1", for update;
    USE = "UPDATE enrol_tokens SET used_by = $3 WHERE client_id = $1 AND token_sha256 = $2";
    OF_CLIENT = "SELECT site_id, made_at, expires_at, made_by, used_by FROM enrol_tokens
        WHERE client_id = $1 ORDER BY made_at DESC, token_sha256";
    NAMES = "SELECT c.doc, s.name FROM clients AS c JOIN sites AS s ON s.client_id = c.client_id
        WHERE c.client_id = $1 AND s.site_id = $2";
    FORMER_SELF = "SELECT host_id FROM hosts WHERE client_id = $1 AND machine = $2
        AND (goodbye IS NOT NULL OR last_report IS NULL OR last_report < $3 OR retired_at IS NOT NULL)
        ORDER BY enrolled_at DESC LIMIT 1";
    PUT_HOST = "INSERT INTO hosts (client_id, host_id, site_id, name, os, agent, machine, secret_sha256, enrolled_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (client_id, host_id) DO UPDATE SET site_id = excluded.site_id, name = excluded.name,
            os = excluded.os, agent = excluded.agent, secret_sha256 = excluded.secret_sha256, retired_at = NULL";
}

impl Store {
    pub async fn insert_enrol_token(&self, token: &EnrolToken) -> Result<()> {
        let values =
            args![token.client, &token.token_sha256, token.site, token.made_at, token.expires_at, &token.made_by];
        self.add(&INSERT, values, "token").await
    }

    /// Uses up the token and makes the host, in one transaction: of two machines with the same
    /// token one becomes a host.
    pub async fn redeem(&self, token_sha256: &str, now: Timestamp, host: &NewHost) -> Result<Redeemed> {
        let mut tx = self.begin().await?;
        let Some(token) = tx.one(&BY_TOKEN, args![token_sha256]).await? else { return Ok(Redeemed::Unknown) };
        let (client, site): (ClientId, SiteId) = (token.get(0)?, token.get(1)?);
        if token.get::<Option<HostId>>(3)?.is_some() {
            return Ok(Redeemed::Used);
        }
        if token.get::<Timestamp>(2)? <= now {
            return Ok(Redeemed::Expired);
        }
        let names = tx.one(&NAMES, args![client, site]).await?.ok_or(StoreError::NotFound("site"))?;
        let former = tx.one(&FORMER_SELF, args![client, &host.machine, now.minus(STILL_THERE)]).await?;
        let id = former.map_or(Ok(host.id), |row| row.get(0))?;
        tx.execute(&USE, args![client, token_sha256, id]).await?;
        put_host(&mut tx, (client, site, id), host, now).await?;
        tx.commit().await?;
        let client_doc = parse_json(&names.get::<String>(0)?)?;
        Ok(Redeemed::Done { client: client_doc, site: Site { client, id: site, name: names.get(1)? }, host: id })
    }

    /// Latest first.
    pub async fn enrol_tokens(&self, client: ClientId) -> Result<Vec<EnrolTokenRow>> {
        self.list(&OF_CLIENT, args![client], read).await
    }
}

async fn put_host(
    tx: &mut Tx,
    (client, site, id): (ClientId, SiteId, HostId),
    host: &NewHost,
    now: Timestamp,
) -> Result<()> {
    let (name, os, agent) = (&host.name, &host.os, &host.agent);
    let values = args![client, id, site, name, os, agent, &host.machine, &host.secret_sha256, now];
    tx.execute(&PUT_HOST, values).await?;
    tx.execute(&crate::frames::NEW_INCARNATION, args![client, id, host.incarnation, now]).await?;
    Ok(())
}

fn read(row: &Row) -> Result<EnrolTokenRow> {
    Ok(EnrolTokenRow {
        site: row.get(0)?,
        made_at: row.get(1)?,
        expires_at: row.get(2)?,
        made_by: row.get(3)?,
        used_by: row.get(4)?,
    })
}
