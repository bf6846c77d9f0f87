//! Nothing lost, nothing double: frames, acknowledgements and gaps.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_shared::{ids::Incarnation, report::GapReason, time::Millis};
use beforehand_store::{Digest, FrameOutcome, GapRow, NewFrame};
use uuid::Uuid;

cases! {
    frames_are_kept_as_received,
    a_second_delivery_changes_nothing,
    other_content_under_a_known_number_is_told_apart_and_overwrites_nothing,
    the_high_water_stops_at_a_hole_and_goes_on_when_it_is_filled,
    an_explained_gap_counts_as_delivered,
    the_high_water_stays_when_old_frames_are_removed,
    a_batch_of_many_hosts_is_stored_whole,
    a_digest_marks_its_frames_once,
    frames_of_a_new_incarnation_come_after_those_of_the_old,
}

fn outcomes(committed: &[beforehand_store::Committed]) -> Vec<(FrameOutcome, u64)> {
    committed.iter().map(|committed| (committed.outcome, committed.high_water)).collect()
}

async fn frames_are_kept_as_received(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let frame = NewFrame { body: (0..=255).collect(), ..office.frame(1) };
    db.store.commit_frames(std::slice::from_ref(&frame)).await.unwrap();
    let waiting = db.reopened().await.undigested(10).await.unwrap();
    assert_eq!(waiting.len(), 1);
    assert_eq!((&waiting[0].body, waiting[0].receipt), (&frame.body, frame.receipt));
    assert_eq!((waiting[0].site, waiting[0].seq), (office.site.id, 1));
    let received = frame.receipt.received_at;
    let span = (received, received.plus(Millis(1)));
    let evidence = db.store.frames_of_host(office.client.id, office.host, span.0, span.1).await.unwrap();
    assert_eq!(evidence, waiting);
}

async fn a_second_delivery_changes_nothing(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let first = db.store.commit_frames(&[office.frame(1), office.frame(2)]).await.unwrap();
    assert_eq!(outcomes(&first), [(FrameOutcome::New, 2), (FrameOutcome::New, 2)]);
    let again = db.store.commit_frames(&[office.frame(2), office.frame(3), office.frame(3)]).await.unwrap();
    let expected = [(FrameOutcome::Same, 3), (FrameOutcome::New, 3), (FrameOutcome::Same, 3)];
    assert_eq!(outcomes(&again), expected);
    assert_eq!(db.store.undigested(10).await.unwrap().len(), 3);
}

async fn other_content_under_a_known_number_is_told_apart_and_overwrites_nothing(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.commit_frames(&[office.frame(1)]).await.unwrap();
    let other = NewFrame { body: b"forged".to_vec(), body_sha256: [99; 32], ..office.frame(1) };
    let committed = db.store.commit_frames(&[other]).await.unwrap();
    assert_eq!(outcomes(&committed), [(FrameOutcome::Differs, 1)]);
    assert_eq!(db.store.undigested(10).await.unwrap()[0].body, b"body 1");
}

async fn the_high_water_stops_at_a_hole_and_goes_on_when_it_is_filled(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let frames = [office.frame(1), office.frame(4), office.frame(2), office.frame(5)];
    let committed = db.store.commit_frames(&frames).await.unwrap();
    assert!(committed.iter().all(|committed| committed.high_water == 2), "{committed:?}");
    let committed = db.reopened().await.commit_frames(&[office.frame(3)]).await.unwrap();
    assert_eq!(outcomes(&committed), [(FrameOutcome::New, 5)]);
    let committed = db.store.commit_frames(&[office.frame(6)]).await.unwrap();
    assert_eq!(outcomes(&committed), [(FrameOutcome::New, 6)]);
}

fn gap(office: &Office, seqs: (u64, u64)) -> GapRow {
    GapRow {
        host: office.host,
        incarnation: office.incarnation,
        from: START,
        to: START.plus(Millis::HOUR),
        reason: GapReason::SpoolFull,
        lost: seqs.1 - seqs.0 + 1,
        seqs: Some(seqs),
    }
}

async fn an_explained_gap_counts_as_delivered(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.commit_frames(&[office.frame(1), office.frame(5)]).await.unwrap();
    let digest = Digest { gaps: vec![gap(&office, (2, 4)), gap(&office, (7, 8))], ..office.digest() };
    let digest = Digest { gaps: vec![digest.gaps[0].clone()], ..digest };
    db.store.digest(&digest).await.unwrap();
    db.store.digest(&digest).await.unwrap();
    let committed = db.store.commit_frames(&[office.frame(6)]).await.unwrap();
    assert_eq!(outcomes(&committed), [(FrameOutcome::New, 6)]);
    let gaps = db.store.gaps(office.client.id, START, START.plus(Millis::DAY)).await.unwrap();
    assert_eq!(gaps, digest.gaps);
    assert!(
        db.store.gaps(office.client.id, START.plus(Millis::DAY), START.plus(Millis::days(2))).await.unwrap().is_empty()
    );
}

async fn the_high_water_stays_when_old_frames_are_removed(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.commit_frames(&[office.frame(1), office.frame(2)]).await.unwrap();
    let everything = beforehand_store::Retention { frames_before: Some(START.plus(Millis::DAY)), ..Default::default() };
    assert_eq!(db.store.retain(&everything).await.unwrap().frames, 0, "not yet digested");
    let frames = vec![(office.host, office.incarnation, 1), (office.host, office.incarnation, 2)];
    db.store.digest(&Digest { frames, ..office.digest() }).await.unwrap();
    assert_eq!(db.store.retain(&everything).await.unwrap().frames, 2);
    let committed = db.store.commit_frames(&[office.frame(3)]).await.unwrap();
    assert_eq!(outcomes(&committed), [(FrameOutcome::New, 3)]);
}

async fn a_batch_of_many_hosts_is_stored_whole(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let lives: Vec<Incarnation> = (0..150).map(|n| Incarnation(Uuid::from_u128(1000 + n))).collect();
    let frames: Vec<NewFrame> =
        lives.iter().flat_map(|life| (1..=3).map(|seq| NewFrame { incarnation: *life, ..office.frame(seq) })).collect();
    let committed = db.store.commit_frames(&frames).await.unwrap();
    assert!(committed.iter().all(|committed| (committed.outcome, committed.high_water) == (FrameOutcome::New, 3)));
    let again = db.store.commit_frames(&frames).await.unwrap();
    assert!(again.iter().all(|committed| committed.outcome == FrameOutcome::Same));
    assert_eq!(db.store.storage().await.unwrap().frames, 450);
}

async fn a_digest_marks_its_frames_once(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.commit_frames(&[office.frame(1), office.frame(2)]).await.unwrap();
    let digest = Digest { frames: vec![(office.host, office.incarnation, 1)], ..office.digest() };
    assert_eq!(db.store.digest(&digest).await.unwrap().frames, 1);
    assert_eq!(db.store.digest(&digest).await.unwrap().frames, 0);
    let waiting = db.store.undigested(10).await.unwrap();
    assert_eq!(waiting.iter().map(|frame| frame.seq).collect::<Vec<_>>(), [2]);
}

async fn frames_of_a_new_incarnation_come_after_those_of_the_old(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let second = Incarnation(Uuid::from_u128(1));
    db.store.new_incarnation(office.client.id, office.host, second, START.plus(Millis::HOUR)).await.unwrap();
    let frames = [NewFrame { incarnation: second, ..office.frame(1) }, office.frame(2), office.frame(1)];
    db.store.commit_frames(&frames).await.unwrap();
    let waiting = db.store.undigested(10).await.unwrap();
    let order: Vec<_> = waiting.iter().map(|frame| (frame.incarnation, frame.seq)).collect();
    assert_eq!(order, [(office.incarnation, 1), (office.incarnation, 2), (second, 1)]);
}
