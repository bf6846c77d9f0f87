//! Backups restore, a killed process loses nothing it promised, and trouble is told apart.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_shared::time::Millis;
use beforehand_store::{Engine, FrameOutcome, Store, StoreError};

cases! {
    a_backup_taken_while_others_write_restores,
    an_unreachable_database_is_not_available,
    a_closed_store_is_not_available,
    what_was_committed_is_there_for_another_process_at_once,
    two_processes_storing_the_same_frame_store_it_once,
    a_database_in_memory_works,
}

async fn a_backup_taken_while_others_write_restores(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.commit_frames(&[office.frame(1)]).await.unwrap();
    db.store.digest(&office.measured(&[(Millis(0), 1.0)])).await.unwrap();
    let to = db.path("backup.db");
    let frames = [office.frame(2)];
    let (backed_up, committed) = tokio::join!(db.store.backup(&to), db.store.commit_frames(&frames));
    committed.unwrap();
    if db.store.engine() == Engine::Postgres {
        assert!(matches!(backed_up, Err(StoreError::Other(text)) if text.contains("pg_dump")));
        return;
    }
    backed_up.unwrap();
    assert!(matches!(db.store.backup(&to).await, Err(StoreError::Conflict(_))), "no file is overwritten");
    let restored = Store::open(&format!("sqlite://{}", to.display())).await.unwrap();
    restored.migrate().await.unwrap();
    assert_eq!(restored.assets(office.client.id).await.unwrap(), db.store.assets(office.client.id).await.unwrap());
    let again = restored.commit_frames(&[office.frame(1), office.frame(2), office.frame(3)]).await.unwrap();
    assert_eq!((again[0].outcome, again[2].high_water), (FrameOutcome::Same, 3), "agents fill what is missing");
}

async fn an_unreachable_database_is_not_available(db: Db) {
    let url = match db.store.engine() {
        Engine::Sqlite => format!("sqlite://{}/no/such/folder/x.db", db.dir.path().display()),
        Engine::Postgres => "postgres://postgres@127.0.0.1:1/x".to_owned(),
    };
    assert!(matches!(Store::open(&url).await, Err(StoreError::Unavailable(_))));
}

async fn a_closed_store_is_not_available(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.close().await;
    let refused = db.store.commit_frames(&[office.frame(1)]).await;
    assert!(matches!(refused, Err(StoreError::Unavailable(_))), "{refused:?}");
    assert!(db.reopened().await.undigested(10).await.unwrap().is_empty());
}

async fn what_was_committed_is_there_for_another_process_at_once(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let other = db.reopened().await;
    for seq in 1..=20 {
        db.store.commit_frames(&[office.frame(seq)]).await.unwrap();
        assert_eq!(other.undigested(100).await.unwrap().len() as u64, seq);
    }
}

async fn two_processes_storing_the_same_frame_store_it_once(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let other = db.reopened().await;
    for seq in 1..=10 {
        let frames = [office.frame(seq)];
        let (a, b) = tokio::join!(db.store.commit_frames(&frames), other.commit_frames(&frames));
        let (a, b) = (a.unwrap()[0], b.unwrap()[0]);
        assert!(matches!(
            (a.outcome, b.outcome),
            (FrameOutcome::New, FrameOutcome::Same) | (FrameOutcome::Same, FrameOutcome::New)
        ));
        assert_eq!((a.high_water, b.high_water), (seq, seq));
    }
}

async fn a_database_in_memory_works(db: Db) {
    drop(db);
    let store = Store::open("sqlite::memory:").await.unwrap();
    store.migrate().await.unwrap();
    let office = Office::settle(1, &store).await;
    store.commit_frames(&[office.frame(1)]).await.unwrap();
    let input = store.load_input(office.client.id, office.site.id, START).await.unwrap();
    assert_eq!(input.hosts.len(), 1);
}
