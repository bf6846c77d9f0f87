//! Measurements read the same before and after sealing, each instant once.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_core::{
    asset::AssetId,
    series::{Metric, Sample},
};
use beforehand_shared::{
    asset::AssetKind,
    limits,
    time::{Millis, Timestamp},
};
use beforehand_store::{Digest, Retention, Store};

cases! {
    samples_and_hours_read_the_same_before_and_after_sealing,
    a_repeated_digest_doubles_no_sample,
    a_late_sample_opens_the_sealed_day_again,
    sealing_leaves_the_present_day_alone,
    every_bit_of_a_value_survives,
    a_host_has_a_limit_of_series_and_the_refusals_are_counted,
    samples_can_go_while_their_hours_stay,
    a_sample_costs_little_once_sealed,
}

const DAYS: i64 = 3;

fn until(days: i64) -> (Timestamp, Timestamp) {
    (START, START.plus(Millis::days(days)))
}

async fn seal_all(store: &Store, before: Timestamp) -> beforehand_store::Sealed {
    let mut all = beforehand_store::Sealed::default();
    loop {
        let sealed = store.seal(before, 40).await.unwrap();
        if sealed.days == 0 {
            return all;
        }
        all.days += sealed.days;
        all.samples += sealed.samples;
        all.bytes += sealed.bytes;
    }
}

fn every_five_minutes() -> Vec<(Millis, f64)> {
    (0..DAYS * 288).map(|n| (Millis(n * 300_000 + n % 7), 1e9 - (n * n) as f64)).collect()
}

async fn samples_and_hours_read_the_same_before_and_after_sealing(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&office.measured(&every_five_minutes())).await.unwrap();
    let (client, asset, metric) = (office.client.id, office.volume(), Metric::FreeBytes);
    let samples = db.store.samples(client, &asset, &metric, until(DAYS)).await.unwrap();
    let hours = db.store.hours(client, &asset, &metric, until(DAYS)).await.unwrap();
    assert_eq!((samples.len(), hours.len()), (864, 72));
    assert!(hours.iter().all(|hour| hour.count == 12));
    let sealed = seal_all(&db.store, START.plus(Millis::days(DAYS))).await;
    assert_eq!((sealed.days, sealed.samples), (3, 864));
    assert_eq!(db.store.storage().await.unwrap().tail_bytes, 0);
    assert_eq!(db.store.samples(client, &asset, &metric, until(DAYS)).await.unwrap(), samples);
    assert_eq!(db.store.hours(client, &asset, &metric, until(DAYS)).await.unwrap(), hours);
    let part = (START.plus(Millis::hours(20)), START.plus(Millis::hours(30)));
    let part = db.store.samples(client, &asset, &metric, part).await.unwrap();
    assert_eq!(part, samples[240..360]);
    assert_eq!(db.store.series_of(client, &asset).await.unwrap(), [Metric::FreeBytes]);
}

async fn a_repeated_digest_doubles_no_sample(db: Db) {
    let office = Office::settle(1, &db.store).await;
    for _ in 0..2 {
        db.store.digest(&office.measured(&every_five_minutes())).await.unwrap();
    }
    seal_all(&db.store, START.plus(Millis::days(2))).await;
    let (client, asset, metric) = (office.client.id, office.volume(), Metric::FreeBytes);
    assert_eq!(db.store.samples(client, &asset, &metric, until(DAYS)).await.unwrap().len(), 864);
    let hours = db.store.hours(client, &asset, &metric, until(DAYS)).await.unwrap();
    assert!(hours.iter().all(|hour| hour.count == 12));
}

async fn a_late_sample_opens_the_sealed_day_again(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&office.measured(&every_five_minutes())).await.unwrap();
    let end = START.plus(Millis::days(DAYS));
    seal_all(&db.store, end).await;
    let late = Millis::hours(7).0 + 150_000;
    db.store.digest(&office.measured(&[(Millis(late), 5.0)])).await.unwrap();
    let (client, asset, metric) = (office.client.id, office.volume(), Metric::FreeBytes);
    for _ in 0..2 {
        let samples = db.store.samples(client, &asset, &metric, until(DAYS)).await.unwrap();
        assert_eq!(samples.len(), 865);
        assert!(samples.contains(&Sample { at: START.plus(Millis(late)), value: 5.0 }));
        let hours = db.store.hours(client, &asset, &metric, until(DAYS)).await.unwrap();
        assert_eq!((hours.len(), hours[7].count, hours[7].min), (72, 13, 5.0));
        seal_all(&db.store, end).await;
    }
    assert_eq!(db.store.storage().await.unwrap().sealed_samples, 865);
}

async fn sealing_leaves_the_present_day_alone(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&office.measured(&every_five_minutes())).await.unwrap();
    let sealed = seal_all(&db.store, START.plus(Millis::hours(30))).await;
    assert_eq!(sealed.samples, 288);
}

async fn every_bit_of_a_value_survives(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let odd = [0.1, -0.0, 1e308, 5e-324, f64::from_bits(0x0102_0304_0500_0607), f64::from_bits(0x4080_ff00_c3a9_27ff)];
    let samples: Vec<(Millis, f64)> =
        odd.into_iter().enumerate().map(|(n, value)| (Millis::minutes(n as i64 * 40), value)).collect();
    for sample in &samples {
        db.store.digest(&office.measured(std::slice::from_ref(sample))).await.unwrap();
    }
    let expected: Vec<u64> = odd.iter().map(|value| value.to_bits()).collect();
    for _ in 0..2 {
        let read = db.store.samples(office.client.id, &office.volume(), &Metric::FreeBytes, until(1)).await.unwrap();
        assert_eq!(read.iter().map(|sample| sample.value.to_bits()).collect::<Vec<_>>(), expected);
        seal_all(&db.store, START.plus(Millis::days(DAYS))).await;
    }
}

async fn a_host_has_a_limit_of_series_and_the_refusals_are_counted(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let sample = Sample { at: START, value: 1.0 };
    let asset = |n: usize| AssetId::new(AssetKind::Volume, office.host, &format!("/{n}"));
    let samples = (0..limits::SERIES_PER_HOST + 5).map(|n| (asset(n), Metric::FreeBytes, vec![sample])).collect();
    let digest = Digest { samples, ..office.digest() };
    assert_eq!(db.store.digest(&digest).await.unwrap().refused_samples, 5);
    assert_eq!(db.store.storage().await.unwrap().series, limits::SERIES_PER_HOST as u64);
    let host = db.store.host(office.client.id, office.host).await.unwrap().unwrap();
    assert_eq!(host.refused_samples, 5);
}

async fn samples_can_go_while_their_hours_stay(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&office.measured(&every_five_minutes())).await.unwrap();
    seal_all(&db.store, START.plus(Millis::days(DAYS))).await;
    let retention = Retention { samples_before: Some(START.plus(Millis::days(2))), ..Retention::default() };
    assert_eq!(db.store.retain(&retention).await.unwrap().chunks, 2);
    let (client, asset, metric) = (office.client.id, office.volume(), Metric::FreeBytes);
    assert_eq!(db.store.samples(client, &asset, &metric, until(DAYS)).await.unwrap().len(), 288);
    assert_eq!(db.store.hours(client, &asset, &metric, until(DAYS)).await.unwrap().len(), 72);
}

/// A number below 1 that looks random (the mixing steps of SplitMix64).
fn noise(seed: i64) -> f64 {
    let seed = seed.unsigned_abs().wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (seed ^ (seed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    (mixed >> 11) as f64 / (1u64 << 53) as f64
}

/// What an office PC measures in a day, once a minute with jitter: two volumes, two pinged
/// targets, a printer with four supplies.
fn a_day(office: &Office) -> Digest {
    let at = |minute: i64| START.plus(Millis(minute * 60_000 + (noise(minute) * 80.0) as i64));
    let series =
        |value: &dyn Fn(i64) -> f64| (0..1440).map(|m| Sample { at: at(m), value: value(m) }).collect::<Vec<_>>();
    let of = |kind, key: &str| AssetId::new(kind, office.host, key);
    let mut samples = vec![(of(AssetKind::Host, ""), Metric::Present, series(&|_| 1.0))];
    for (n, mount) in ["/", "/home"].into_iter().enumerate() {
        let free = |m: i64| 4096.0 * (50_000_000.0 - (m * 40) as f64 - (noise(m / 3 + n as i64) * 900.0).floor());
        samples.push((of(AssetKind::Volume, mount), Metric::FreeBytes, series(&free)));
        samples.push((of(AssetKind::Volume, mount), Metric::TotalBytes, series(&|_| 5e11)));
        samples.push((of(AssetKind::Volume, mount), Metric::InodesFree, series(&|m| 3e7 - (m / 9) as f64)));
        samples.push((of(AssetKind::Volume, mount), Metric::InodesTotal, series(&|_| 3.2e7)));
    }
    for target in ["192.0.2.1", "198.51.100.1"] {
        let rtt = |m: i64| ((8.0 + noise(m) * noise(m + 7) * 6.0) * 1000.0).round() / 1000.0;
        samples.push((of(AssetKind::Link, target), Metric::RttMs, series(&rtt)));
        samples.push((of(AssetKind::Link, target), Metric::JitterMs, series(&|m| (noise(m) * 900.0).round() / 1000.0)));
        samples.push((
            of(AssetKind::Link, target),
            Metric::LossPct,
            series(&|m| if noise(m) > 0.99 { 20.0 } else { 0.0 }),
        ));
    }
    for supply in ["black", "cyan", "magenta", "yellow"] {
        let left = |m: i64| 60.0 - (m / 700) as f64;
        samples.push((of(AssetKind::Printer, "serial"), Metric::SupplyPct(supply.into()), series(&left)));
    }
    samples.push((
        of(AssetKind::Printer, "serial"),
        Metric::PrinterState,
        series(&|m| if m % 97 < 3 { 1.0 } else { 0.0 }),
    ));
    samples.push((of(AssetKind::Printer, "serial"), Metric::Pages, series(&|m| 40_000.0 + (m / 31) as f64)));
    Digest { facts: vec![office.fact(START, 1)], samples, ..office.digest() }
}

async fn a_sample_costs_little_once_sealed(db: Db) {
    let office = Office::settle(1, &db.store).await;
    db.store.digest(&a_day(&office)).await.unwrap();
    let sealed = seal_all(&db.store, START.plus(Millis::days(DAYS))).await;
    let figures = db.store.storage().await.unwrap();
    assert_eq!(figures.sealed_samples, sealed.samples);
    assert_eq!(figures.chunk_bytes + figures.hour_bytes, sealed.bytes);
    let (chunks, hours) = (figures.chunk_bytes as f64, figures.hour_bytes as f64);
    let n = sealed.samples as f64;
    println!("sealed: {:.2} bytes a sample, and {:.2} for its hours", chunks / n, hours / n);
    assert!((chunks + hours) / n <= 1.5, "{} bytes a sample", (chunks + hours) / n);
}
