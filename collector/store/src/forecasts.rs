//! Forecasts as they were made, and their results.

use crate::{
    Store,
    assets::name_of,
    engine::{Row, Tx},
    error::Result,
    sql::statements,
    value::{args, parse_json},
};
use beforehand_core::{asset::AssetId, case::CaseId, finding::FindingKind, forecast::Forecast, month::NamedForecast};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};

/// More would make the record of a rule neither better known nor faster to read.
const SCORED_MOST: i64 = 1_000;

/// A forecast without a result.
#[derive(Debug, Clone, PartialEq)]
pub struct OpenForecast {
    pub client: ClientId,
    pub site: SiteId,
    pub named: NamedForecast,
}

statements! {
    OF_CASE = "SELECT doc, result FROM forecasts WHERE client_id = $1 AND case_id = $2 ORDER BY made_at, forecast_id";
    OF_ASSET = "SELECT doc, result FROM forecasts WHERE client_id = $1 AND asset_id = $2 ORDER BY made_at, forecast_id";
    SCORED = "SELECT f.doc, f.result
        FROM forecasts AS f JOIN cases AS c ON c.client_id = f.client_id AND c.case_id = f.case_id
        WHERE f.client_id = $1 AND c.kind = $2 AND f.resolved_at IS NOT NULL
        ORDER BY f.resolved_at DESC, f.forecast_id LIMIT $3";
    OPEN_OF_SITE = "SELECT doc, result FROM forecasts WHERE client_id = $1 AND site_id = $2 AND resolved_at IS NULL
        ORDER BY made_at, forecast_id";
    OPEN = "SELECT f.doc, f.result, a.name, h.name,
        (SELECT MIN(t.title) FROM tickets AS t WHERE t.client_id = f.client_id AND t.case_id = f.case_id)
        FROM forecasts AS f
        LEFT JOIN assets AS a ON a.client_id = f.client_id AND a.asset_id = f.asset_id
        LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        WHERE f.resolved_at IS NULL AND (CAST($1 AS TEXT) IS NULL OR f.client_id = $1) ORDER BY f.made_at, f.forecast_id";
    BETWEEN = "SELECT f.doc, f.result, a.name, h.name,
        (SELECT MIN(t.title) FROM tickets AS t WHERE t.client_id = f.client_id AND t.case_id = f.case_id)
        FROM forecasts AS f
        LEFT JOIN assets AS a ON a.client_id = f.client_id AND a.asset_id = f.asset_id
        LEFT JOIN hosts AS h ON h.client_id = a.client_id AND h.host_id = a.host_id
        WHERE f.client_id = $1 AND f.resolved_at >= $2 AND f.resolved_at < $3 ORDER BY f.resolved_at, f.forecast_id";
}

impl Store {
    /// In the order they were made.
    pub async fn forecasts_of_case(&self, client: ClientId, case: &CaseId) -> Result<Vec<Forecast>> {
        self.list(&OF_CASE, args![client, &case.0], read).await
    }

    /// In the order they were made.
    pub async fn forecasts_of_asset(&self, client: ClientId, asset: &AssetId) -> Result<Vec<Forecast>> {
        self.list(&OF_ASSET, args![client, &asset.0], read).await
    }

    /// The latest thousand of a kind that have a result, the latest first.
    pub async fn scored_forecasts(&self, client: ClientId, kind: FindingKind) -> Result<Vec<Forecast>> {
        self.list(&SCORED, args![client, kind.word(), SCORED_MOST], read).await
    }

    /// Of one client or of all, the earliest made first.
    pub async fn open_forecasts(&self, client: Option<ClientId>) -> Result<Vec<OpenForecast>> {
        self.list(&OPEN, args![client], |row| {
            let named = read_named(row)?;
            Ok(OpenForecast { client: named.forecast.client, site: named.forecast.site, named })
        })
        .await
    }

    /// Those whose result came in the half-open span, in that order.
    pub async fn forecasts_between(
        &self,
        client: ClientId,
        from: Timestamp,
        to: Timestamp,
    ) -> Result<Vec<NamedForecast>> {
        self.list(&BETWEEN, args![client, from, to], read_named).await
    }
}

/// Those of a site without a result, within a transaction.
pub(crate) async fn open_of_site(tx: &mut Tx, client: ClientId, site: SiteId) -> Result<Vec<Forecast>> {
    tx.list(&OPEN_OF_SITE, args![client, site], read).await
}

fn read(row: &Row) -> Result<Forecast> {
    let forecast: Forecast = parse_json(&row.get::<String>(0)?)?;
    let result = row.get::<Option<String>>(1)?.map(|text| parse_json(&text)).transpose()?;
    Ok(Forecast { result, ..forecast })
}

fn read_named(row: &Row) -> Result<NamedForecast> {
    let forecast = read(row)?;
    let (name, host): (Option<String>, Option<String>) = (row.get(2)?, row.get(3)?);
    let title: Option<String> = row.get(4)?;
    let asset_name = name_of(&forecast.asset, title.as_deref(), name.as_deref(), host.as_deref());
    Ok(NamedForecast { asset_name, forecast })
}
