//! The command line of the agent.

#[cfg(windows)]
mod service;
mod update;

use crate::{
    Build,
    config::{Config, units::Length},
    enrol,
    handed::Handed,
    platform, print,
    probe::{Probe, look},
    probes,
    run::{self, Told},
    time::Clock,
    why_full,
};
use anyhow::Context;
use clap::{Args, CommandFactory, FromArgMatches, Parser, Subcommand};
use std::{io::IsTerminal, path::PathBuf, process::ExitCode, sync::Arc};
use tokio::{
    runtime::{self, Runtime},
    sync::mpsc,
    task::JoinSet,
};

/// Looks at this machine, its printers and its connections, and tells the collector what it sees.
///
/// It changes nothing on this machine, listens on no port and obeys no command.
#[derive(Parser)]
#[command(name = "beforehand-agent", version, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Look and report until stopped; this is what the service does
    Run(ConfigFile),
    /// Look once and print what is seen, sending nothing
    Once {
        #[command(flatten)]
        config: ConfigFile,
        /// Print a table for people, worst first, instead of JSON
        #[arg(long)]
        print: bool,
        /// Run only this probe (host, disk_space, disk_io, connectivity, service, printer, drives, arrays)
        #[arg(long, value_name = "NAME")]
        probe: Option<String>,
        /// Name what takes the space of this folder and what was written there of late, instead of looking
        /// around; nothing of it is ever sent
        #[arg(long, value_name = "PATH", conflicts_with_all = ["probe", "print"])]
        why_full: Option<PathBuf>,
    },
    /// Make this machine known to a collector; the console shows the whole command
    Enrol {
        /// Address of the collector, such as https://collector.example:8443
        #[arg(long, value_name = "URL")]
        server: String,
        /// Single-use token from the console
        #[arg(long, value_name = "TOKEN")]
        token: String,
        /// Fingerprint of the collector's certificate authority; needed for https
        #[arg(long, value_name = "sha256:HEX")]
        fingerprint: Option<String>,
        /// Where to keep the identity [default: the packaged service's directory]
        #[arg(long, value_name = "DIR")]
        state: Option<PathBuf>,
    },
    /// Check the settings and say what is wrong, in which line, and what to do
    CheckConfig(ConfigFile),
    /// Replacing this program by a newer one
    #[command(subcommand)]
    Update(update::Update),
    /// The Windows service: install, uninstall, start, stop, status
    #[cfg(windows)]
    #[command(subcommand)]
    Service(service::Service),
}

#[derive(Args)]
struct ConfigFile {
    /// Settings; without this, the packaged file if it exists, else the defaults
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl ConfigFile {
    fn load(&self, build: Build) -> anyhow::Result<Config> {
        Ok(Config { build, ..self.read()? })
    }

    fn read(&self) -> anyhow::Result<Config> {
        let packaged = platform::config_file();
        match &self.config {
            Some(path) => Config::load(path).with_context(|| format!("the settings in {} do not hold", path.display())),
            None if packaged.exists() => {
                Config::load(&packaged).with_context(|| format!("the settings in {} do not hold", packaged.display()))
            }
            None => Ok(Config::default()),
        }
    }
}

/// Obeys the command line, as the program `build`.
pub fn main(build: Build) -> ExitCode {
    let cli = parse(build);
    #[cfg(windows)]
    match cli.command {
        Command::Service(service::Service::Run) => return said(service::run(build)),
        Command::Service(service::Service::RunUpdate { executable }) => return said(service::run_update(executable)),
        _ => {}
    }
    tracing_subscriber::fmt()
        .with_max_level(log_level())
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    said(runtime().and_then(|runtime| runtime.block_on(obey(cli, build))))
}

fn runtime() -> anyhow::Result<Runtime> {
    let runtime = runtime::Builder::new_current_thread().enable_all().max_blocking_threads(8).build();
    runtime.context("the runtime cannot start")
}

fn said(outcome: anyhow::Result<()>) -> ExitCode {
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("beforehand-agent: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// `RUST_LOG` as one word: error, warn, info (the default), debug or trace.
fn log_level() -> tracing::Level {
    std::env::var("RUST_LOG").ok().and_then(|level| level.parse().ok()).unwrap_or(tracing::Level::INFO)
}

fn parse(build: Build) -> Cli {
    let matches = Cli::command().version(build.version).get_matches();
    Cli::from_arg_matches(&matches).unwrap_or_else(|error| error.exit())
}

async fn obey(cli: Cli, build: Build) -> anyhow::Result<()> {
    match cli.command {
        Command::Run(config) => {
            let (tell, told) = mpsc::channel(1);
            tokio::spawn(tell_when_asked(tell));
            Ok(run::run(&config.load(build)?, Clock::system(), told).await?)
        }
        Command::Once { why_full: Some(folder), .. } => explain(&folder),
        Command::Once { config, print, probe, why_full: None } => {
            once(config.load(build)?, print, probe.as_deref()).await
        }
        Command::Enrol { server, token, fingerprint, state } => {
            let state = state.unwrap_or_else(platform::state_dir);
            let reply = enrol::enrol(&server, &token, fingerprint.as_deref(), &state).await?;
            println!("Enrolled at {server} for {}, {}. Host {}.", reply.client_name, reply.site_name, reply.host);
            Ok(())
        }
        Command::CheckConfig(config) => {
            let config = config.load(build)?;
            println!("The settings hold.");
            config.printer_discovery.scan_words().into_iter().for_each(|words| println!("{words}"));
            Ok(())
        }
        Command::Update(update) => update.run(build),
        #[cfg(windows)]
        Command::Service(service) => service.obey(build).await,
    }
}

/// Hands on what the system says.
async fn tell_when_asked(tell: mpsc::Sender<Told>) {
    if let Err(error) = platform::hand_on(&tell).await {
        tracing::error!(%error, "signals cannot be received; stop the agent with kill -9");
        tell.closed().await;
    }
}

fn explain(folder: &std::path::Path) -> anyhow::Result<()> {
    let progress = |entries| eprintln!("{entries} entries …");
    let found = why_full::look(folder, Clock::system().now().wall, why_full::MOST_ENTRIES, progress)
        .with_context(|| format!("{} cannot be read", folder.display()))?;
    print!("{}", why_full::table(folder, &found));
    Ok(())
}

async fn once(mut config: Config, print: bool, only: Option<&str>) -> anyhow::Result<()> {
    // Pings and readings are spread over a run; somebody waits for this one.
    config.connectivity.every = Length::seconds(5);
    config.disk_io.every = Length::seconds(5);
    // A scan takes its time; nobody waits for it who did not ask for it.
    if only != Some("printer_discovery") {
        config.printer_discovery.scan.clear();
    }
    let mut chosen = probes::all(&config, &Handed::load(&config.state));
    let known: Vec<&str> = chosen.iter().map(|probe| probe.name()).collect();
    if let Some(name) = only {
        let known = known.join(", ");
        chosen.retain(|probe| probe.name() == name);
        anyhow::ensure!(!chosen.is_empty(), "there is no probe {name} among those switched on: {known}");
    }
    let clock = Clock::system();
    let mut tasks = JoinSet::new();
    chosen.into_iter().for_each(|probe: Arc<dyn Probe>| drop(tasks.spawn(look(probe, clock.clone()))));
    let mut runs = tasks.join_all().await;
    runs.sort_by(|a, b| a.probe.cmp(&b.probe));
    if print {
        print!("{}", print::table(&runs, clock.now().wall));
    } else {
        println!("{}", serde_json::to_string_pretty(&runs)?);
    }
    Ok(())
}
