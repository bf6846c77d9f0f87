//! An agent that reports as fast as it can, for the tests that kill it: the real spool, transport
//! and sender, with a journal of what it generated kept outside of them.

use anyhow::Result;
use beforehand_agent::{
    identity::Identity,
    report::Draft,
    sender::{Next, Sender, SharedSpool},
    spool::{Limits, Spool},
    time::Clock,
    transport::Transport,
};
use beforehand_e2e::random;
use beforehand_shared::{
    ids::BootId,
    observation::Observation,
    run::{Outcome, ProbeRun},
    volume::Volume,
};
use clap::Parser;
use std::{fs::File, io::Write, path::PathBuf, time::Duration};

#[derive(Parser)]
struct Cli {
    /// The agent's state directory, enrolled.
    #[arg(long)]
    state: PathBuf,
    /// A line for every report that the spool has taken.
    #[arg(long)]
    journal: PathBuf,
    /// Only send what waits, and end when nothing does.
    #[arg(long)]
    drain: bool,
}

/// Far more than a test makes: nothing is dropped for want of room.
const LIMITS: Limits = Limits { bytes: 1 << 30, waiting: 1_000_000, acked: 1_000_000 };
/// One exchange with the collector.
const EXCHANGE: Duration = Duration::from_secs(10);
/// A real agent waits a second and more; a test has not that much time.
const LONGEST_WAIT: Duration = Duration::from_millis(30);

#[tokio::main]
async fn main() -> Result<()> {
    let cli = Cli::parse();
    let clock = Clock::system();
    let identity = Identity::load(&cli.state)?;
    let boot = BootId(random::uuid()?);
    let mut spool = Spool::open(&cli.state, (identity.host, identity.incarnation), LIMITS, clock.now().wall)?;
    let mut journal = File::options().create(true).append(true).open(&cli.journal)?;
    if cli.drain {
        // One more report, so that gaps found at the start are told.
        generate(&mut spool, boot, &clock, &mut journal)?;
    }
    let spool = SharedSpool::new(spool);
    let mut sender = Sender::new(spool.clone(), Transport::new(&identity, boot, EXCHANGE)?, clock.clone());
    loop {
        if !cli.drain {
            generate(&mut spool.lock(), boot, &clock, &mut journal)?;
        }
        match sender.step().await {
            Next::GoOn => {}
            Next::Idle if cli.drain => return Ok(()),
            Next::Idle => tokio::task::yield_now().await,
            Next::Wait(wait) => tokio::time::sleep(wait.min(LONGEST_WAIT)).await,
        }
    }
}

/// One report about a volume that nobody else reports about, journalled once the spool has it.
fn generate(spool: &mut Spool, boot: BootId, clock: &Clock, journal: &mut File) -> Result<()> {
    let (id, made) = (random::uuid()?.simple().to_string(), clock.now());
    let volume = Volume {
        mount: "/srv".to_owned(),
        device: id.clone(),
        fs: "ext4".to_owned(),
        total_bytes: 1 << 40,
        free_bytes: 1 << 39,
        ..Volume::default()
    };
    let outcome = Outcome::Seen { observations: vec![Observation::Volume(volume)] };
    let run = ProbeRun { probe: "disk_space".to_owned(), at: made.wall, mono_ms: made.mono_ms, took_ms: 1, outcome };
    let seq = spool.push(Draft { boot, made, goodbye: None, runs: vec![run] });
    let line = format!("{} {seq} {id}\n", spool.incarnation());
    journal.write_all(line.as_bytes())?;
    Ok(())
}
