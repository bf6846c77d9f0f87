//! Enrolment, and what is known of hosts and assets.

use crate::{
    support::{Db, cases},
    world::{Office, START, token},
};
use beforehand_core::input::ProbeHealth;
use beforehand_shared::{
    host::Host,
    ids::{HostId, Incarnation},
    report::Goodbye,
    time::{Millis, Timestamp},
};
use beforehand_store::{Digest, EnrolToken, HostUpdate, NewHost, Redeemed, StoreError};
use std::collections::BTreeMap;
use uuid::Uuid;

cases! {
    a_token_makes_one_host,
    expired_and_unknown_tokens_make_none,
    a_reinstalled_machine_is_the_same_host,
    a_clone_of_a_machine_at_work_is_another_host,
    the_latest_report_decides_what_is_known_of_a_host,
    a_retired_host_is_no_longer_let_in,
    a_retired_asset_comes_back_when_it_is_seen_again,
    what_people_set_stays_when_facts_change,
}

async fn another_token(db: &Db, office: &Office, seed: u128, expires_at: Timestamp) {
    db.store.insert_enrol_token(&EnrolToken { expires_at, ..office.token(seed) }).await.unwrap();
}

fn second_host(office: &Office) -> NewHost {
    let (id, incarnation) = (HostId(Uuid::from_u128(77)), Incarnation(Uuid::from_u128(78)));
    NewHost { id, incarnation, secret_sha256: "f".repeat(64), ..office.new_host() }
}

async fn a_token_makes_one_host(db: Db) {
    let office = Office::settle(1, &db.store).await;
    another_token(&db, &office, 2, START.plus(Millis::DAY)).await;
    let other = NewHost { machine: "another".into(), ..second_host(&office) };
    let third = NewHost { id: HostId(Uuid::from_u128(79)), ..other.clone() };
    let store = db.reopened().await;
    let (token, now) = (token(2), START);
    let (a, b) = tokio::join!(db.store.redeem(&token, now, &other), store.redeem(&token, now, &third));
    let (a, b) = (a.unwrap(), b.unwrap());
    assert!(matches!((&a, &b), (Redeemed::Done { .. }, Redeemed::Used) | (Redeemed::Used, Redeemed::Done { .. })));
    assert_eq!(db.store.hosts(office.client.id).await.unwrap().len(), 2);
    let tokens = db.store.enrol_tokens(office.client.id).await.unwrap();
    assert!(tokens.iter().all(|token| token.used_by.is_some()));
}

async fn expired_and_unknown_tokens_make_none(db: Db) {
    let office = Office::settle(1, &db.store).await;
    another_token(&db, &office, 2, START.plus(Millis::HOUR)).await;
    let host = second_host(&office);
    assert_eq!(db.store.redeem(&token(2), START.plus(Millis::HOUR), &host).await.unwrap(), Redeemed::Expired);
    assert_eq!(db.store.redeem(&token(3), START, &host).await.unwrap(), Redeemed::Unknown);
    assert_eq!(db.store.hosts(office.client.id).await.unwrap().len(), 1);
}

fn update(office: &Office, minute: i64, goodbye: Option<Goodbye>) -> HostUpdate {
    let at = START.plus(Millis::minutes(minute));
    let about = Host {
        name: format!("NAME-{minute}"),
        os: "Debian".into(),
        agent: "1".into(),
        booted_at: START,
        started_at: None,
        desktop: None,
        updates: None,
    };
    let health = ProbeHealth { at, took_ms: 3, result: "seen".into(), why: None };
    let probes = BTreeMap::from([("disk_space".to_owned(), health)]);
    HostUpdate { host: office.host, received_at: at, peer: None, goodbye, about: Some(about), probes }
}

async fn a_reinstalled_machine_is_the_same_host(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let host_updates = vec![update(&office, 1, Some(Goodbye::Stop))];
    db.store.digest(&Digest { host_updates, ..office.digest() }).await.unwrap();
    another_token(&db, &office, 2, START.plus(Millis::DAY)).await;
    let redeemed = db.store.redeem(&token(2), START.plus(Millis::minutes(2)), &second_host(&office)).await.unwrap();
    assert!(matches!(redeemed, Redeemed::Done { host, .. } if host == office.host));
    assert_eq!(db.store.hosts(office.client.id).await.unwrap().len(), 1);
    let key = db.store.host_by_secret(&"f".repeat(64)).await.unwrap().unwrap().key;
    assert_eq!((key.client, key.site, key.host), (office.client.id, office.site.id, office.host));
    assert_eq!(db.store.host_by_secret(&office.secret).await.unwrap(), None, "the old secret is worth nothing");
}

async fn a_clone_of_a_machine_at_work_is_another_host(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&Digest { host_updates: vec![update(&office, 1, None)], ..office.digest() }).await.unwrap();
    another_token(&db, &office, 2, START.plus(Millis::DAY)).await;
    let redeemed = db.store.redeem(&token(2), START.plus(Millis::minutes(2)), &second_host(&office)).await.unwrap();
    assert!(matches!(redeemed, Redeemed::Done { host, .. } if host != office.host));
    assert!(db.store.host_by_secret(&office.secret).await.unwrap().is_some());
}

async fn the_latest_report_decides_what_is_known_of_a_host(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let host_updates = vec![update(&office, 9, Some(Goodbye::Suspend)), update(&office, 5, None)];
    db.store.digest(&Digest { host_updates, ..office.digest() }).await.unwrap();
    db.store.digest(&Digest { host_updates: vec![update(&office, 7, None)], ..office.digest() }).await.unwrap();
    let host = db.store.host(office.client.id, office.host).await.unwrap().unwrap();
    assert_eq!((host.name.as_str(), host.goodbye), ("NAME-9", Some(Goodbye::Suspend)));
    let latest = START.plus(Millis::minutes(9));
    assert_eq!((host.last_report, host.probes["disk_space"].at), (Some(latest), latest));
    db.store.digest(&Digest { host_updates: vec![update(&office, 10, None)], ..office.digest() }).await.unwrap();
    let host = db.store.host(office.client.id, office.host).await.unwrap().unwrap();
    assert_eq!(host.goodbye, None, "it is back");
}

async fn a_retired_host_is_no_longer_let_in(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&office.measured(&[(Millis(0), 1.0)])).await.unwrap();
    db.store.retire_host(office.client.id, office.host, START.plus(Millis::HOUR)).await.unwrap();
    assert_eq!(db.store.host_by_secret(&office.secret).await.unwrap(), None);
    let input = db.store.load_input(office.client.id, office.site.id, START.plus(Millis::HOUR)).await.unwrap();
    assert!(input.hosts.is_empty() && input.assets.is_empty());
    let unknown = db.store.retire_host(office.client.id, HostId(Uuid::nil()), START).await;
    assert_eq!(unknown, Err(StoreError::NotFound("host")));
}

async fn a_retired_asset_comes_back_when_it_is_seen_again(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&office.measured(&[(Millis(0), 1.0)])).await.unwrap();
    let (client, volume) = (office.client.id, office.volume());
    db.store.retire_asset(client, &volume, START.plus(Millis::HOUR)).await.unwrap();
    assert!(db.store.asset(client, &volume).await.unwrap().unwrap().retired_at.is_some());
    db.store.digest(&office.measured(&[(Millis::minutes(30), 1.0)])).await.unwrap();
    assert!(db.store.asset(client, &volume).await.unwrap().unwrap().retired_at.is_some(), "that was before");
    db.store.digest(&office.measured(&[(Millis::hours(2), 1.0)])).await.unwrap();
    assert!(db.store.asset(client, &volume).await.unwrap().unwrap().retired_at.is_none());
}

async fn what_people_set_stays_when_facts_change(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let (client, volume) = (office.client.id, office.volume());
    db.store.digest(&Digest { facts: vec![office.fact(START, 5)], ..office.digest() }).await.unwrap();
    db.store.set_scope(client, &volume, false).await.unwrap();
    db.store.set_people(client, &volume, Some(4)).await.unwrap();
    db.store.set_always_on(client, office.host, Some(true)).await.unwrap();
    let facts = vec![office.fact(START.plus(Millis(2)), 9), office.fact(START.plus(Millis(1)), 7)];
    db.store.digest(&Digest { facts, ..office.digest() }).await.unwrap();
    let asset = db.store.asset(client, &volume).await.unwrap().unwrap();
    assert_eq!((asset.in_scope, asset.people, asset.seen_at), (false, Some(4), START.plus(Millis(2))));
    assert_eq!(asset.facts, office.fact(START, 9).observation);
    assert_eq!((asset.name.as_str(), asset.first_seen), ("/home on FRONTDESK", START));
    assert_eq!(db.store.assets_of_host(client, office.host).await.unwrap(), std::slice::from_ref(&asset));
    assert_eq!(db.store.assets(client).await.unwrap(), [asset]);
    assert_eq!(db.store.hosts(client).await.unwrap()[0].always_on, Some(true));
}
