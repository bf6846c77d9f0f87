//! What the page of a site reads: measurements of many assets with a number of queries that does not grow with them.

use crate::{
    Store,
    assets::AssetRow,
    codec,
    engine::Row,
    error::Result,
    samples::chunk,
    sql::statements,
    value::{args, json, parse_json},
};
use beforehand_core::{
    asset::AssetId,
    case::CaseId,
    series::{Hour, Metric, Sample},
    site::LineContract,
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};
use std::collections::{BTreeMap, BTreeSet};

statements! {
    LINE = "SELECT line FROM sites WHERE client_id = $1 AND site_id = $2";
    SET_LINE = "UPDATE sites SET line = $3 WHERE client_id = $1 AND site_id = $2";
    ASSETS = "SELECT a.client_id, a.site_id, a.asset_id, a.host_id, a.name, h.name,
        a.first_seen, a.seen_at, a.facts, a.in_scope, a.retired_at, a.people
        FROM assets AS a LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        WHERE a.client_id = $1 AND a.site_id = $2 AND a.retired_at IS NULL
            AND (a.asset_id LIKE 'link:%' OR a.asset_id LIKE 'interface:%' OR a.asset_id LIKE 'route:%' OR a.asset_id LIKE 'resolver:%' OR a.asset_id LIKE 'endpoint:%')
        ORDER BY a.asset_id";
    NUMBERS = "SELECT t.case_id, t.number FROM tickets AS t
        JOIN json_each($2) AS k ON k.value ->> 0 = t.case_id WHERE t.client_id = $1";
    HOURS = "SELECT s.asset_id, s.metric, (SELECT CAST(string_agg(h.data, '') AS BLOB) FROM hours AS h
            WHERE h.client_id = s.client_id AND h.series_id = s.series_id AND h.day >= $4 AND h.day < $5)
        FROM json_each($2) AS k JOIN series AS s ON s.client_id = $1 AND s.asset_id = k.value ->> 0
        WHERE s.metric IN (SELECT m.value ->> 0 FROM json_each($3) AS m)";
    TAIL = "SELECT s.asset_id, s.metric, (SELECT CAST(string_agg(t.data, '') AS BLOB) FROM tail AS t
            WHERE t.client_id = s.client_id AND t.series_id = s.series_id AND t.hour >= $4 AND t.hour < $5)
        FROM json_each($2) AS k JOIN series AS s ON s.client_id = $1 AND s.asset_id = k.value ->> 0
        WHERE s.metric IN (SELECT m.value ->> 0 FROM json_each($3) AS m)";
    CHUNKS = "SELECT s.asset_id, s.metric, i.data, c.data
        FROM json_each($2) AS k JOIN series AS s ON s.client_id = $1 AND s.asset_id = k.value ->> 0
        JOIN chunks AS c ON c.client_id = s.client_id AND c.series_id = s.series_id
            AND c.day IN (SELECT CAST(d.value ->> 0 AS BIGINT) FROM json_each($4) AS d)
        JOIN instants AS i ON i.client_id = c.client_id AND i.day = c.day AND i.instants = c.instants
        WHERE s.metric IN (SELECT m.value ->> 0 FROM json_each($3) AS m) ORDER BY c.day";
}

/// By asset and metric; what was not measured is absent.
type Of<T> = BTreeMap<(AssetId, Metric), Vec<T>>;

impl Store {
    /// What was agreed about the site's line; nothing of it where nothing was entered.
    pub async fn line_contract(&self, client: ClientId, site: SiteId) -> Result<LineContract> {
        let text = self.find(&LINE, args![client, site], |row| row.get::<String>(0)).await?;
        text.map_or_else(|| Ok(LineContract::default()), |text| parse_json(&text))
    }

    /// # Errors
    /// `NotFound`.
    pub async fn set_line_contract(&self, client: ClientId, site: SiteId, line: &LineContract) -> Result<()> {
        self.change(&SET_LINE, args![client, site, json(line)?], "site").await
    }

    /// Links, interfaces, routes, name servers and addresses of a site in service, by identifier.
    pub async fn network_assets(&self, client: ClientId, site: SiteId) -> Result<Vec<AssetRow>> {
        self.list(&ASSETS, args![client, site], crate::assets::read).await
    }

    /// The numbers of the tickets that these cases have.
    pub async fn ticket_numbers(&self, client: ClientId, cases: &[CaseId]) -> Result<BTreeMap<CaseId, i64>> {
        let keys: Vec<[&str; 1]> = cases.iter().map(|case| [case.0.as_str()]).collect();
        let rows = self.list(&NUMBERS, args![client, json(&keys)?], |row| Ok((row.get(0)?, row.get(1)?))).await?;
        Ok(rows.into_iter().collect())
    }

    /// As [`Store::hours`], of many series.
    pub async fn hours_of(
        &self,
        client: ClientId,
        (assets, metrics): (&[AssetId], &[Metric]),
        (from, to): (Timestamp, Timestamp),
    ) -> Result<Of<Hour>> {
        let (assets, metrics) = (names(assets)?, words(metrics)?);
        let mut all: Of<Hour> = BTreeMap::new();
        for row in self.db.all(&HOURS, args![client, &assets, &metrics, from.day_start(), to]).await? {
            if let Some(data) = row.get::<Option<Vec<u8>>>(2)? {
                all.insert(named(&row)?, codec::from_hours(&data)?);
            }
        }
        for (name, samples) in self.tails(args![client, &assets, &metrics, from.hour_start(), to]).await? {
            let hours = all.entry(name).or_default();
            *hours = codec::merged(std::mem::take(hours), codec::summed(&samples));
        }
        for hours in all.values_mut() {
            hours.retain(|hour| (from..to).contains(&hour.at));
        }
        all.retain(|_, hours| !hours.is_empty());
        Ok(all)
    }

    /// As [`Store::samples`], of many series over some UTC days.
    pub async fn samples_of(
        &self,
        client: ClientId,
        (assets, metrics): (&[AssetId], &[Metric]),
        days: &BTreeSet<Timestamp>,
    ) -> Result<Of<Sample>> {
        let (Some(first), Some(last)) = (days.first(), days.last()) else { return Ok(BTreeMap::new()) };
        let (assets, metrics) = (names(assets)?, words(metrics)?);
        let list = json(&days.iter().map(|day| [day.0]).collect::<Vec<_>>())?;
        let mut all: Of<Sample> = BTreeMap::new();
        for row in self.db.all(&CHUNKS, args![client, &assets, &metrics, &list]).await? {
            all.entry(named(&row)?).or_default().extend(chunk(&row, 2)?);
        }
        let span = args![client, &assets, &metrics, *first, last.plus(Millis::DAY)];
        for (name, samples) in self.tails(span).await? {
            all.entry(name).or_default().extend(samples);
        }
        for samples in all.values_mut() {
            codec::in_order(samples);
            samples.retain(|sample| days.contains(&sample.at.day_start()));
        }
        all.retain(|_, samples| !samples.is_empty());
        Ok(all)
    }

    async fn tails(&self, values: Vec<crate::value::Value>) -> Result<Of<Sample>> {
        let mut all = BTreeMap::new();
        for row in self.db.all(&TAIL, values).await? {
            if let Some(data) = row.get::<Option<Vec<u8>>>(2)? {
                all.insert(named(&row)?, codec::from_tail(&data)?);
            }
        }
        Ok(all)
    }
}

fn named(row: &Row) -> Result<(AssetId, Metric)> {
    Ok((row.get(0)?, row.get(1)?))
}

fn names(assets: &[AssetId]) -> Result<String> {
    json(&assets.iter().map(|asset| [asset.0.as_str()]).collect::<Vec<_>>())
}

fn words(metrics: &[Metric]) -> Result<String> {
    json(&metrics.iter().map(|metric| [metric]).collect::<Vec<_>>())
}
