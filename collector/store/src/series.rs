//! Series: one metric of one asset each.

use crate::{
    engine::{Bulk, Column, Tx},
    error::Result,
    sql::statements,
    value::{args, int, json},
};
use beforehand_core::{
    asset::AssetId,
    series::{Metric, Sample},
};
use beforehand_shared::{
    ids::{ClientId, HostId},
    limits,
};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};

statements! {
    KNOWN = "SELECT s.series_id FROM json_each($2) AS k
        JOIN series AS s ON s.client_id = $1 AND s.series_id = CAST(k.value ->> 0 AS BIGINT)";
    COUNT = "SELECT COUNT(*) FROM series WHERE client_id = $1 AND host_id = $2";
    INSERT = "INSERT INTO series (client_id, series_id, asset_id, metric, host_id)
        SELECT $1, CAST(k.value ->> 0 AS BIGINT), k.value ->> 1, k.value ->> 2, k.value ->> 3
        FROM json_each($2) AS k WHERE true
        ON CONFLICT (client_id, asset_id, metric) DO NOTHING";
    REFUSED = "UPDATE hosts SET refused_samples = refused_samples + $3 WHERE client_id = $1 AND host_id = $2";
}

/// Samples that were measured of one asset.
pub(crate) type Measured = (AssetId, Metric, Vec<Sample>);

/// The number of a series follows from its name: nothing to look up, nothing to agree upon. With
/// 63 bits two of a million series share a number once in ten million clients; the second is then
/// refused by the key, never mixed with the first.
pub(crate) fn id_of(asset: &AssetId, metric: &Metric) -> i64 {
    let digest = Sha256::digest(format!("{asset}\n{metric}"));
    let first = digest.iter().take(8).fold(0u64, |number, byte| number << 8 | u64::from(*byte));
    int(first >> 1)
}

/// Appends samples to the tail. Those of a host that has too many series already are left out,
/// counted in its row and in the result.
pub(crate) async fn append(
    tx: &mut Tx,
    client: ClientId,
    samples: &[Measured],
    host_of: &BTreeMap<AssetId, HostId>,
) -> Result<u64> {
    let (refused, refused_samples) = register(tx, client, samples, host_of).await?;
    let mut hours: BTreeMap<(i64, i64), Vec<Sample>> = BTreeMap::new();
    for (asset, metric, samples) in samples {
        let id = id_of(asset, metric);
        for sample in samples.iter().filter(|_| !refused.contains(&id)) {
            hours.entry((id, sample.at.hour_start().0)).or_default().push(*sample);
        }
    }
    let columns = [
        ("client_id", Column::Texts(vec![client.to_string(); hours.len()])),
        ("series_id", Column::Ints(hours.keys().map(|(id, _)| *id).collect())),
        ("hour", Column::Ints(hours.keys().map(|(_, hour)| *hour).collect())),
        ("data", Column::Blobs(hours.values().map(|samples| crate::codec::tail(samples)).collect())),
    ];
    tx.insert(Bulk { table: "tail", columns: &columns, then: APPEND }).await?;
    Ok(refused_samples)
}

const APPEND: &str = "ON CONFLICT (client_id, series_id, hour)
    DO UPDATE SET data = CAST(tail.data || excluded.data AS BLOB)";

/// Makes the series that do not exist yet; returns those that may not.
async fn register(
    tx: &mut Tx,
    client: ClientId,
    samples: &[Measured],
    host_of: &BTreeMap<AssetId, HostId>,
) -> Result<(BTreeSet<i64>, u64)> {
    let ids: BTreeSet<i64> = samples.iter().map(|(asset, metric, _)| id_of(asset, metric)).collect();
    let keys = json(&ids.iter().map(|id| [id]).collect::<Vec<_>>())?;
    let known: BTreeSet<i64> = tx.list(&KNOWN, args![client, keys], |row| row.get(0)).await?.into_iter().collect();
    let mut fresh: BTreeMap<Option<HostId>, BTreeMap<i64, &Measured>> = BTreeMap::new();
    for measured in samples {
        let id = id_of(&measured.0, &measured.1);
        if !known.contains(&id) {
            let host = measured.0.host().or_else(|| host_of.get(&measured.0).copied());
            fresh.entry(host).or_default().insert(id, measured);
        }
    }
    let (mut refused, mut refused_samples) = (BTreeSet::new(), 0);
    for (host, fresh) in fresh {
        let host = host.map(|host| host.to_string()).unwrap_or_default();
        let used = tx.one(&COUNT, args![client, &host]).await?.map_or(Ok(0u64), |row| row.get(0))?;
        let room = (limits::SERIES_PER_HOST as u64).saturating_sub(used) as usize;
        let rows: Vec<_> = fresh.iter().take(room).map(|(id, (asset, metric, _))| (id, asset, metric, &host)).collect();
        tx.execute(&INSERT, args![client, json(&rows)?]).await?;
        let over: Vec<_> = fresh.iter().skip(room).collect();
        let lost = over.iter().map(|(_, (_, _, samples))| samples.len() as u64).sum();
        if lost > 0 {
            tx.execute(&REFUSED, args![client, &host, int(lost)]).await?;
        }
        refused.extend(over.into_iter().map(|(id, _)| *id));
        refused_samples += lost;
    }
    Ok((refused, refused_samples))
}
