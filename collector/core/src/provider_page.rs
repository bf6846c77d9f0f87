//! What each client costs and brings, from the same ledger as its statement.

use crate::{
    month::{Effort, MonthFigures},
    site::Client,
    worth::money,
};
use serde::{Deserialize, Serialize};
use std::{cmp::Reverse, collections::BTreeMap};

/// Assets shown as the noisiest.
const NOISIEST: usize = 5;
/// Months looked at for a thin statement.
const THIN_MONTHS: usize = 3;

/// One client's month.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientMonth<'a> {
    pub client: &'a Client,
    pub figures: &'a MonthFigures,
    /// Machines with an agent.
    pub hosts: u32,
}

/// Amounts in minor units of the client's currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientLine {
    pub name: String,
    pub currency: String,
    pub fee: i64,
    pub effort: Effort,
    /// Fee by hours worked, false alarms included; none when nobody worked.
    pub effective_rate: Option<i64>,
    pub list_rate: i64,
    /// Hours of help per machine; none without machines.
    pub reactive_hours_per_host: Option<f64>,
    pub user_visible_per_10_hosts: Option<f64>,
    /// At most five, worst first.
    pub noisiest: Vec<NoisyAsset>,
    /// Why the client may ask what it pays for.
    pub thin: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoisyAsset {
    pub name: String,
    /// Lines of the ledger in the month.
    pub lines: u32,
    pub minutes: u32,
}

/// One line per client, those at risk first, then by effective rate, lowest first.
pub fn provider_page(clients: &[ClientMonth<'_>]) -> Vec<ClientLine> {
    let mut lines: Vec<_> = clients.iter().map(line).collect();
    lines.sort_by(|a, b| {
        let order = |line: &ClientLine| (line.thin.is_none(), line.effective_rate.unwrap_or(i64::MAX));
        order(a).cmp(&order(b)).then_with(|| a.name.cmp(&b.name))
    });
    lines
}

fn line(month: &ClientMonth<'_>) -> ClientLine {
    let contract = &month.client.contract;
    let effort = month.figures.effort;
    let minutes = effort.proactive_minutes + effort.reactive_minutes + effort.false_alarm_minutes;
    let per_host = |amount: f64| (month.hosts > 0).then(|| amount / f64::from(month.hosts));
    ClientLine {
        name: month.client.name.clone(),
        currency: month.client.currency.clone(),
        fee: contract.fee_per_month,
        effort,
        effective_rate: (minutes > 0).then(|| contract.fee_per_month * 60 / i64::from(minutes)),
        list_rate: contract.list_rate_per_hour,
        reactive_hours_per_host: per_host(f64::from(effort.reactive_minutes) / 60.0),
        user_visible_per_10_hosts: per_host(10.0 * f64::from(month.figures.tally.user_visible)),
        noisiest: noisiest(month.figures),
        thin: thin(month),
    }
}

fn noisiest(figures: &MonthFigures) -> Vec<NoisyAsset> {
    let mut by_name: BTreeMap<&str, (u32, u32)> = BTreeMap::new();
    for entry in &figures.lines {
        let (lines, minutes) = by_name.entry(&entry.asset_name).or_default();
        *lines += 1;
        *minutes += entry.evidence.minutes_worked;
    }
    let named =
        by_name.into_iter().map(|(name, (lines, minutes))| NoisyAsset { name: name.to_owned(), lines, minutes });
    let mut assets: Vec<_> = named.collect();
    assets.sort_by_key(|asset| Reverse((asset.minutes, asset.lines)));
    assets.truncate(NOISIEST);
    assets
}

/// A client that was watched for three months in which less than one incident was prevented, and
/// that got less help than half of its fee this month.
fn thin(month: &ClientMonth<'_>) -> Option<String> {
    let recent: Vec<_> = month.figures.trend.iter().rev().take(THIN_MONTHS).collect();
    let watched = recent.len() == THIN_MONTHS && recent.iter().all(|month| month.watched);
    let prevented: f64 = recent.iter().map(|month| f64::from(month.proven) + month.likely).sum();
    let worth = &month.figures.worth;
    (watched && prevented < 1.0 && worth.included_support * 2 < worth.fee).then(|| {
        format!(
            "Three months show {prevented:.1} prevented, and this month {} of help beside a fee of {}.",
            money(worth.included_support, &month.client.currency),
            money(worth.fee, &month.client.currency)
        )
    })
}
