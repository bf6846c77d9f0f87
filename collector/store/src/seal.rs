//! Sealing: samples of days that are over move from the tail into compressed chunks.

use crate::{
    Store, codec,
    engine::{Bulk, Column, Tx},
    error::Result,
    samples::chunk,
    sql::statements,
    value::{args, json},
};
use beforehand_core::series::Sample;
use beforehand_shared::{
    ids::ClientId,
    time::{Millis, Timestamp},
};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

statements! {
    DUE = "SELECT client_id, series_id, hour FROM tail WHERE hour < $1 ORDER BY hour LIMIT $2";
    TAKE = "DELETE FROM tail WHERE client_id = $1 AND hour >= $2 AND hour < $3
        AND series_id IN (SELECT CAST(k.value ->> 0 AS BIGINT) FROM json_each($4) AS k)
        RETURNING series_id, data";
    SEALED = "SELECT c.series_id, i.data, c.data FROM chunks AS c
        JOIN instants AS i ON i.client_id = c.client_id AND i.day = c.day AND i.instants = c.instants
        WHERE c.client_id = $1 AND c.day = $2
            AND c.series_id IN (SELECT CAST(k.value ->> 0 AS BIGINT) FROM json_each($3) AS k)";
    DROP_INSTANTS = "DELETE FROM instants WHERE client_id = $1 AND day = $2
        AND NOT EXISTS (SELECT 1 FROM chunks AS c WHERE c.client_id = $1 AND c.day = $2
            AND c.instants = instants.instants)";
}

const PUT_CHUNK: &str = "ON CONFLICT (client_id, series_id, day)
    DO UPDATE SET instants = excluded.instants, n = excluded.n, data = excluded.data";
const PUT_INSTANTS: &str = "ON CONFLICT (client_id, day, instants) DO NOTHING";
const PUT_HOURS: &str = "ON CONFLICT (client_id, series_id, day) DO UPDATE SET data = excluded.data";
/// Hours of a day in the tail, at most.
const HOURS: u32 = 24;

/// What one call of [`Store::seal`] did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Sealed {
    /// Pairs of series and day.
    pub days: u64,
    pub samples: u64,
    /// Size of the chunks written, instants and hours included.
    pub bytes: u64,
}

impl Store {
    /// Seals days that ended before `before`, about `limit` pairs of series and day. Call it again
    /// until `days` is 0. A sealed day that got late samples is opened and sealed again.
    pub async fn seal(&self, before: Timestamp, limit: u32) -> Result<Sealed> {
        let rows = args![before.day_start(), limit.saturating_mul(HOURS)];
        let mut due: BTreeMap<(Timestamp, ClientId), Vec<i64>> = BTreeMap::new();
        for row in self.db.all(&DUE, rows).await? {
            let hour: Timestamp = row.get(2)?;
            due.entry((hour.day_start(), row.get(0)?)).or_default().push(row.get(1)?);
        }
        let mut sealed = Sealed::default();
        for ((day, client), mut series) in due {
            series.sort_unstable();
            series.dedup();
            let mut tx = self.begin().await?;
            let days = take(&mut tx, (client, day), &series).await?;
            let done = put(&mut tx, (client, day), &days).await?;
            tx.commit().await?;
            sealed.days += done.days;
            sealed.samples += done.samples;
            sealed.bytes += done.bytes;
        }
        Ok(sealed)
    }
}

/// Takes the day's samples out of the tail and joins those already sealed.
async fn take(tx: &mut Tx, (client, day): (ClientId, Timestamp), series: &[i64]) -> Result<BTreeMap<i64, Vec<Sample>>> {
    let keys = json(&series.iter().map(|id| [id]).collect::<Vec<_>>())?;
    let mut tails: BTreeMap<i64, Vec<u8>> = BTreeMap::new();
    for row in tx.all(&TAKE, args![client, day, day.plus(Millis::DAY), &keys]).await? {
        tails.entry(row.get(0)?).or_default().extend(row.get::<Vec<u8>>(1)?);
    }
    let mut days: BTreeMap<i64, Vec<Sample>> = BTreeMap::new();
    for row in tx.all(&SEALED, args![client, day, &keys]).await? {
        let id: i64 = row.get(0)?;
        if tails.contains_key(&id) {
            days.insert(id, chunk(&row, 1)?);
        }
    }
    for (id, tail) in tails {
        let samples = days.entry(id).or_default();
        samples.extend(codec::from_tail(&tail)?);
        codec::in_order(samples);
    }
    Ok(days)
}

async fn put(tx: &mut Tx, (client, day): (ClientId, Timestamp), days: &BTreeMap<i64, Vec<Sample>>) -> Result<Sealed> {
    let (mut instants, mut hashes, mut values, mut hours) = (BTreeMap::new(), vec![], vec![], vec![]);
    for samples in days.values() {
        let packed = codec::instants(samples)?;
        let digest = Sha256::digest(&packed);
        let hash = digest.iter().take(8).fold(0i64, |hash, byte| hash << 8 | i64::from(*byte));
        instants.insert(hash, packed);
        hashes.push(hash);
        values.push(codec::values(samples)?);
        hours.push(codec::hours(day, &codec::summed(samples)));
    }
    let bytes = instants.values().chain(&values).chain(&hours).map(|blob| blob.len() as u64).sum();
    let counts: Vec<i64> = days.values().map(|samples| samples.len() as i64).collect();
    let sealed = Sealed { days: days.len() as u64, samples: counts.iter().sum::<i64>() as u64, bytes };
    let clients = |n: usize| ("client_id", Column::Texts(vec![client.to_string(); n]));
    let series = || ("series_id", Column::Ints(days.keys().copied().collect()));
    let day_of = |n: usize| ("day", Column::Ints(vec![day.0; n]));
    let (n, m) = (days.len(), instants.len());
    let columns = [
        clients(m),
        day_of(m),
        ("instants", Column::Ints(instants.keys().copied().collect())),
        ("data", Column::Blobs(instants.into_values().collect())),
    ];
    tx.insert(Bulk { table: "instants", columns: &columns, then: PUT_INSTANTS }).await?;
    let (hashes, counts) = (("instants", Column::Ints(hashes)), ("n", Column::Ints(counts)));
    let columns = [clients(n), series(), day_of(n), hashes, counts, ("data", Column::Blobs(values))];
    tx.insert(Bulk { table: "chunks", columns: &columns, then: PUT_CHUNK }).await?;
    let columns = [clients(n), series(), day_of(n), ("data", Column::Blobs(hours))];
    tx.insert(Bulk { table: "hours", columns: &columns, then: PUT_HOURS }).await?;
    tx.execute(&DROP_INSTANTS, args![client, day]).await?;
    Ok(sealed)
}
