//! Reading measurements, whether they lie in the tail or in sealed chunks.

use crate::{Store, codec, engine::Row, error::Result, series::id_of, sql::statements, value::args};
use beforehand_core::{
    asset::AssetId,
    series::{Hour, Metric, Sample},
};
use beforehand_shared::{ids::ClientId, time::Timestamp};

statements! {
    TAIL = "SELECT CAST(string_agg(data, '') AS BLOB) FROM tail
        WHERE client_id = $1 AND series_id = $2 AND hour >= $3 AND hour < $4
        GROUP BY series_id";
    CHUNKS = "SELECT i.data, c.data FROM chunks AS c
        JOIN instants AS i ON i.client_id = c.client_id AND i.day = c.day AND i.instants = c.instants
        WHERE c.client_id = $1 AND c.series_id = $2 AND c.day >= $3 AND c.day < $4 ORDER BY c.day";
    HOURS = "SELECT CAST(string_agg(data, '') AS BLOB) FROM hours
        WHERE client_id = $1 AND series_id = $2 AND day >= $3 AND day < $4
        GROUP BY series_id";
    SERIES = "SELECT metric FROM series WHERE client_id = $1 AND asset_id = $2 ORDER BY metric";
}

impl Store {
    /// Samples of the half-open span, ascending, each instant once.
    pub async fn samples(
        &self,
        client: ClientId,
        asset: &AssetId,
        metric: &Metric,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<Sample>> {
        let id = id_of(asset, metric);
        let mut samples = vec![];
        for row in self.db.all(&CHUNKS, args![client, id, from.day_start(), to]).await? {
            samples.extend(chunk(&row, 0)?);
        }
        if let Some(row) = self.one(&TAIL, args![client, id, from.hour_start(), to]).await? {
            samples.extend(codec::from_tail(&row.get::<Vec<u8>>(0)?)?);
        }
        codec::in_order(&mut samples);
        samples.retain(|sample| (from..to).contains(&sample.at));
        Ok(samples)
    }

    /// Hours that begin in the half-open span, ascending; hours without samples are absent.
    pub async fn hours(
        &self,
        client: ClientId,
        asset: &AssetId,
        metric: &Metric,
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Vec<Hour>> {
        let id = id_of(asset, metric);
        let sealed = self.one(&HOURS, args![client, id, from.day_start(), to]).await?;
        let sealed = sealed.map_or(Ok(vec![]), |row| codec::from_hours(&row.get::<Vec<u8>>(0)?))?;
        let tail = self.one(&TAIL, args![client, id, from, to]).await?;
        let tail = tail.map_or(Ok(vec![]), |row| codec::from_tail(&row.get::<Vec<u8>>(0)?))?;
        let mut hours = codec::merged(sealed, codec::summed(&tail));
        hours.retain(|hour| (from..to).contains(&hour.at));
        Ok(hours)
    }

    /// What is measured of the asset.
    pub async fn series_of(&self, client: ClientId, asset: &AssetId) -> Result<Vec<Metric>> {
        self.list(&SERIES, args![client, &asset.0], |row| row.get(0)).await
    }
}

/// The samples of a chunk whose instants stand in column `from` and whose values in the next.
pub(crate) fn chunk(row: &Row, from: usize) -> Result<Vec<Sample>> {
    codec::from_chunk(&row.get::<Vec<u8>>(from)?, &row.get::<Vec<u8>>(from + 1)?)
}
