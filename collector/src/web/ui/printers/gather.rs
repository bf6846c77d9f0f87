//! Everything that is known of a client's printers, put together by printer.

use crate::{app::App, web::error::WebError};
use beforehand_core::{
    asset::AssetId,
    case::Case,
    detectors::{leads_to, supply_low},
    finding::FindingKind,
    series::Metric,
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    observation::Observation,
    printer::{Printer, Queue},
    time::{Millis, Timestamp},
};
use beforehand_store::{AdoptedPrinter, AssetRow};
use std::net::IpAddr;

/// How far back trouble is counted, and pages.
pub(super) const TROUBLE: Millis = Millis::days(90);
const MONTH: Millis = Millis::days(30);

/// A printer that answered, that somebody has watched, or both.
pub(super) struct OnePrinter {
    pub(super) site: SiteId,
    pub(super) asset: Option<AssetRow>,
    pub(super) adopted: Option<AdoptedPrinter>,
    pub(super) queues: Vec<AssetRow>,
    /// Open ones, of the printer, its supplies and its queues; the worst first.
    pub(super) cases: Vec<Case>,
    /// Faults and stuck queues of the last [`TROUBLE`].
    pub(super) trouble: usize,
    /// Pages of the last 30 days, where it counts them.
    pub(super) pages: Option<u64>,
    pub(super) supplies: Vec<supply_low::Overview>,
}

impl OnePrinter {
    pub(super) fn facts(&self) -> Option<&Printer> {
        match self.asset.as_ref().map(|asset| &asset.facts) {
            Some(Observation::Printer(printer)) => Some(printer),
            _ => None,
        }
    }

    fn is_about(&self, asset: &AssetId) -> bool {
        let printer = self.asset.as_ref().map(|asset| &asset.id);
        printer.is_some_and(|printer| asset == printer || asset.printer().as_ref() == Some(printer))
            || self.queues.iter().any(|queue| queue.id == *asset)
    }
}

/// In the order of their names, site by site.
pub(super) async fn printers(app: &App, client: ClientId) -> Result<Vec<OnePrinter>, WebError> {
    let now = app.clock.now();
    let assets: Vec<AssetRow> =
        app.store.assets(client).await?.into_iter().filter(|asset| asset.retired_at.is_none()).collect();
    let mut printers: Vec<OnePrinter> = Vec::new();
    for asset in assets.iter().filter(|asset| matches!(asset.facts, Observation::Printer(_))) {
        let pages = pages(app, asset, now).await?;
        printers.push(OnePrinter { pages, ..new(asset.site, Some(asset.clone()), None) });
    }
    for adopted in app.store.adopted_printers(client).await? {
        let known = printers
            .iter_mut()
            .find(|one| one.site == adopted.site && one.facts().is_some_and(|it| it.is_at(adopted.address)));
        match known {
            Some(one) => one.adopted = Some(adopted),
            None => printers.push(new(adopted.site, None, Some(adopted))),
        }
    }
    for queue in assets.iter().filter(|asset| matches!(asset.facts, Observation::Queue(_))) {
        let Observation::Queue(facts) = &queue.facts else { continue };
        let behind = printers.iter_mut().find(|one| one.site == queue.site && is_behind(one, facts));
        if let Some(one) = behind {
            one.queues.push(queue.clone());
        }
    }
    add_supplies(app, client, &mut printers, now).await?;
    add_cases(app, client, &mut printers, now).await?;
    printers.sort_by_cached_key(|one| (one.site, name(one).to_lowercase()));
    Ok(printers)
}

const fn new(site: SiteId, asset: Option<AssetRow>, adopted: Option<AdoptedPrinter>) -> OnePrinter {
    OnePrinter {
        site,
        asset,
        adopted,
        queues: Vec::new(),
        cases: Vec::new(),
        trouble: 0,
        pages: None,
        supplies: Vec::new(),
    }
}

/// As a person called it, else as it calls itself.
pub(super) fn name(one: &OnePrinter) -> String {
    match (&one.adopted, &one.asset) {
        (Some(adopted), _) => adopted.name.clone(),
        (None, Some(asset)) => asset.name.clone(),
        (None, None) => String::new(),
    }
}

fn is_behind(one: &OnePrinter, queue: &Queue) -> bool {
    one.facts().is_some_and(|printer| leads_to(queue, printer))
        || one.adopted.as_ref().is_some_and(|adopted| address_of(queue) == Some(adopted.address))
}

fn address_of(queue: &Queue) -> Option<IpAddr> {
    beforehand_shared::printer::host_of(queue.device_uri.as_deref()?)?.parse().ok()
}

async fn pages(app: &App, asset: &AssetRow, now: Timestamp) -> Result<Option<u64>, WebError> {
    let hours = app.store.hours(asset.client, &asset.id, &Metric::Pages, (now.minus(MONTH), now)).await?;
    let printed = hours.first().zip(hours.last()).map(|(first, last)| last.last - first.min);
    Ok(printed.filter(|printed| *printed >= 0.0).map(|printed| printed as u64))
}

/// By the same look at the past that tickets are made from.
async fn add_supplies(
    app: &App,
    client: ClientId,
    printers: &mut [OnePrinter],
    now: Timestamp,
) -> Result<(), WebError> {
    let mut sites: Vec<SiteId> = printers.iter().filter(|one| one.asset.is_some()).map(|one| one.site).collect();
    sites.sort_unstable();
    sites.dedup();
    for site in sites {
        let input = app.store.load_printers(client, site, now).await?;
        for supply in supply_low::overview(&input) {
            let one =
                printers.iter_mut().find(|one| one.asset.as_ref().is_some_and(|asset| asset.id == supply.printer));
            if let Some(one) = one {
                one.supplies.push(supply);
            }
        }
    }
    Ok(())
}

async fn add_cases(app: &App, client: ClientId, printers: &mut [OnePrinter], now: Timestamp) -> Result<(), WebError> {
    let trouble = [FindingKind::PrinterFault, FindingKind::QueueStuck];
    for case in app.store.cases_between(client, now.minus(TROUBLE), now.plus(Millis(1))).await? {
        let Some(one) = printers.iter_mut().find(|one| one.is_about(&case.asset)) else { continue };
        one.trouble += usize::from(trouble.contains(&case.kind) && case.ticketed_at.is_some());
        if !case.is_closed() {
            one.cases.push(case);
        }
    }
    for one in printers {
        one.cases.sort_by_key(|case| std::cmp::Reverse(case.severity));
    }
    Ok(())
}
