//! What is to be told is told once, and not forgotten.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_shared::{ids::ClientId, time::Millis};
use beforehand_store::{Attachment, OutboxFilter, OutboxItem, OutboxKind, OutboxState};

cases! {
    a_key_is_told_once,
    two_processes_never_take_the_same_row,
    a_row_whose_deliverer_died_comes_back,
    a_failed_delivery_waits_and_says_why,
    attachments_arrive_byte_for_byte,
    the_providers_own_mail_has_no_client,
}

fn mail(client: Option<ClientId>, key: &str) -> OutboxItem {
    OutboxItem {
        client,
        key: key.into(),
        kind: OutboxKind::Mail,
        to: "owner@client.example".into(),
        subject: "Subject".into(),
        text: "Text".into(),
        html: Some("<p>Text</p>".into()),
        attachments: vec![],
        made_at: START,
    }
}

async fn a_key_is_told_once(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let other = Office::settle(2, &db.store).await;
    assert!(db.store.enqueue(&mail(Some(office.client.id), "a")).await.unwrap());
    assert!(!db.reopened().await.enqueue(&mail(Some(office.client.id), "a")).await.unwrap());
    assert!(db.store.enqueue(&mail(Some(other.client.id), "a")).await.unwrap(), "another client's key is its own");
}

async fn two_processes_never_take_the_same_row(db: Db) {
    let office = Office::settle(1, &db.store).await;
    for n in 0..40 {
        db.store.enqueue(&mail(Some(office.client.id), &format!("{n:02}"))).await.unwrap();
    }
    let other = db.reopened().await;
    let mut keys = vec![];
    for _ in 0..4 {
        let (a, b) = tokio::join!(db.store.take_outbox(START, 7), other.take_outbox(START, 7));
        keys.extend(a.unwrap().into_iter().chain(b.unwrap()).map(|row| row.item.key));
    }
    keys.sort();
    assert_eq!(keys, (0..40).map(|n| format!("{n:02}")).collect::<Vec<_>>());
}

async fn a_row_whose_deliverer_died_comes_back(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.enqueue(&mail(Some(office.client.id), "a")).await.unwrap();
    assert_eq!(db.store.take_outbox(START, 10).await.unwrap().len(), 1);
    assert!(db.store.take_outbox(START.plus(Millis::minutes(4)), 10).await.unwrap().is_empty());
    let later = START.plus(Millis::minutes(6));
    let again = db.reopened().await.take_outbox(later, 10).await.unwrap();
    assert_eq!((again.len(), again[0].attempts), (1, 2));
    db.store.delivered(&again[0].id(), later).await.unwrap();
    assert!(db.store.take_outbox(later.plus(Millis::DAY), 10).await.unwrap().is_empty());
    let sent = OutboxFilter { state: Some(OutboxState::Delivered), ..OutboxFilter::default() };
    assert_eq!(db.store.outbox(&sent).await.unwrap()[0].delivered_at, Some(later));
}

async fn a_failed_delivery_waits_and_says_why(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.enqueue(&mail(Some(office.client.id), "a")).await.unwrap();
    let row = db.store.take_outbox(START, 10).await.unwrap().remove(0);
    db.store.failed(&row.id(), "connection refused", START.plus(Millis::HOUR)).await.unwrap();
    assert!(db.store.take_outbox(START.plus(Millis::minutes(30)), 10).await.unwrap().is_empty());
    let again = db.store.take_outbox(START.plus(Millis::HOUR), 10).await.unwrap();
    assert_eq!(again[0].last_error.as_deref(), Some("connection refused"));
}

async fn attachments_arrive_byte_for_byte(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let attachment = |name: &str, bytes| Attachment { name: name.into(), mime: "application/pdf".into(), bytes };
    let attachments = vec![attachment("a.pdf", (0..=255).collect()), attachment("b \"\n.pdf", vec![])];
    let item = OutboxItem { attachments: attachments.clone(), ..mail(Some(office.client.id), "a") };
    db.store.enqueue(&item).await.unwrap();
    let row = db.store.take_outbox(START, 1).await.unwrap().remove(0);
    assert_eq!(row.item, item);
    assert_eq!(db.store.outbox_row(&row.id()).await.unwrap().unwrap().item.attachments, attachments);
}

async fn the_providers_own_mail_has_no_client(db: Db) {
    assert!(db.store.enqueue(&mail(None, "a")).await.unwrap());
    assert!(!db.store.enqueue(&mail(None, "a")).await.unwrap());
    assert_eq!(db.store.take_outbox(START, 1).await.unwrap()[0].item.client, None);
}
