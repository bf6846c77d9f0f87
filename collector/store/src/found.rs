//! Printers that agents found and that nobody watches.

use crate::{
    Store,
    engine::{Row, Tx},
    error::{Result, StoreError},
    sql::statements,
    value::{args, json},
};
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    time::Timestamp,
};
use std::{collections::BTreeMap, net::IpAddr};

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoundRow {
    pub site: SiteId,
    pub address: IpAddr,
    /// Who found it.
    pub host: HostId,
    /// Empty where it was not told.
    pub model: String,
    /// For people.
    pub how: String,
    pub seen_at: Timestamp,
}

statements! {
    PUT = "INSERT INTO found_printers (client_id, site_id, address, host_id, model, how, seen_at)
        SELECT $1, k.value ->> 0, k.value ->> 1, k.value ->> 2, k.value ->> 3, k.value ->> 4,
            CAST(k.value ->> 5 AS BIGINT)
        FROM json_each($2) AS k WHERE true
        ON CONFLICT (client_id, site_id, address) DO UPDATE SET host_id = excluded.host_id,
            model = excluded.model, how = excluded.how, seen_at = excluded.seen_at
        WHERE excluded.seen_at >= found_printers.seen_at";
    OF_CLIENT = "SELECT site_id, address, host_id, model, how, seen_at FROM found_printers
        WHERE client_id = $1 AND seen_at >= $2 ORDER BY site_id, address";
    FORGET = "DELETE FROM found_printers WHERE client_id = $1 AND seen_at < $2";
}

impl Store {
    /// Found at `since` or later, by site and address.
    pub async fn found_printers(&self, client: ClientId, since: Timestamp) -> Result<Vec<FoundRow>> {
        self.list(&OF_CLIENT, args![client, since], read).await
    }
}

/// Keeps what was found, the latest of each address, and forgets what was found before `forget`.
pub(crate) async fn put(tx: &mut Tx, client: ClientId, found: &[FoundRow], forget: Timestamp) -> Result<()> {
    if found.is_empty() {
        return Ok(());
    }
    let mut latest: BTreeMap<(SiteId, IpAddr), &FoundRow> = BTreeMap::new();
    for row in found {
        let kept = latest.entry((row.site, row.address)).or_insert(row);
        if row.seen_at >= kept.seen_at {
            *kept = row;
        }
    }
    let rows: Vec<_> = latest
        .values()
        .map(|row| (row.site, row.address.to_string(), row.host, &row.model, &row.how, row.seen_at))
        .collect();
    tx.execute(&PUT, args![client, json(&rows)?]).await?;
    tx.execute(&FORGET, args![client, forget]).await.map(drop)
}

fn read(row: &Row) -> Result<FoundRow> {
    let address: String = row.get(1)?;
    Ok(FoundRow {
        site: row.get(0)?,
        address: address.parse().map_err(|_| StoreError::Corrupt(format!("{address:?} is not an address")))?,
        host: row.get(2)?,
        model: row.get(3)?,
        how: row.get(4)?,
        seen_at: row.get(5)?,
    })
}
