//! Measures what the design sets budgets for: `cargo run --release -p beforehand-store --example
//! rates [database URL]`. Without a URL it uses a new SQLite file, which it removes.

use beforehand_core::{
    asset::AssetId,
    series::{Metric, Sample},
    site::{Client, Contract, Delivery, Site},
    unpack::{FactUpdate, Receipt},
};
use beforehand_shared::{
    asset::AssetKind,
    ids::{BootId, ClientId, HostId, Incarnation, SiteId},
    observation::Observation,
    time::{Millis, Timestamp},
    volume::Volume,
};
use beforehand_store::{Digest, NewFrame, NewHost, Redeemed, Result, Store};
use std::time::Instant;
use uuid::Uuid;

const START: Timestamp = Timestamp(1_795_392_000_000);
const BATCH: u64 = 500;
const BATCHES: u64 = 60;
const HOSTS: u128 = 5;
const VOLUMES: usize = 4;
const DAYS: i64 = 60;
const LOADS: u32 = 50;

fn main() -> std::result::Result<(), Box<dyn std::error::Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let dir = tempfile::tempdir()?;
    let here = format!("sqlite://{}", dir.path().join("rates.db").display());
    let url = std::env::args().nth(1).unwrap_or(here);
    runtime.block_on(measure(&url))?;
    Ok(())
}

async fn measure(url: &str) -> Result<()> {
    let store = Store::open(url).await?;
    store.migrate().await?;
    let client = settle(&store).await?;
    let begun = now();
    for batch in 0..BATCHES {
        let frames: Vec<NewFrame> = (0..BATCH).map(|host| frame(client.id, host, batch + 1)).collect();
        store.commit_frames(&frames).await?;
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("commit_frames: {:.0} frames/s in batches of {BATCH}", (BATCH * BATCHES) as f64 / seconds);
    measure_series(&store, &client).await?;
    measure_input(&store, &client).await
}

async fn measure_series(store: &Store, client: &Client) -> Result<()> {
    let begun = now();
    for day in 0..DAYS {
        store.digest(&a_day(client, day)).await?;
    }
    println!("digest: {:.1} ms for a day of the site", begun.elapsed().as_secs_f64() * 1e3 / DAYS as f64);
    let begun = now();
    let (mut days, mut samples, mut bytes) = (0, 0, 0);
    loop {
        let sealed = store.seal(START.plus(Millis::days(DAYS - 1)), 500).await?;
        if sealed.days == 0 {
            break;
        }
        (days, samples, bytes) = (days + sealed.days, samples + sealed.samples, bytes + sealed.bytes);
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!("seal: {:.0} series-days/s, {:.2} bytes a sample", days as f64 / seconds, bytes as f64 / samples as f64);
    Ok(())
}

async fn measure_input(store: &Store, client: &Client) -> Result<()> {
    let end = START.plus(Millis::days(DAYS));
    let begun = now();
    let mut values = 0;
    for _ in 0..LOADS {
        let input = store.load_input(client.id, site(client).id, end).await?;
        let series = input.assets.values().flat_map(|asset| asset.series.values());
        values = series.map(|series| series.hours.len() + series.recent.len()).sum();
    }
    let ms = begun.elapsed().as_secs_f64() * 1e3 / f64::from(LOADS);
    println!(
        "load_input: {ms:.2} ms for {HOSTS} hosts, {} assets, {values} hours and samples",
        HOSTS as usize * (VOLUMES + 1)
    );
    Ok(())
}

#[expect(clippy::disallowed_methods, reason = "measures how long things take")]
fn now() -> Instant {
    Instant::now()
}

fn site(client: &Client) -> Site {
    Site { client: client.id, id: SiteId(Uuid::from_u128(2)), name: "Office".into() }
}

fn host(n: u128) -> HostId {
    HostId(Uuid::from_u128(100 + n))
}

async fn settle(store: &Store) -> Result<Client> {
    let contract = Contract {
        fee_per_month: 0,
        list_rate_per_hour: 0,
        included_hours: 0.0,
        wage_per_hour: 0,
        revenue_per_hour: 0,
        call_out: 0,
        people: 5,
    };
    let client = Client {
        id: ClientId(Uuid::from_u128(1)),
        name: "Client".into(),
        time_zone: "UTC".into(),
        currency: "EUR".into(),
        created_at: START,
        simulated: true,
        updates: false,
        orders: beforehand_core::site::Orders::default(),
        closed_days: beforehand_core::closed::ClosedDays::default(),
        contract,
        delivery: Delivery { emails: vec![], day: 1, hour: 8, hold_for_review: false },
    };
    store.insert_client(&client).await?;
    store.insert_site(&site(&client)).await?;
    for n in 0..HOSTS {
        enrol(store, &client, n).await?;
    }
    Ok(client)
}

async fn enrol(store: &Store, client: &Client, n: u128) -> Result<()> {
    let token = beforehand_store::EnrolToken {
        client: client.id,
        site: site(client).id,
        token_sha256: format!("{n:064x}"),
        made_at: START,
        expires_at: START.plus(Millis::DAY),
        made_by: String::new(),
    };
    store.insert_enrol_token(&token).await?;
    let new = NewHost {
        id: host(n),
        name: format!("PC-{n}"),
        os: String::new(),
        agent: String::new(),
        secret_sha256: format!("{:064x}", 100 + n),
        machine: format!("{n}"),
        incarnation: Incarnation(Uuid::from_u128(n)),
    };
    let redeemed = store.redeem(&token.token_sha256, START, &new).await?;
    debug_assert!(matches!(redeemed, Redeemed::Done { .. }));
    Ok(())
}

fn frame(client: ClientId, host: u64, seq: u64) -> NewFrame {
    let received_at = START.plus(Millis::minutes(seq as i64));
    let receipt =
        Receipt { received_at, sent_at: received_at, sent_mono_ms: 60_000 * seq, sent_boot: BootId(Uuid::nil()) };
    NewFrame {
        client,
        host: HostId(Uuid::from_u128(1_000 + u128::from(host))),
        incarnation: Incarnation(Uuid::from_u128(1_000_000 + u128::from(host))),
        seq,
        receipt,
        peer: None,
        body: (0..700u64).map(|n| (n * seq + host) as u8).collect(),
        body_sha256: [seq as u8; 32],
    }
}

/// Each host is present, and its volumes are measured every five minutes.
fn a_day(client: &Client, day: i64) -> Digest {
    let at = |n: i64| START.plus(Millis::days(day)).plus(Millis::minutes(n * 5));
    let series =
        |value: &dyn Fn(i64) -> f64| (0..288).map(|n| Sample { at: at(n), value: value(n) }).collect::<Vec<_>>();
    let (mut facts, mut samples) = (vec![], vec![]);
    for n in 0..HOSTS {
        let own = AssetId::of_host(host(n));
        facts.push(fact(own.clone(), host(n), at(0)));
        samples.push((own, Metric::Present, series(&|_| 1.0)));
        for volume in 0..VOLUMES {
            let asset = AssetId::new(AssetKind::Volume, host(n), &format!("/{volume}"));
            facts.push(fact(asset.clone(), host(n), at(0)));
            let free = |n: i64| 4096.0 * (5e7 - ((day * 288 + n) * 40 + (n * n * 7_919) % 1_009) as f64);
            samples.push((asset.clone(), Metric::FreeBytes, series(&free)));
            samples.push((asset.clone(), Metric::TotalBytes, series(&|_| 5e11)));
            samples.push((asset, Metric::InodesFree, series(&|n| 3e7 - (n / 9) as f64)));
        }
    }
    Digest {
        facts,
        samples,
        client: client.id,
        site: site(client).id,
        frames: vec![],
        host_updates: vec![],
        gaps: vec![],
        found: vec![],
        changes: vec![],
    }
}

fn fact(asset: AssetId, host: HostId, at: Timestamp) -> FactUpdate {
    let volume = Volume {
        mount: "/".into(),
        device: "/dev/sda1".into(),
        fs: "ext4".into(),
        total_bytes: 2,
        free_bytes: 1,
        ..Volume::default()
    };
    FactUpdate { asset, host, at, name: "/".into(), observation: Observation::Volume(volume) }
}
