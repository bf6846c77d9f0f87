//! What frames said, made searchable: one transaction, which changes nothing when repeated.

use crate::{
    Store, connections,
    engine::Tx,
    error::Result,
    found,
    found::FoundRow,
    gaps, series,
    sql::statements,
    value::{args, json, parse_json},
};
use beforehand_core::{
    asset::AssetId,
    input::ProbeHealth,
    network::change::Change,
    series::{Metric, Sample},
    unpack::FactUpdate,
};
use beforehand_shared::{
    host::Host,
    ids::{ClientId, HostId, Incarnation, SiteId},
    report::{GapReason, Goodbye},
    time::{Millis, Timestamp},
};
use std::{collections::BTreeMap, net::IpAddr};

/// Printers that were not found again for so long are forgotten.
const FOUND: Millis = Millis::days(30);

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
    pub found: Vec<FoundRow>,
    /// What is another way in the machines' connections than it was.
    pub changes: Vec<Change>,
}

/// What a report says about its host. Of several the latest stands.
#[derive(Debug, Clone, PartialEq)]
pub struct HostUpdate {
    pub host: HostId,
    /// When the report arrived.
    pub received_at: Timestamp,
    /// From where it came.
    pub peer: Option<IpAddr>,
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

statements! {
    HOSTS = "SELECT host_id, last_report, probes FROM hosts
        WHERE client_id = $1 AND host_id IN (SELECT k.value ->> 0 FROM json_each($2) AS k)
        ORDER BY host_id", for update;
    UPDATE_HOSTS = "UPDATE hosts SET
            probes = k.value ->> 1,
            last_report = COALESCE(CAST(k.value ->> 2 AS BIGINT), last_report),
            goodbye = CASE WHEN k.value ->> 2 IS NULL THEN goodbye ELSE k.value ->> 3 END,
            name = COALESCE(k.value ->> 4, name),
            os = COALESCE(k.value ->> 5, os),
            agent = COALESCE(k.value ->> 6, agent),
            booted_at = COALESCE(CAST(k.value ->> 7 AS BIGINT), booted_at),
            platform = COALESCE(k.value ->> 8, platform),
            started_at = COALESCE(CAST(k.value ->> 9 AS BIGINT), started_at),
            peer = COALESCE(k.value ->> 10, peer)
        FROM json_each($2) AS k WHERE hosts.client_id = $1 AND hosts.host_id = k.value ->> 0";
    FACTS = "INSERT INTO assets (client_id, asset_id, site_id, host_id, name, first_seen, seen_at, facts)
        SELECT $1, k.value ->> 0, $2, k.value ->> 1, k.value ->> 2, CAST(k.value ->> 3 AS BIGINT),
            CAST(k.value ->> 4 AS BIGINT), k.value ->> 5
        FROM json_each($3) AS k WHERE true
        ON CONFLICT (client_id, asset_id) DO UPDATE SET site_id = excluded.site_id, host_id = excluded.host_id,
            name = excluded.name, seen_at = excluded.seen_at, facts = excluded.facts,
            retired_at = CASE WHEN assets.retired_at < excluded.seen_at THEN NULL ELSE assets.retired_at END
        WHERE excluded.seen_at >= assets.seen_at";
    COUNT_SITE = "UPDATE sites SET digests = digests + 1 WHERE client_id = $1 AND site_id = $2";
}

impl Store {
    /// Facts, samples, gaps and the state of hosts, and marks the frames as digested.
    pub async fn digest(&self, digest: &Digest) -> Result<Digested> {
        let mut tx = self.begin().await?;
        let marked = tx.execute(&crate::frames::MARK, args![digest.client, json(&digest.frames)?]).await?;
        if marked == 0 && !digest.frames.is_empty() {
            return Ok(Digested::default());
        }
        update_hosts(&mut tx, digest).await?;
        upsert_facts(&mut tx, digest).await?;
        let host_of = digest.facts.iter().map(|fact| (fact.asset.clone(), fact.host)).collect();
        let refused_samples = series::append(&mut tx, digest.client, &digest.samples, &host_of).await?;
        gaps::store(&mut tx, digest.client, &digest.gaps).await?;
        let latest = digest.found.iter().map(|row| row.seen_at).max().unwrap_or_default();
        found::put(&mut tx, digest.client, &digest.found, latest.minus(FOUND)).await?;
        connections::put(&mut tx, digest).await?;
        tx.execute(&COUNT_SITE, args![digest.client, digest.site]).await?;
        tx.commit().await?;
        Ok(Digested { frames: marked, refused_samples })
    }
}

async fn update_hosts(tx: &mut Tx, digest: &Digest) -> Result<()> {
    let mut updates: BTreeMap<HostId, Vec<&HostUpdate>> = BTreeMap::new();
    for update in &digest.host_updates {
        updates.entry(update.host).or_default().push(update);
    }
    let keys = json(&updates.keys().map(|host| [host]).collect::<Vec<_>>())?;
    let mut rows = vec![];
    for row in tx.all(&HOSTS, args![digest.client, keys]).await? {
        let host: HostId = row.get(0)?;
        let known: Option<Timestamp> = row.get(1)?;
        let mut probes: BTreeMap<String, ProbeHealth> = parse_json(&row.get::<String>(2)?)?;
        let mut updates = updates.remove(&host).unwrap_or_default();
        updates.sort_by_key(|update| update.received_at);
        for (name, health) in updates.iter().flat_map(|update| &update.probes) {
            if probes.get(name).is_none_or(|known| known.at <= health.at) {
                probes.insert(name.clone(), health.clone());
            }
        }
        let latest = updates.last().filter(|update| known.is_none_or(|known| known <= update.received_at));
        let goodbye = latest.and_then(|update| update.goodbye).map(|goodbye| json(&goodbye)).transpose()?;
        let about = latest.and_then(|_| updates.iter().rev().find_map(|update| update.about.as_ref()));
        rows.push((
            host,
            json(&probes)?,
            latest.map(|update| update.received_at),
            goodbye,
            about.map(|about| &about.name),
            about.map(|about| &about.os),
            about.map(|about| &about.agent),
            about.map(|about| about.booted_at),
            about.and_then(|about| Some(&about.updates.as_ref()?.platform)),
            about.and_then(|about| about.started_at),
            latest.and_then(|update| update.peer),
        ));
    }
    tx.execute(&UPDATE_HOSTS, args![digest.client, json(&rows)?]).await.map(drop)
}

/// Of several facts about an asset the latest stands, in the digest as in the store.
async fn upsert_facts(tx: &mut Tx, digest: &Digest) -> Result<()> {
    let mut latest: BTreeMap<&AssetId, (Timestamp, &FactUpdate)> = BTreeMap::new();
    for fact in &digest.facts {
        let (first_seen, kept) = latest.entry(&fact.asset).or_insert((fact.at, fact));
        *first_seen = fact.at.min(*first_seen);
        if fact.at >= kept.at {
            *kept = fact;
        }
    }
    let mut rows = vec![];
    for (asset, (first_seen, fact)) in latest {
        rows.push((asset, fact.host, &fact.name, first_seen, fact.at, json(&fact.observation)?));
    }
    tx.execute(&FACTS, args![digest.client, digest.site, json(&rows)?]).await.map(drop)
}
