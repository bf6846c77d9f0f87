//! Printers that are asked over the network: who asks, what that agent is handed, and with which credential.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_core::polling::{Turn, Why};
use beforehand_shared::{ids::HostId, time::Millis};
use beforehand_store::{AdoptedPrinter, Credential, Digest, FoundRow, HostKey, Store, StoreError};
use std::net::IpAddr;

cases! {
    whoever_asks_a_printer_is_handed_it_and_whoever_does_not_is_not,
    every_change_of_what_a_host_is_handed_has_a_revision_of_its_own,
    a_credential_is_kept_while_a_printer_is_asked_with_it,
    an_address_is_adopted_once,
    found_printers_are_kept_by_address_and_forgotten_after_a_month,
}

pub(crate) fn printer(office: &Office, credential: Option<&str>) -> AdoptedPrinter {
    AdoptedPrinter {
        client: office.client.id,
        site: office.site.id,
        address: IpAddr::from([192, 168, 1, 40]),
        name: "Front desk".into(),
        credential: credential.map(str::to_owned),
        adopted_at: START,
        adopted_by: "anna".into(),
        asked_by: None,
        asked_since: None,
        turns: 0,
        wish: 0,
        wished_at: None,
    }
}

pub(crate) fn credential(office: &Office, name: &str) -> Credential {
    Credential {
        client: office.client.id,
        id: format!("id of {name}"),
        name: name.into(),
        shown: "SNMPv2c with a community".into(),
        made_at: START,
        made_by: "anna".into(),
    }
}

fn key(office: &Office) -> HostKey {
    HostKey { client: office.client.id, site: office.site.id, host: office.host }
}

async fn again(store: &Store, printer: &AdoptedPrinter) -> AdoptedPrinter {
    store.adopted_printer(printer.client, printer.site, printer.address).await.unwrap().unwrap()
}

async fn revision(store: &Store, office: &Office) -> u64 {
    let handed = store.host_by_secret(&office.secret).await.unwrap().unwrap().handed;
    assert_eq!(store.handout(key(office)).await.unwrap().revision, handed);
    handed
}

const fn turn(by: Option<HostId>) -> Turn {
    Turn { by, turns: 1, why: Why::First }
}

async fn whoever_asks_a_printer_is_handed_it_and_whoever_does_not_is_not(db: Db) {
    let (office, other) = (Office::settle(1, &db.store).await, Office::settle(2, &db.store).await);
    db.store.insert_credential(&credential(&office, "office"), b"sealed".to_vec()).await.unwrap();
    db.store.adopt_printer(&printer(&office, Some("id of office"))).await.unwrap();
    assert!(db.store.handout(key(&office)).await.unwrap().printers.is_empty(), "nobody's turn yet");
    db.store.give_printer(&printer(&office, None), &turn(Some(office.host)), START).await.unwrap();
    let handout = db.reopened().await.handout(key(&office)).await.unwrap();
    let [(handed, sealed)] = &handout.printers[..] else { panic!("{handout:?}") };
    assert_eq!((handed.asked_by, handed.asked_since), (Some(office.host), Some(START)));
    assert_eq!(sealed.as_deref(), Some(&b"sealed"[..]));
    assert!(db.store.handout(key(&other)).await.unwrap().printers.is_empty());
    assert_eq!(db.store.sites_with_printers().await.unwrap(), [(office.client.id, office.site.id)]);
}

async fn every_change_of_what_a_host_is_handed_has_a_revision_of_its_own(db: Db) {
    let office = Office::settle(1, &db.store).await;
    assert_eq!(revision(&db.store, &office).await, 0);
    db.store.adopt_printer(&printer(&office, None)).await.unwrap();
    db.store.give_printer(&printer(&office, None), &turn(Some(office.host)), START).await.unwrap();
    let mut last = revision(&db.store, &office).await;
    assert!(last > 0);
    let given = again(&db.store, &printer(&office, None)).await;
    db.store.wish_for_printer(&given, START.plus(Millis::HOUR)).await.unwrap();
    let wished = again(&db.store, &given).await;
    assert_eq!((wished.wish, wished.wished_at), (1, Some(START.plus(Millis::HOUR))));
    for change in ["wish", "name", "taken away"] {
        match change {
            "name" => {
                db.store
                    .change_printer(&AdoptedPrinter { name: "Back office".into(), ..wished.clone() })
                    .await
                    .unwrap();
            }
            "taken away" => db.store.give_printer(&wished, &turn(None), START).await.unwrap(),
            _ => {}
        }
        let now = revision(&db.store, &office).await;
        assert!(now > last, "{change}");
        last = now;
    }
    assert_eq!(again(&db.store, &wished).await.asked_by, None);
    db.store.forget_printer(&wished).await.unwrap();
    assert!(revision(&db.store, &office).await > last);
    assert!(matches!(db.store.forget_printer(&wished).await, Err(StoreError::NotFound(_))));
}

async fn a_credential_is_kept_while_a_printer_is_asked_with_it(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let (client, office_key) = (office.client.id, credential(&office, "office"));
    db.store.insert_credential(&office_key, b"one".to_vec()).await.unwrap();
    let twin = Credential { id: "another".into(), ..office_key.clone() };
    assert!(matches!(db.store.insert_credential(&twin, b"two".to_vec()).await, Err(StoreError::Conflict(_))));
    let asked = printer(&office, Some(&office_key.id));
    db.store.adopt_printer(&asked).await.unwrap();
    assert!(matches!(db.store.delete_credential(client, &office_key.id).await, Err(StoreError::NotFound(_))));
    assert_eq!(db.store.credentials(client).await.unwrap(), std::slice::from_ref(&office_key));
    db.store.forget_printer(&asked).await.unwrap();
    db.store.delete_credential(client, &office_key.id).await.unwrap();
    assert!(db.store.credentials(client).await.unwrap().is_empty());
}

async fn an_address_is_adopted_once(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.adopt_printer(&printer(&office, None)).await.unwrap();
    assert!(matches!(db.store.adopt_printer(&printer(&office, None)).await, Err(StoreError::Conflict(_))));
    assert_eq!(db.store.adopted_printers(office.client.id).await.unwrap(), [printer(&office, None)]);
}

pub(crate) fn found(office: &Office, last: u8, model: &str, after: Millis) -> FoundRow {
    FoundRow {
        site: office.site.id,
        address: IpAddr::from([192, 168, 1, last]),
        host: office.host,
        model: model.into(),
        how: "it announces itself".into(),
        seen_at: START.plus(after),
    }
}

async fn found_printers_are_kept_by_address_and_forgotten_after_a_month(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    let put = async |found: Vec<FoundRow>| db.store.digest(&Digest { found, ..office.digest() }).await.unwrap();
    put(vec![found(&office, 7, "old", Millis(0)), found(&office, 7, "new", Millis::HOUR)]).await;
    put(vec![found(&office, 7, "late", Millis::minutes(5))]).await;
    let known = db.store.found_printers(client, START).await.unwrap();
    assert_eq!(known, [found(&office, 7, "new", Millis::HOUR)]);
    put(vec![found(&office, 8, "other", Millis::days(40))]).await;
    assert_eq!(db.store.found_printers(client, START).await.unwrap().len(), 1);
}
