//! What the page of a site reads: many series as each by itself, and what was agreed about a line.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_core::{
    asset::AssetId,
    series::{Metric, Sample},
    site::LineContract,
    unpack::FactUpdate,
};
use beforehand_shared::{
    asset::AssetKind,
    ids::SiteId,
    link::{Link, LinkRole},
    observation::Observation,
    time::{Millis, Timestamp},
};
use beforehand_store::{Digest, Store, StoreError};
use std::collections::BTreeSet;
use uuid::Uuid;

cases! {
    many_series_read_as_each_by_itself_sealed_or_not,
    the_network_of_a_site_is_its_links_and_services_and_nothing_else,
    what_was_agreed_about_a_line_is_kept_for_its_site_alone,
    cases_lead_to_the_numbers_of_their_tickets,
}

const METRICS: [Metric; 2] = [Metric::LossPct, Metric::RttMs];

fn link(office: &Office, target: &str) -> AssetId {
    AssetId::new(AssetKind::Link, office.host, target)
}

fn fact(office: &Office, target: &str) -> FactUpdate {
    let facts =
        Link { target: target.into(), role: LinkRole::Anchor, sent: 5, lost: 0, median_us: None, jitter_us: None };
    let asset = link(office, target);
    FactUpdate { asset, host: office.host, at: START, name: target.into(), observation: Observation::Link(facts) }
}

/// Every ten minutes for three days, with a hole in the middle of the second.
fn samples(of: f64) -> Vec<Sample> {
    let every = (0..3 * 144).filter(|n| !(200..230).contains(n));
    every.map(|n| Sample { at: START.plus(Millis::minutes(10 * n)), value: of + n as f64 }).collect()
}

/// Some of everything.
pub(crate) async fn fill(office: &Office, store: &Store) {
    measure(office, store).await;
    store.set_line_contract(office.client.id, office.site.id, &agreed()).await.unwrap();
}

async fn measure(office: &Office, store: &Store) {
    let targets = ["198.51.100.1", "203.0.113.1"];
    let samples = targets.iter().flat_map(|target| METRICS.map(|metric| (link(office, target), metric, samples(1.0))));
    let digest = Digest {
        facts: targets.iter().map(|target| fact(office, target)).collect(),
        samples: samples.collect(),
        ..office.digest()
    };
    store.digest(&digest).await.unwrap();
}

async fn many_series_read_as_each_by_itself_sealed_or_not(db: Db) {
    let office = Office::settle(1, &db.store).await;
    measure(&office, &db.store).await;
    let assets = ["198.51.100.1", "203.0.113.1", "nowhere"].map(|target| link(&office, target));
    let span = (START.plus(Millis::hours(7)), START.plus(Millis::hours(50)));
    let days: BTreeSet<Timestamp> = [0, 2].map(|day| START.plus(Millis::days(day))).into();
    // Nothing sealed, the first day, all but the last.
    for sealed in [0, 1, 2] {
        while db.store.seal(START.plus(Millis::days(sealed)), 10).await.unwrap().days > 0 {}
        let hours = db.store.hours_of(office.client.id, (&assets, &METRICS), span).await.unwrap();
        let read = db.store.samples_of(office.client.id, (&assets, &METRICS), &days).await.unwrap();
        assert_eq!((hours.len(), read.len()), (4, 4), "what was not measured is absent");
        for ((asset, metric), hours) in &hours {
            let alone = db.store.hours(office.client.id, asset, metric, span).await.unwrap();
            assert_eq!(*hours, alone, "{asset} {metric} with {sealed} days sealed");
            let mut each = Vec::new();
            for day in &days {
                let day = (*day, day.plus(Millis::DAY));
                each.extend(db.store.samples(office.client.id, asset, metric, day).await.unwrap());
            }
            assert_eq!(read[&(asset.clone(), metric.clone())], each);
        }
    }
}

async fn the_network_of_a_site_is_its_links_and_services_and_nothing_else(db: Db) {
    let office = Office::settle(1, &db.store).await;
    measure(&office, &db.store).await;
    db.store.digest(&office.measured(&[(Millis(0), 1.0)])).await.unwrap();
    let assets = db.store.network_assets(office.client.id, office.site.id).await.unwrap();
    assert_eq!(assets.iter().map(|asset| asset.id.key()).collect::<Vec<_>>(), ["198.51.100.1", "203.0.113.1"]);
    assert_eq!(assets[0].name, "198.51.100.1 on FRONTDESK");
    let elsewhere = SiteId(Uuid::from_u128(77));
    assert!(db.store.network_assets(office.client.id, elsewhere).await.unwrap().is_empty());
    assert_eq!(db.store.hosts_of_site(office.client.id, office.site.id).await.unwrap().len(), 1);
    db.store.retire_asset(office.client.id, &assets[0].id, START).await.unwrap();
    assert_eq!(db.store.network_assets(office.client.id, office.site.id).await.unwrap().len(), 1);
}

fn agreed() -> LineContract {
    LineContract {
        operator: "Example Net".into(), reference: "Ä-4711".into(), down_kbps: Some(100_000), up_kbps: None
    }
}

async fn what_was_agreed_about_a_line_is_kept_for_its_site_alone(db: Db) {
    let (office, other) = (Office::settle(1, &db.store).await, Office::settle(2, &db.store).await);
    let line = agreed();
    let (client, site) = (office.client.id, office.site.id);
    assert_eq!(db.store.line_contract(client, site).await.unwrap(), LineContract::default());
    db.store.set_line_contract(client, site, &line).await.unwrap();
    assert_eq!(db.store.line_contract(client, site).await.unwrap(), line);
    assert_eq!(db.store.line_contract(other.client.id, other.site.id).await.unwrap(), LineContract::default());
    let nowhere = db.store.set_line_contract(other.client.id, site, &line).await;
    assert!(matches!(nowhere, Err(StoreError::NotFound(_))));
}

async fn cases_lead_to_the_numbers_of_their_tickets(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let verdict = beforehand_core::analyze::Verdict {
        changes: vec![office.opening(START)],
        ..beforehand_core::analyze::Verdict::default()
    };
    db.store.apply(&office.site, &verdict, START).await.unwrap();
    let case = office.case(START).id;
    let asked = [case.clone(), beforehand_core::case::CaseId("none".into())];
    let numbers = db.store.ticket_numbers(office.client.id, &asked).await.unwrap();
    assert_eq!(numbers.into_iter().collect::<Vec<_>>(), [(case, 1)]);
    let since = |at| db.store.cases_of_site(office.client.id, office.site.id, at);
    assert_eq!(since(START).await.unwrap().len(), 1);
}
