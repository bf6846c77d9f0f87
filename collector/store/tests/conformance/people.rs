//! Users, sessions, the first administrator, settings, the audit log.

use crate::{
    support::{Db, cases},
    world::{Office, START, token},
};
use beforehand_core::{
    closed::{ClosedDays, Closing},
    month::Provider,
    site::Client,
};
use beforehand_shared::time::Millis;
use beforehand_store::{AuditRow, NewUser, Role, Store, StoreError};

cases! {
    the_first_administrator_is_made_once,
    a_session_ends_with_its_time_its_end_or_a_new_password,
    an_address_belongs_to_one_user,
    failures_to_log_in_are_counted_by_address_and_time,
    settings_and_clients_can_be_changed,
}

fn user(email: &str, role: Role) -> NewUser {
    NewUser { email: email.into(), name: "Anna".into(), role, password_phc: "$argon2id$1".into(), made_at: START }
}

async fn the_first_administrator_is_made_once(db: Db) {
    let end = START.plus(Millis::HOUR);
    for seed in [1, 2] {
        db.store.insert_setup_token(&token(seed), end).await.unwrap();
    }
    assert!(!db.store.take_setup_token(&token(9), START).await.unwrap());
    assert!(!db.store.setup_token_valid(&token(1), end).await.unwrap(), "expired");
    assert!(db.store.setup_token_valid(&token(1), START).await.unwrap());
    assert!(db.store.take_setup_token(&token(1), START).await.unwrap());
    assert!(!db.store.take_setup_token(&token(1), START).await.unwrap());
    db.store.insert_user(&user("anna@provider.example", Role::Owner)).await.unwrap();
    assert!(!db.store.take_setup_token(&token(2), START).await.unwrap(), "there is somebody now");
}

async fn session_lives(store: &Store, seed: u128) -> bool {
    store.session(&token(seed), START.plus(Millis::minutes(30))).await.unwrap().is_some()
}

async fn a_session_ends_with_its_time_its_end_or_a_new_password(db: Db) {
    let anna = db.store.insert_user(&user("anna@provider.example", Role::Technician)).await.unwrap();
    let end = START.plus(Millis::HOUR);
    for seed in [1, 2] {
        db.store.insert_session(&token(seed), anna, START, end).await.unwrap();
    }
    assert_eq!(db.store.session(&token(1), START).await.unwrap().unwrap().user.email, "anna@provider.example");
    assert!(db.store.session(&token(1), end).await.unwrap().is_none());
    db.store.end_session(&token(1)).await.unwrap();
    assert!(!session_lives(&db.store, 1).await);
    assert!(session_lives(&db.reopened().await, 2).await);
    db.store.set_password(anna, "$argon2id$2").await.unwrap();
    assert!(!session_lives(&db.store, 2).await);
    assert_eq!(db.store.user_by_email("anna@provider.example").await.unwrap().unwrap().password_phc, "$argon2id$2");
}

async fn an_address_belongs_to_one_user(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.insert_user(&user("Anna@Provider.example", Role::Owner)).await.unwrap();
    let second = db.store.insert_user(&user("anna@provider.EXAMPLE", Role::Viewer)).await;
    assert_eq!(second, Err(StoreError::Conflict("user")));
    let id = db.store.insert_user(&user("owner@client.example", Role::ClientOwner(office.client.id))).await.unwrap();
    let users = db.store.users().await.unwrap();
    assert_eq!((users.len(), id), (2, 2));
    assert_eq!(users[1].role, Role::ClientOwner(office.client.id));
    assert!(db.store.user_by_email("ANNA@provider.example").await.unwrap().is_some());
}

async fn failures_to_log_in_are_counted_by_address_and_time(db: Db) {
    for minute in 0..5 {
        db.store.record_login_failure("Anna@provider.example", START.plus(Millis::minutes(minute))).await.unwrap();
    }
    let since = START.plus(Millis::minutes(3));
    assert_eq!(db.store.recent_login_failures("anna@provider.example", since).await.unwrap(), 2);
    assert_eq!(db.store.recent_login_failures("ben@provider.example", START).await.unwrap(), 0);
}

async fn settings_and_clients_can_be_changed(db: Db) {
    let office = Office::settle(1, &db.store).await;
    assert_eq!(db.store.provider().await.unwrap(), Provider::default());
    let provider = Provider { name: "Nordlicht IT".into(), ..Provider::default() };
    db.store.set_provider(&provider).await.unwrap();
    assert_eq!(db.reopened().await.provider().await.unwrap(), provider);
    db.store.set_flag("sealed", "1").await.unwrap();
    db.store.set_flag("sealed", "2").await.unwrap();
    assert_eq!(db.store.flag("sealed").await.unwrap().as_deref(), Some("2"));
    let day = |text: &str| text.parse().unwrap();
    let years = Closing { from: day("2026-12-24"), to: day("2027-01-01"), why: "Between the years".into() };
    let closed_days = ClosedDays::new(vec![years]).unwrap();
    let renamed = Client { name: "New name".into(), closed_days, ..office.client.clone() };
    db.store.update_client(&renamed).await.unwrap();
    let input = db.store.load_input(office.client.id, office.site.id, START).await.unwrap();
    assert_eq!(input.closed_days, renamed.closed_days, "the analysis knows them");
    assert_eq!(db.store.client(office.client.id).await.unwrap(), Some(renamed.clone()));
    assert_eq!(db.store.clients().await.unwrap(), [renamed]);
    assert_eq!(db.store.insert_client(&office.client).await, Err(StoreError::Conflict("client")));
    assert_eq!(db.store.update_client(&Office::new(5).client).await, Err(StoreError::NotFound("client")));
    let row = AuditRow { at: START, who: "anna".into(), what: "renamed".into(), client: Some(office.client.id) };
    db.store.audit(&row).await.unwrap();
    assert_eq!(db.store.audit_log(5).await.unwrap(), [row]);
}
