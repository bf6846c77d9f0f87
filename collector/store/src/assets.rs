//! Assets: whatever is watched, with the latest observation of it.

use crate::{
    Store,
    engine::{Row, Tx},
    error::Result,
    sql::statements,
    value::{args, parse_json},
};
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    ids::{ClientId, HostId, SiteId},
    observation::Observation,
    time::Timestamp,
};

#[derive(Debug, Clone, PartialEq)]
pub struct AssetRow {
    pub client: ClientId,
    pub site: SiteId,
    pub id: AssetId,
    /// The host that last saw it.
    pub host: HostId,
    /// For people, with its host where that matters: `C: on FRONTDESK`.
    pub name: String,
    pub first_seen: Timestamp,
    pub seen_at: Timestamp,
    pub facts: Observation,
    pub in_scope: bool,
    pub retired_at: Option<Timestamp>,
    /// How many people depend on it; set by a person.
    pub people: Option<u32>,
}

statements! {
    OF_CLIENT = "SELECT a.client_id, a.site_id, a.asset_id, a.host_id, a.name, h.name,
        a.first_seen, a.seen_at, a.facts, a.in_scope, a.retired_at, a.people
        FROM assets AS a LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        WHERE a.client_id = $1 ORDER BY a.asset_id";
    ONE = "SELECT a.client_id, a.site_id, a.asset_id, a.host_id, a.name, h.name,
        a.first_seen, a.seen_at, a.facts, a.in_scope, a.retired_at, a.people
        FROM assets AS a LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        WHERE a.client_id = $1 AND a.asset_id = $2";
    OF_HOST = "SELECT a.client_id, a.site_id, a.asset_id, a.host_id, a.name, h.name,
        a.first_seen, a.seen_at, a.facts, a.in_scope, a.retired_at, a.people
        FROM assets AS a LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        WHERE a.client_id = $1 AND a.host_id = $2 ORDER BY a.asset_id";
    OF_SITE = "SELECT a.client_id, a.site_id, a.asset_id, a.host_id, a.name, h.name,
        a.first_seen, a.seen_at, a.facts, a.in_scope, a.retired_at, a.people
        FROM assets AS a LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        WHERE a.client_id = $1 AND a.site_id = $2 AND a.retired_at IS NULL";
    PRINTERS = "SELECT facts FROM assets WHERE client_id = $1 AND site_id = $2 AND asset_id LIKE 'printer::%'
        ORDER BY first_seen, asset_id";
    SET_SCOPE = "UPDATE assets SET in_scope = $3 WHERE client_id = $1 AND asset_id = $2";
    SET_PEOPLE = "UPDATE assets SET people = $3 WHERE client_id = $1 AND asset_id = $2";
    RETIRE = "UPDATE assets SET retired_at = $3 WHERE client_id = $1 AND asset_id = $2";
    TOUCH_SITE = "UPDATE sites SET digests = digests + 1
        WHERE client_id = $1 AND site_id = (SELECT site_id FROM assets WHERE client_id = $1 AND asset_id = $2)";
}

impl Store {
    /// Of a client, by identifier; retired ones too.
    pub async fn assets(&self, client: ClientId) -> Result<Vec<AssetRow>> {
        self.list(&OF_CLIENT, args![client], read).await
    }

    /// The latest of every printer of a site, the longest known first; retired ones too.
    pub async fn printer_facts(&self, client: ClientId, site: SiteId) -> Result<Vec<Observation>> {
        self.list(&PRINTERS, args![client, site], |row| parse_json(&row.get::<String>(0)?)).await
    }

    pub async fn asset(&self, client: ClientId, asset: &AssetId) -> Result<Option<AssetRow>> {
        self.find(&ONE, args![client, &asset.0], read).await
    }

    /// What the host last saw, by identifier.
    pub async fn assets_of_host(&self, client: ClientId, host: HostId) -> Result<Vec<AssetRow>> {
        self.list(&OF_HOST, args![client, host], read).await
    }

    pub async fn set_scope(&self, client: ClientId, asset: &AssetId, in_scope: bool) -> Result<()> {
        self.change(&SET_SCOPE, args![client, &asset.0, in_scope], "asset").await?;
        self.db.execute(&TOUCH_SITE, args![client, &asset.0]).await.map(drop)
    }

    pub async fn set_people(&self, client: ClientId, asset: &AssetId, people: Option<u32>) -> Result<()> {
        self.change(&SET_PEOPLE, args![client, &asset.0, people], "asset").await
    }

    /// Takes it out of service; it comes back when it is observed again after `now`.
    pub async fn retire_asset(&self, client: ClientId, asset: &AssetId, now: Timestamp) -> Result<()> {
        self.change(&RETIRE, args![client, &asset.0, now], "asset").await?;
        self.db.execute(&TOUCH_SITE, args![client, &asset.0]).await.map(drop)
    }
}

/// The assets in service of one site, within a transaction.
pub(crate) async fn of_site(tx: &mut Tx, client: ClientId, site: SiteId) -> Result<Vec<AssetRow>> {
    tx.list(&OF_SITE, args![client, site], read).await
}

/// One asset, within a transaction.
pub(crate) async fn one(tx: &mut Tx, client: ClientId, asset: &AssetId) -> Result<Option<AssetRow>> {
    tx.one(&ONE, args![client, &asset.0]).await?.as_ref().map(read).transpose()
}

/// As people call it: `/home on FRONTDESK`, but a host or a printer by its name alone.
fn shown_name(asset: &AssetId, name: &str, host: Option<&str>) -> String {
    match (asset.kind(), host) {
        (None | Some(AssetKind::Host | AssetKind::Printer), _) | (_, None) => name.to_owned(),
        (Some(_), Some(host)) => format!("{name} on {host}"),
    }
}

/// What to call an asset of which perhaps nothing but the title of its ticket is known: a supply has no row of its
/// own, and that title names its printer.
pub(crate) fn name_of(asset: &AssetId, title: Option<&str>, name: Option<&str>, host: Option<&str>) -> String {
    match (asset.printer(), title.and_then(|title| title.split_once(": "))) {
        (Some(_), Some((_, supply))) => supply.to_owned(),
        _ => shown_name(asset, name.unwrap_or_else(|| asset.fallback_name()), host),
    }
}

pub(crate) fn read(row: &Row) -> Result<AssetRow> {
    let id: AssetId = row.get(2)?;
    let name = shown_name(&id, &row.get::<String>(4)?, row.get::<Option<String>>(5)?.as_deref());
    Ok(AssetRow {
        client: row.get(0)?,
        site: row.get(1)?,
        id,
        host: row.get(3)?,
        name,
        first_seen: row.get(6)?,
        seen_at: row.get(7)?,
        facts: parse_json(&row.get::<String>(8)?)?,
        in_scope: row.get(9)?,
        retired_at: row.get(10)?,
        people: row.get(11)?,
    })
}
