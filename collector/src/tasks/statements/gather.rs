//! Everything a statement is computed from, read from the store.

use super::{TaskError, blind};
use crate::app::App;
use beforehand_core::{
    calendar::Calendar,
    month::{Effort, Month, MonthInput, NamedForecast},
    site::Client,
};
use beforehand_shared::{asset::AssetKind, ids::ClientId, time::Timestamp};
use beforehand_store::AssetRow;
use std::collections::BTreeMap;

/// Months shown on a statement, this one included.
const MONTHS: usize = 12;

pub(super) async fn input(app: &App, client: &Client, month: Month) -> Result<MonthInput, TaskError> {
    let store = &app.store;
    let calendar = Calendar::new(&client.time_zone);
    let months = months_up_to(month);
    let (from, to) = calendar.month_bounds(month);
    let (year_from, _) = calendar.month_bounds(months.first().copied().unwrap_or(month));
    let assets = store.assets(client.id).await?;
    let hosts = store.hosts(client.id).await?;
    let gaps = store.gaps(client.id, from, to).await?;
    let mut blind = blind::spots(&hosts, &assets, &gaps, (from, to));
    if !client.simulated {
        blind.splice(0..0, blind::own(&store.blind(from, to).await?, (from.max(client.created_at), to)));
    }
    let reports = store.user_reports(client.id).await?;
    Ok(MonthInput {
        client: client.clone(),
        provider: store.provider().await?,
        month,
        taken_at: app.clock.now(),
        ledger: store.ledger(client.id).await?,
        user_reports: reports.into_iter().filter(|report| (year_from..to).contains(&report.noticed_at)).collect(),
        effort: store.effort(client.id, from, to).await?,
        past_effort: past_effort(app, client.id, &calendar, &months).await?,
        previous_taken_at: previous_taken_at(app, client.id, &months).await?,
        scored: store.forecasts_between(client.id, from, to).await?,
        open: open(app, client.id).await?,
        blind,
        watched: watched(&assets),
        records: store.records().await?,
    })
}

/// Oldest first.
fn months_up_to(last: Month) -> Vec<Month> {
    let mut months: Vec<Month> = std::iter::successors(Some(last), |month| Some(before(*month))).take(MONTHS).collect();
    months.reverse();
    months
}

const fn before(month: Month) -> Month {
    match month.month {
        1 => Month { year: month.year.saturating_sub(1), month: 12 },
        other => Month { year: month.year, month: other - 1 },
    }
}

async fn past_effort(
    app: &App,
    client: ClientId,
    calendar: &Calendar,
    months: &[Month],
) -> Result<BTreeMap<Month, Effort>, TaskError> {
    let mut efforts = BTreeMap::new();
    for month in months.iter().take(months.len().saturating_sub(1)) {
        let (from, to) = calendar.month_bounds(*month);
        let effort = app.store.effort(client, from, to).await?;
        if effort != Effort::default() {
            efforts.insert(*month, effort);
        }
    }
    Ok(efforts)
}

async fn previous_taken_at(app: &App, client: ClientId, months: &[Month]) -> Result<Option<Timestamp>, TaskError> {
    let Some(previous) = months.iter().rev().nth(1) else { return Ok(None) };
    Ok(app.store.statement(client, *previous).await?.map(|row| row.made_at))
}

async fn open(app: &App, client: ClientId) -> Result<Vec<NamedForecast>, TaskError> {
    Ok(app.store.open_forecasts(Some(client)).await?.into_iter().map(|open| open.named).collect())
}

/// What is in service, counted by kind, in words for people.
fn watched(assets: &[AssetRow]) -> BTreeMap<String, u32> {
    let mut counts = BTreeMap::new();
    for asset in assets.iter().filter(|asset| asset.retired_at.is_none() && asset.in_scope) {
        if let Some(word) = asset.id.kind().and_then(words) {
            *counts.entry(word.to_owned()).or_insert(0) += 1;
        }
    }
    counts
}

const fn words(kind: AssetKind) -> Option<&'static str> {
    Some(match kind {
        AssetKind::Host => "machines",
        AssetKind::Volume => "volumes",
        AssetKind::Link => "connections",
        AssetKind::Resolver => "name servers",
        AssetKind::Endpoint => "web addresses",
        AssetKind::Printer => "printers",
        AssetKind::Queue => "print queues",
        AssetKind::Drive => "drives",
        AssetKind::Array => "arrays",
        // The drives again, as their machine uses them; supplies belong to their printers, the others to their machines.
        AssetKind::BlockDevice | AssetKind::Supply | AssetKind::Interface | AssetKind::Route => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twelve_months_end_with_the_one_asked_for() {
        let months = months_up_to(Month { year: 2026, month: 2 });
        assert_eq!(months.len(), MONTHS);
        assert_eq!((months[0].to_string(), months[11].to_string()), ("2025-03".to_owned(), "2026-02".to_owned()));
    }
}
