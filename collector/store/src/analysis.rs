//! What the analysis reads of a site: everything as of one instant, with a number of queries that
//! does not grow with the site.

use crate::{
    Store, assets,
    assets::AssetRow,
    cases, codec, elsewhere,
    engine::{Row, Tx},
    error::{Result, StoreError},
    forecasts, hosts,
    hosts::HostRow,
    ledger, maintenance,
    samples::chunk,
    sight,
    sql::statements,
    value::{args, json, parse_json},
};
use beforehand_core::{
    asset::AssetId,
    case::CaseId,
    input::{AssetView, HISTORY, HostView, Input, InputBuilder, RECENT, REOPEN_WITHIN, history},
    series::{Hour, Metric, Sample, Series},
    site::{Client, Site},
};
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    time::{Millis, Timestamp},
};
use std::collections::BTreeMap;

// Measurements are joined by subqueries: SQLite answers these from the primary key in order, while
// a grouped join makes it sort the BLOBs, ten times slower.
statements! {
    DUE = "SELECT client_id, site_id, name, digests FROM sites WHERE digests > judged OR judged_at <= $1
        ORDER BY judged_at, client_id, site_id";
    JUDGED = "UPDATE sites SET judged_at = $4, judged = CASE WHEN judged < $3 THEN $3 ELSE judged END
        WHERE client_id = $1 AND site_id = $2";
    SITE = "SELECT s.name, c.doc FROM sites AS s JOIN clients AS c ON c.client_id = s.client_id
        WHERE s.client_id = $1 AND s.site_id = $2";
    TAIL = "SELECT s.asset_id, s.metric, (SELECT CAST(string_agg(t.data, '') AS BLOB) FROM tail AS t
            WHERE t.client_id = s.client_id AND t.series_id = s.series_id AND t.hour <= $3
                AND t.hour >= COALESCE(CAST(k.value ->> 1 AS BIGINT), CAST($4 AS BIGINT)))
        FROM assets AS a JOIN series AS s ON s.client_id = a.client_id AND s.asset_id = a.asset_id
        LEFT JOIN json_each($5) AS k
            ON k.value ->> 0 = CASE WHEN s.metric LIKE 'supply_pct/%' THEN 'supply_pct/' ELSE s.metric END
        WHERE a.client_id = $1 AND a.site_id = $2 AND a.retired_at IS NULL AND a.asset_id LIKE $6";
    CHUNKS = "SELECT s.asset_id, s.metric, i.data, c.data
        FROM assets AS a
        JOIN series AS s ON s.client_id = a.client_id AND s.asset_id = a.asset_id
        JOIN chunks AS c ON c.client_id = s.client_id AND c.series_id = s.series_id AND c.day >= $3 AND c.day <= $4
        JOIN instants AS i ON i.client_id = c.client_id AND i.day = c.day AND i.instants = c.instants
        WHERE a.client_id = $1 AND a.site_id = $2 AND a.retired_at IS NULL AND a.asset_id LIKE $5";
    HOURS = "SELECT s.asset_id, s.metric, (SELECT CAST(string_agg(h.data, '') AS BLOB) FROM hours AS h
            WHERE h.client_id = s.client_id AND h.series_id = s.series_id AND h.day <= $3
                AND h.day >= CAST(k.value ->> 1 AS BIGINT))
        FROM assets AS a JOIN series AS s ON s.client_id = a.client_id AND s.asset_id = a.asset_id
        JOIN json_each($4) AS k
            ON k.value ->> 0 = CASE WHEN s.metric LIKE 'supply_pct/%' THEN 'supply_pct/' ELSE s.metric END
        WHERE a.client_id = $1 AND a.site_id = $2 AND a.retired_at IS NULL AND a.asset_id LIKE $5";
    ACTED = "SELECT t.case_id, MAX(w.at)
        FROM tickets AS t
        JOIN cases AS c ON c.client_id = t.client_id AND c.case_id = t.case_id
        JOIN work AS w ON w.client_id = t.client_id AND w.number = t.number
        WHERE t.client_id = $1 AND t.site_id = $2 AND w.acted = 1 AND w.at <= $4
            AND (c.closed_at IS NULL OR c.closed_at >= $3)
        GROUP BY t.case_id";
}

/// The metrics whose hours are read, and from which day on each; those of supplies by what their words begin with.
fn long(now: Timestamp) -> Vec<(String, Timestamp)> {
    let of_supply = Metric::SupplyPct(String::new());
    let from = |metric: &Metric| Some((metric.to_string(), now.minus(history(metric)?).day_start()));
    Metric::all().cloned().chain([of_supply]).filter_map(|metric| from(&metric)).collect()
}

/// A site that is to be judged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueSite {
    pub site: Site,
    /// How many digests the site had when this was read.
    pub digests: i64,
}

impl Store {
    /// Sites with something new, and those not judged since `now - at_least_every`; the longest
    /// waiting first.
    pub async fn sites_due(&self, now: Timestamp, at_least_every: Millis) -> Result<Vec<DueSite>> {
        self.list(&DUE, args![now.minus(at_least_every)], |row| {
            let site = Site { client: row.get(0)?, id: row.get(1)?, name: row.get(2)? };
            Ok(DueSite { site, digests: row.get(3)? })
        })
        .await
    }

    /// The site was judged with what it knew at [`Store::sites_due`].
    pub async fn mark_analyzed(&self, due: &DueSite, now: Timestamp) -> Result<()> {
        let values = args![due.site.client, due.site.id, due.digests, now];
        self.change(&JUDGED, values, "site").await
    }

    /// All that is known of a site at `now`, read as of one instant. What is out of service is left
    /// out.
    pub async fn load_input(&self, client: ClientId, site: SiteId, now: Timestamp) -> Result<Input> {
        self.input(client, site, now, "%").await
    }

    /// As [`Store::load_input`], with no measurements but those of printers: a page about them need not wait for the rest.
    pub async fn load_printers(&self, client: ClientId, site: SiteId, now: Timestamp) -> Result<Input> {
        self.input(client, site, now, "printer::%").await
    }

    /// With the measurements of the assets that are `LIKE` this.
    async fn input(&self, client: ClientId, site: SiteId, now: Timestamp, like: &str) -> Result<Input> {
        let mut tx = self.db.snapshot().await?;
        let row = tx.one(&SITE, args![client, site]).await?.ok_or(StoreError::NotFound("site"))?;
        let owner: Client = parse_json(&row.get::<String>(1)?)?;
        let cases = cases::of_site(&mut tx, client, site, now.minus(REOPEN_WITHIN)).await?;
        let (closed, open) = cases.into_iter().partition(|case| case.is_closed());
        let hosts = hosts::of_site(&mut tx, client, site).await?;
        let assets = assets::of_site(&mut tx, client, site).await?;
        let series = series(&mut tx, client, site, now, like).await?;
        let elsewhere = elsewhere::of(&mut tx, (&owner, site), &assets, now).await?;
        let builder = InputBuilder {
            hosts: Some(hosts.into_iter().map(host_view).collect()),
            assets: Some(asset_views(assets, series)),
            cases: Some(open),
            closed: Some(closed),
            forecasts: Some(forecasts::open_of_site(&mut tx, client, site).await?),
            maintenance: Some(maintenance::since(&mut tx, client, site, now.minus(HISTORY)).await?),
            records: Some(ledger::records(&mut tx).await?),
            acted: Some(acted(&mut tx, client, site, now).await?),
            orders: Some(owner.orders),
            elsewhere: Some(elsewhere),
            closed_days: Some(owner.closed_days),
            blind: Some(sight::between(&mut tx, now.minus(RECENT), now).await?),
        };
        let site = Site { client, id: site, name: row.get(0)? };
        builder.build(now, site, owner.time_zone).map_err(|missing| StoreError::Other(missing.to_string()))
    }
}

type Named<T> = BTreeMap<(AssetId, Metric), T>;

/// The series of a site: the recent ones as measured, the long ones by hours.
async fn series(tx: &mut Tx, client: ClientId, site: SiteId, now: Timestamp, like: &str) -> Result<Named<Series>> {
    let (recent_from, long) = (now.minus(RECENT), json(&long(now))?);
    let mut tail: Named<Vec<Sample>> = BTreeMap::new();
    for row in tx.all(&TAIL, args![client, site, now, recent_from.hour_start(), &long, like]).await? {
        if let Some(data) = row.get::<Option<Vec<u8>>>(2)? {
            tail.insert(named(&row)?, codec::from_tail(&data)?);
        }
    }
    let mut sealed: Named<Vec<Sample>> = BTreeMap::new();
    for row in tx.all(&CHUNKS, args![client, site, recent_from.day_start(), now, like]).await? {
        sealed.entry(named(&row)?).or_default().extend(chunk(&row, 2)?);
    }
    let mut hours: Named<Vec<Hour>> = BTreeMap::new();
    for row in tx.all(&HOURS, args![client, site, now, &long, like]).await? {
        if let Some(data) = row.get::<Option<Vec<u8>>>(2)? {
            hours.insert(named(&row)?, codec::from_hours(&data)?);
        }
    }
    let mut all = joined(hours, tail, sealed);
    for ((_, metric), series) in &mut all {
        let hours_from = history(metric).map_or(now, |reach| now.minus(reach).hour_start());
        series.hours.retain(|hour| hour.at >= hours_from && hour.at <= now);
        series.recent.retain(|sample| sample.at >= recent_from && sample.at <= now);
    }
    Ok(all)
}

fn joined(hours: Named<Vec<Hour>>, tail: Named<Vec<Sample>>, sealed: Named<Vec<Sample>>) -> Named<Series> {
    let mut all: Named<Series> = BTreeMap::new();
    for (name, hours) in hours {
        all.entry(name).or_default().hours = hours;
    }
    for (name, samples) in tail {
        let long = history(&name.1).is_some();
        let series = all.entry(name).or_default();
        if long {
            series.hours = codec::merged(std::mem::take(&mut series.hours), codec::summed(&samples));
        }
        series.recent = samples;
    }
    for (name, samples) in sealed {
        let series = all.entry(name).or_default();
        series.recent.extend(samples);
        codec::in_order(&mut series.recent);
    }
    all
}

fn named(row: &Row) -> Result<(AssetId, Metric)> {
    Ok((row.get(0)?, row.get(1)?))
}

async fn acted(tx: &mut Tx, client: ClientId, site: SiteId, now: Timestamp) -> Result<BTreeMap<CaseId, Timestamp>> {
    let rows = tx.all(&ACTED, args![client, site, now.minus(REOPEN_WITHIN), now]).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

fn host_view(host: HostRow) -> (HostId, HostView) {
    let view = HostView {
        name: host.name,
        enrolled_at: host.enrolled_at,
        last_report: host.last_report,
        goodbye: host.goodbye,
        always_on: host.always_on,
        probes: host.probes,
    };
    (host.id, view)
}

fn asset_views(assets: Vec<AssetRow>, series: Named<Series>) -> BTreeMap<AssetId, AssetView> {
    let mut of_asset: BTreeMap<AssetId, BTreeMap<Metric, Series>> = BTreeMap::new();
    for ((asset, metric), series) in series {
        of_asset.entry(asset).or_default().insert(metric, series);
    }
    let view = |asset: AssetRow| {
        let series = of_asset.remove(&asset.id).unwrap_or_default();
        let view = AssetView {
            name: asset.name,
            first_seen: asset.first_seen,
            seen_at: asset.seen_at,
            facts: asset.facts,
            in_scope: asset.in_scope,
            series,
        };
        (asset.id, view)
    };
    assets.into_iter().map(view).collect()
}
