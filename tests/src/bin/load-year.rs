//! Prepares the demonstration's database: a year of three simulated clients, and a token with
//! which this machine enrols. The token is all that goes to standard output.

use anyhow::{Context, Result};
use beforehand_collector::{app::App, config::Config, config::MailMode, history::History, time::Clock};
use beforehand_core::{
    month::Provider,
    site::{Client, Contract, Delivery, Orders, Site},
};
use beforehand_e2e::{
    offices,
    progress::Progress,
    random,
    replay::{self, Office},
    time::{Stopwatch, now},
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};
use beforehand_sim::foresight::{OF_DISKS, Ticketed, foresight};
use beforehand_store::{EnrolToken, Store, TicketFilter, TicketRow};
use clap::Parser;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// Any number; the year is the same for everybody who sees it.
const SEED: u64 = 20_261_123;
const DAYS: u32 = 365;
/// Whose machine this is, by the name of its client.
const OWN: &str = "This machine";
/// More tickets than a year has.
const ALL: u32 = 1_000_000;

#[derive(Parser)]
#[command(about = "Prepares the demonstration's database")]
struct Cli {
    /// The collector's configuration.
    #[arg(long)]
    config: PathBuf,
    /// Leave out the simulated clients.
    #[arg(long)]
    no_history: bool,
}

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let config = Config::load(Some(&cli.config))?;
    config.check()?;
    let database = config.server.state.join("collector.db");
    if !database.exists() && !cli.no_history {
        // Loaded aside and then copied: an interrupted run leaves nothing half done.
        let aside = aside(&config)?;
        let store = load(&config, &aside.path().join("loading.db")).await?;
        store.backup(&database).await.context("the loaded year cannot be kept")?;
    }
    let store = Store::open(&config.database_url()).await?;
    store.migrate().await?;
    println!("{}", own_token(&store).await?);
    Ok(())
}

/// In memory where there is such a place: waiting for the disk at every simulated report would take
/// longer than all the rest.
fn aside(config: &Config) -> Result<tempfile::TempDir> {
    let memory = Path::new("/dev/shm");
    Ok(tempfile::tempdir_in(if memory.is_dir() { memory } else { &config.server.state })?)
}

/// A year that ends now.
async fn load(config: &Config, database: &Path) -> Result<Store> {
    let store = Store::open(&format!("sqlite://{}", database.display())).await?;
    store.migrate().await?;
    store.set_provider(&provider()).await?;
    let watch = Stopwatch::start();
    let end = now().hour_start();
    let start = end.minus(Millis::days(i64::from(DAYS)));
    let mut offices = offices::three(SEED, start, DAYS, Millis::HOUR)?;
    let app = App::new(quiet(config), store.clone(), Clock::manual(start))?;
    let mut history = History::new(&app);
    for office in &offices {
        office.enrol(&app).await?;
    }
    offices::cut_lines(&mut offices, end);
    let closely = offices::closely_from(end);
    let mut progress = Progress::default();
    let mut at = start;
    while at < end {
        if at >= closely {
            offices::tell_closely(&mut offices);
        }
        let stop = if at < closely { closely } else { end };
        at = replay::next_stop(at).min(stop);
        replay::advance(&app, &mut history, &mut offices, at).await?;
        let done = at.since(start).as_days() / f64::from(DAYS);
        progress.show(done, &format!("a year of {} simulated clients", offices.len()));
    }
    for office in &mut offices {
        office.end(&app, &mut history).await?;
    }
    history.advance(end.plus(Millis::MINUTE)).await?;
    report(&store, &offices, watch).await?;
    Ok(store)
}

/// Old notices about old tickets would only be noise; statements are wanted.
fn quiet(config: &Config) -> Config {
    let mut config = config.clone();
    config.mail.tickets_to.clear();
    config.mail.mode = MailMode::Files;
    config
}

async fn report(store: &Store, offices: &[Office], watch: Stopwatch) -> Result<()> {
    let mut tickets = Vec::new();
    for office in offices {
        let truth = office.world.truth();
        let (happened, averted) = (truth.incidents.len(), truth.averted.len());
        eprintln!("  {}: {happened} interruptions happened, {averted} were averted", office.client.name);
        tickets.push(ticketed(store, office.client.id).await?);
    }
    for kind in OF_DISKS {
        let worlds = offices.iter().zip(&tickets);
        eprintln!("  {}", foresight(kind, worlds.map(|(office, all)| (office.world.truth(), &all[..]))).line());
    }
    eprintln!("  loaded in {:.1} s", watch.elapsed().as_secs_f64());
    Ok(())
}

async fn ticketed(store: &Store, client: ClientId) -> Result<Vec<Ticketed>> {
    let filter = TicketFilter { client: Some(client), limit: ALL, ..TicketFilter::default() };
    let rows = store.tickets(&filter).await?;
    let one = |row: TicketRow| Some(Ticketed { asset: row.ticket.asset?, kind: row.kind?, at: row.ticket.opened_at });
    Ok(rows.into_iter().filter_map(one).collect())
}

fn provider() -> Provider {
    Provider {
        name: "Lindqvist IT".to_owned(),
        signed_by: "Sara Lindqvist".to_owned(),
        phone: "+353 91 555 0142".to_owned(),
        email: "hello@provider.example".to_owned(),
    }
}

/// A new token for this machine, whose client is made when there is none.
async fn own_token(store: &Store) -> Result<String> {
    let (client, site) = own_site(store).await?;
    let token = random::uuid()?.simple().to_string();
    let made_at = now();
    let row = EnrolToken {
        client,
        site,
        token_sha256: Sha256::digest(&token).iter().map(|byte| format!("{byte:02x}")).collect(),
        made_at,
        expires_at: made_at.plus(Millis::HOUR),
        made_by: "demonstration".to_owned(),
    };
    store.insert_enrol_token(&row).await?;
    Ok(token)
}

async fn own_site(store: &Store) -> Result<(ClientId, SiteId)> {
    if let Some(client) = store.clients().await?.into_iter().find(|client| client.name == OWN)
        && let Some(site) = store.sites(client.id).await?.first()
    {
        return Ok((client.id, site.id));
    }
    let client = own_client(now())?;
    let site = Site { client: client.id, id: SiteId(random::uuid()?), name: "Here".to_owned() };
    store.insert_client(&client).await?;
    store.insert_site(&site).await?;
    Ok((client.id, site.id))
}

fn own_client(created_at: Timestamp) -> Result<Client> {
    let contract = Contract {
        fee_per_month: 0,
        list_rate_per_hour: 9_500,
        included_hours: 0.0,
        wage_per_hour: 38_00,
        revenue_per_hour: 10_000,
        call_out: 60_00,
        people: 1,
    };
    let delivery = Delivery { emails: vec!["me@localhost".to_owned()], day: 1, hour: 7, hold_for_review: true };
    Ok(Client {
        id: ClientId(random::uuid()?),
        name: OWN.to_owned(),
        time_zone: "Etc/UTC".to_owned(),
        currency: "EUR".to_owned(),
        created_at,
        simulated: false,
        updates: false,
        orders: Orders::default(),
        closed_days: beforehand_core::closed::ClosedDays::default(),
        contract,
        delivery,
    })
}
