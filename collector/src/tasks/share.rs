//! `share`: decides which agent of a site asks each of its printers.

use super::{Done, Task, TaskError};
use crate::app::App;
use beforehand_core::polling::{Asked, Candidate, Turn, turn};
use beforehand_shared::{
    ids::{ClientId, HostId, SiteId},
    limits,
    observation::Observation,
    printer::host_of,
    time::{Millis, Timestamp},
};
use beforehand_store::{AdoptedPrinter, AssetRow, HostRow};
use futures::{FutureExt, future::BoxFuture};
use std::{collections::BTreeMap, net::IpAddr};

pub(super) struct Share;

impl Task for Share {
    fn name(&self) -> &'static str {
        super::SHARE
    }

    fn every(&self) -> Millis {
        Millis::MINUTE
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let mut given = 0;
    for (client, site) in app.store.sites_with_printers().await? {
        given += share(app, client, site).await?;
    }
    let said = if given == 0 { String::new() } else { format!("{given} printers are asked by another agent") };
    Ok(Done { said, ..Done::default() })
}

/// How many printers of the site got another agent.
async fn share(app: &App, client: ClientId, site: SiteId) -> Result<usize, TaskError> {
    let now = app.clock.now();
    let mut printers = app.store.adopted_printers(client).await?;
    printers.retain(|printer| printer.site == site);
    let mut hosts = app.store.hosts(client).await?;
    hosts.retain(|host| host.site == site && host.retired_at.is_none());
    let assets = app.store.assets(client).await?;
    let mut asks: BTreeMap<HostId, usize> = BTreeMap::new();
    for host in printers.iter().filter_map(|printer| printer.asked_by) {
        *asks.entry(host).or_default() += 1;
    }
    let mut given = 0;
    for printer in &printers {
        let candidates: Vec<Candidate> = hosts
            .iter()
            .filter(|host| {
                asks.get(&host.id).is_none_or(|asks| *asks < limits::PRINTERS_TO_ASK)
                    || printer.asked_by == Some(host.id)
            })
            .map(|host| candidate(host, printer, &assets, &asks))
            .collect();
        let Some(turn) = turn(&asked(printer, &assets), &candidates, now) else { continue };
        give(app, printer, &turn, now).await?;
        if let Some(count) = printer.asked_by.and_then(|before| asks.get_mut(&before)) {
            *count -= 1;
        }
        if let Some(by) = turn.by {
            *asks.entry(by).or_default() += 1;
        }
        given += 1;
    }
    Ok(given)
}

async fn give(app: &App, printer: &AdoptedPrinter, turn: &Turn, now: Timestamp) -> Result<(), TaskError> {
    tracing::info!(printer = %printer.address, by = ?turn.by, why = ?turn.why, "another agent asks a printer");
    Ok(app.store.give_printer(printer, turn, now).await?)
}

fn asked(printer: &AdoptedPrinter, assets: &[AssetRow]) -> Asked {
    let answered = assets.iter().filter(|asset| asset.site == printer.site && is_at(&asset.facts, printer.address));
    Asked {
        by: printer.asked_by,
        since: printer.asked_since,
        turns: printer.turns,
        answered_at: answered.map(|asset| asset.seen_at).max(),
    }
}

fn candidate(
    host: &HostRow,
    printer: &AdoptedPrinter,
    assets: &[AssetRow],
    asks: &BTreeMap<HostId, usize>,
) -> Candidate {
    let prints_there = assets.iter().any(|asset| asset.host == host.id && leads_to(&asset.facts, printer.address));
    Candidate {
        host: host.id,
        last_report: host.last_report,
        left: host.goodbye.is_some(),
        prints_there,
        always_on: host.always_on == Some(true),
        asks: asks.get(&host.id).copied().unwrap_or_default(),
    }
}

/// Whether this is a printer that answered at the address.
fn is_at(facts: &Observation, address: IpAddr) -> bool {
    matches!(facts, Observation::Printer(printer) if printer.is_at(address))
}

/// Whether this is a queue that leads to the address.
fn leads_to(facts: &Observation, address: IpAddr) -> bool {
    matches!(facts, Observation::Queue(queue) if queue.device_uri.as_deref().and_then(host_of).is_some_and(|host| host.parse() == Ok(address)))
}
