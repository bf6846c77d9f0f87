//! How the machines are on the network: what changed, and how the agents of a site share the work of watching it.

use crate::{
    Store,
    digest::Digest,
    engine::{Row, Tx},
    error::{Result, StoreError},
    sql::statements,
    value::{args, json, parse_json},
};
use beforehand_core::network::{
    change::{Change, Known, What},
    sharing::Member,
};
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    interface::Interface,
    observation::Observation,
    settings::HandedNetwork,
    time::Timestamp,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// A change as it is kept: of several of one kind in an hour how it was before and after all, and how many they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeRow {
    pub change: Change,
    pub times: u32,
}

/// Agents of one site.
pub type Office = ((ClientId, SiteId), Vec<Member>);

statements! {
    SEEN = "SELECT a.host_id, a.seen_at, a.facts FROM json_each($2) AS k
        JOIN assets AS a ON a.client_id = $1 AND a.host_id = k.value ->> 0
        WHERE a.retired_at IS NULL AND (a.asset_id LIKE 'interface:%' OR a.asset_id LIKE 'route:%') ORDER BY a.seen_at";
    PEERS = "SELECT h.host_id, h.peer FROM json_each($2) AS k
        JOIN hosts AS h ON h.client_id = $1 AND h.host_id = k.value ->> 0 WHERE h.peer <> ''";
    PUT = "INSERT INTO network_changes (client_id, host_id, what, hour, site_id, at, before, after, times)
        SELECT $1, k.value ->> 0, k.value ->> 1, CAST(k.value ->> 2 AS BIGINT), $2, CAST(k.value ->> 3 AS BIGINT),
            k.value ->> 4, k.value ->> 5, CAST(k.value ->> 6 AS BIGINT)
        FROM json_each($3) AS k WHERE true
        ON CONFLICT (client_id, host_id, what, hour) DO UPDATE SET at = excluded.at, after = excluded.after,
            times = network_changes.times + excluded.times";
    OF_SITE = "SELECT host_id, at, what, before, after, times FROM network_changes
        WHERE client_id = $1 AND site_id = $2 AND at >= $3 ORDER BY at DESC, host_id, what LIMIT $4";
    MEMBERS = "SELECT client_id, site_id, host_id, last_report, goodbye, always_on, peer, network
        FROM hosts WHERE retired_at IS NULL ORDER BY client_id, site_id, host_id";
    INTERFACES = "SELECT host_id, facts FROM assets WHERE client_id = $1 AND site_id = $2
        AND asset_id LIKE 'interface:%' AND retired_at IS NULL ORDER BY seen_at";
    HAND = "UPDATE hosts SET network = $3, handed = handed + 1 WHERE client_id = $1 AND host_id = $2 AND network <> $3";
}

impl Store {
    /// What is known of the connections of these hosts, to tell what is another way in their next reports.
    pub async fn connections(&self, client: ClientId, hosts: &BTreeSet<HostId>) -> Result<Known> {
        let (mut known, hosts) = (Known::default(), json(&hosts.iter().map(|host| [host]).collect::<Vec<_>>())?);
        for row in self.db.all(&SEEN, args![client, &hosts]).await? {
            let (host, at, facts) = (row.get(0)?, row.get(1)?, parse_json(&row.get::<String>(2)?)?);
            known.learn(host, at, &facts);
        }
        for row in self.db.all(&PEERS, args![client, &hosts]).await? {
            let Ok(peer) = row.get::<String>(1)?.parse() else { continue };
            known.came_from(row.get(0)?, peer);
        }
        Ok(known)
    }

    /// The latest first, at most `limit`.
    pub async fn network_changes(
        &self,
        (client, site): (ClientId, SiteId),
        from: Timestamp,
        limit: u32,
    ) -> Result<Vec<ChangeRow>> {
        self.list(&OF_SITE, args![client, site, from, limit], |row| {
            let word: String = row.get(2)?;
            let what = What::of_word(&word).ok_or_else(|| StoreError::Corrupt(format!("{word:?} is no change")))?;
            let (host, at, before, after) = (row.get(0)?, row.get(1)?, row.get(3)?, row.get(4)?);
            Ok(ChangeRow { change: Change { host, at, what, before, after }, times: row.get(5)? })
        })
        .await
    }

    /// All agents in service, by site. Of one that is alone at its site the interface is not read: it shares with nobody.
    pub async fn offices(&self) -> Result<Vec<Office>> {
        let mut offices: Vec<Office> = Vec::new();
        for row in self.db.all(&MEMBERS, vec![]).await? {
            let (place, member) = ((row.get(0)?, row.get(1)?), member(&row)?);
            match offices.last_mut() {
                Some((known, members)) if *known == place => members.push(member),
                _ => offices.push((place, vec![member])),
            }
        }
        for ((client, site), members) in offices.iter_mut().filter(|(_, members)| members.len() > 1) {
            let rows = self.db.all(&INTERFACES, args![*client, *site]).await?;
            for row in &rows {
                let (host, facts): (HostId, Observation) = (row.get(0)?, parse_json(&row.get::<String>(1)?)?);
                let Observation::Interface(interface) = facts else { continue };
                if let Some(member) = members.iter_mut().find(|member| member.host == host) {
                    place(member, &interface);
                }
            }
        }
        Ok(offices)
    }

    /// Hands a host its share of the work from now on; says whether that is another one than before.
    pub async fn hand_network(&self, client: ClientId, host: HostId, network: &HandedNetwork) -> Result<bool> {
        Ok(self.db.execute(&HAND, args![client, host, json(network)?]).await? > 0)
    }
}

fn member(row: &Row) -> Result<Member> {
    Ok(Member {
        host: row.get(2)?,
        last_report: row.get(3)?,
        left: row.get::<Option<String>>(4)?.is_some(),
        always_on: row.get::<Option<bool>>(5)?.unwrap_or_default(),
        address: None,
        gateway: None,
        is_wireless: false,
        peer: row.get::<String>(6)?.parse().ok(),
        handed: parse_json(&row.get::<String>(7)?)?,
    })
}

fn place(member: &mut Member, interface: &Interface) {
    let v4 = |address: IpAddr| if let IpAddr::V4(address) = address { Some(address) } else { None };
    member.address = interface.address.and_then(v4);
    member.gateway = interface.gateway;
    member.is_wireless = interface.signal_dbm.is_some();
}

/// Keeps what changed.
pub(crate) async fn put(tx: &mut Tx, digest: &Digest) -> Result<()> {
    let mut rows: BTreeMap<(HostId, What, Timestamp), (Change, u32)> = BTreeMap::new();
    for change in &digest.changes {
        let key = (change.host, change.what, change.at.hour_start());
        let (kept, times) = rows.entry(key).or_insert_with(|| (change.clone(), 0));
        (kept.at, kept.after, *times) = (change.at, change.after.clone(), *times + 1);
    }
    if rows.is_empty() {
        return Ok(());
    }
    let rows: Vec<_> = rows
        .iter()
        .map(|((host, what, hour), (it, times))| (host, what.word(), hour, it.at, &it.before, &it.after, times))
        .collect();
    tx.execute(&PUT, args![digest.client, digest.site, json(&rows)?]).await.map(drop)
}
