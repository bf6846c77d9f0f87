//! Durable reports a second: many agents' real reports, encoded as agents encode them, through HTTP
//! into a collector on this machine.

use anyhow::{Context, Result, ensure};
use beforehand_e2e::{
    http, offices,
    parts::{collector::Collector, place::Place},
    replay::Office,
    time::Stopwatch,
};
use beforehand_shared::{
    enrol::REPORTS_PATH,
    ids::HostId,
    time::{Millis, Timestamp},
    wire,
};
use beforehand_sim::world::Event;
use beforehand_store::{EnrolToken, NewHost, Store};
use clap::Parser;
use sha2::{Digest, Sha256};
use std::{collections::BTreeMap, sync::Arc, time::Duration};

#[derive(Parser)]
#[command(about = "Measures how many reports a second become durable")]
struct Cli {
    /// Requests under way at one time.
    #[arg(long, default_value_t = 128)]
    senders: usize,
    /// Simulated offices of six hosts each.
    #[arg(long, default_value_t = 20)]
    offices: u64,
    /// Hours of reports, one a minute.
    #[arg(long, default_value_t = 12)]
    hours: i64,
}

/// 2026-01-05, a Monday.
const START: Timestamp = Timestamp(1_767_571_200_000);

/// One report ready to be sent.
struct Ready {
    secret: String,
    body: Vec<u8>,
}

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let place = Place::new("bench-ingest")?;
    let limits = "[limits]\nrequests_per_second = 1000000\nburst = 10000000\n\n[log]\nfilter = \"warn\"\n";
    let mut collector = Collector::configure(&place, limits)?;
    let store = collector.store().await?;
    let reports = prepare(&store, &cli).await?;
    let bytes: usize = reports.iter().map(|ready| ready.body.len()).sum();
    println!("{} reports, {} bytes each on average", reports.len(), bytes / reports.len().max(1));
    collector.serve().await?;
    let (count, url) = (reports.len(), collector.url(REPORTS_PATH));
    let watch = Stopwatch::start();
    let mut times = send(reports, &url, cli.senders).await?;
    let seconds = watch.elapsed().as_secs_f64();
    times.sort_unstable();
    let at = |share: f64| times.get((times.len() as f64 * share) as usize).copied().unwrap_or_default().as_secs_f64();
    let (p50, p99) = (at(0.5) * 1e3, at(0.99) * 1e3);
    println!("{:.0} reports/s durable, p50 {p50:.1} ms, p99 {p99:.1} ms, {seconds:.1} s", count as f64 / seconds);
    if let Some(pid) = collector.pid() {
        println!("collector: {}", peak_memory(pid)?);
    }
    Ok(())
}

fn peak_memory(pid: u32) -> Result<String> {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find(|line| line.starts_with("VmHWM")).context("no VmHWM")?;
    Ok(format!("peak RSS {}", line.trim_start_matches("VmHWM:").trim()))
}

/// Enrols every host and encodes what it reports, host by host in order.
async fn prepare(store: &Store, cli: &Cli) -> Result<Vec<Ready>> {
    let mut ready = Vec::new();
    for seed in 0..cli.offices {
        let mut office = offices::three(seed, START, 1, Millis::MINUTE)?.remove(0);
        store.insert_client(&office.client).await?;
        store.insert_site(&office.site).await?;
        let mut secrets = BTreeMap::new();
        for machine in 0..office.world.machines.len() {
            let (host, secret) = enrol(store, &office, machine).await?;
            secrets.insert(host, secret);
        }
        for event in office.world.step(START.plus(Millis::hours(7 + cli.hours))) {
            let Event::Report(sent) = event else { continue };
            let secret = secrets.get(&sent.report.host).context("a host that was not enrolled")?.clone();
            ready.push(Ready { secret, body: wire::encode(&sent.report)? });
        }
    }
    Ok(ready)
}

async fn enrol(store: &Store, office: &Office, machine: usize) -> Result<(HostId, String)> {
    let machine = &office.world.machines[machine];
    let secret = machine.id.to_string();
    let token_sha256 = hash(&format!("token {secret}"));
    let token = EnrolToken {
        client: office.client.id,
        site: office.site.id,
        token_sha256: token_sha256.clone(),
        made_at: START,
        expires_at: START.plus(Millis::HOUR),
        made_by: "bench".to_owned(),
    };
    store.insert_enrol_token(&token).await?;
    let host = NewHost {
        id: machine.id,
        name: machine.name.clone(),
        os: machine.os.clone(),
        agent: "0".to_owned(),
        secret_sha256: hash(&secret),
        machine: hash(&machine.name),
        incarnation: machine.incarnation,
    };
    store.redeem(&token_sha256, START, &host).await?;
    Ok((machine.id, secret))
}

/// Sends everything, so many at a time; how long each took.
async fn send(reports: Vec<Ready>, url: &str, senders: usize) -> Result<Vec<Duration>> {
    let (client, reports) = (http::client()?, Arc::new(reports));
    let mut tasks = tokio::task::JoinSet::new();
    for sender in 0..senders {
        let (client, reports, url) = (client.clone(), Arc::clone(&reports), url.to_owned());
        tasks.spawn(async move {
            let mut times = Vec::new();
            for ready in reports.iter().skip(sender).step_by(senders) {
                let watch = Stopwatch::start();
                let request = client.post(&url).bearer_auth(&ready.secret);
                let request = request.header("content-type", "application/json").header("content-encoding", "zstd");
                let response = request.body(ready.body.clone()).send().await?;
                ensure!(response.status().is_success(), "{}: {}", response.status(), response.text().await?);
                times.push(watch.elapsed());
            }
            anyhow::Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = tasks.join_next().await {
        times.extend(done??);
    }
    Ok(times)
}

fn hash(text: &str) -> String {
    Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
}
