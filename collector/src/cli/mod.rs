//! The command line.

mod admin_link;
mod backup;
mod check_config;
mod client;
mod closed_days;
mod enrol_token;
mod find;
mod ledger;
mod log;
mod migrate;
mod replay;
mod serve;
mod statement;
mod updates;

use crate::{
    app::App,
    config::{Config, platform},
    time::Clock,
};
use anyhow::Context;
use beforehand_store::Store;
use clap::{Args, Parser, Subcommand};
use std::{net::SocketAddr, path::PathBuf};

/// Watches the machines, printers and connections of small businesses, opens tickets before users
/// notice, and keeps an honest tally of the incidents that were prevented.
///
/// Start with `serve`: it makes its database and its certificates, and prints a link for the first
/// administrator. Then open that link in a browser.
#[derive(Debug, Parser)]
#[command(name = "beforehand-collector", version, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Flags win over the environment, the environment over the file, the file over the defaults.
#[derive(Debug, Args)]
struct Common {
    /// Settings (TOML); without this, the packaged file if it exists, else the defaults
    #[arg(long, global = true, value_name = "FILE", env = "BEFOREHAND_CONFIG")]
    config: Option<PathBuf>,
    /// Database: sqlite:///path/to/file.db or postgres://user@host/name
    #[arg(long, global = true, value_name = "URL", env = "BEFOREHAND_DATABASE", hide_env_values = true)]
    database: Option<String>,
    /// Folder for keys, certificates and the SQLite file
    #[arg(long, global = true, value_name = "DIR", env = "BEFOREHAND_STATE")]
    state: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the collector: receive reports, serve the console, send tickets and statements
    Serve(serve::Serve),
    /// Bring the database's schema up to date (serve does this too)
    Migrate,
    /// Judge recorded reports again, or score one series; touches nothing
    Replay(replay::Replay),
    /// Make the statement of one client and month, into files or to the client
    Statement(statement::Statement),
    /// The ledger of prevented and other incidents
    #[command(subcommand)]
    Ledger(ledger::Ledger),
    /// Copy the whole SQLite database to a new file while the collector runs
    Backup(backup::Backup),
    /// Read the configuration and say what is wrong with it, and how to put it right
    CheckConfig,
    /// Clients and their sites
    #[command(subcommand)]
    Client(client::Client),
    /// Make a single-use token that lets one machine become a host of a site
    EnrolToken(enrol_token::EnrolToken),
    /// New versions of the agent
    #[command(subcommand)]
    Updates(updates::Updates),
    /// Print a new one-time link for the first administrator, while there is none
    AdminLink,
}

/// Reads the command line and does what it says.
///
/// # Errors
/// In words for whoever typed it.
pub async fn run(cli: Cli) -> anyhow::Result<()> {
    let config = cli.common.config()?;
    let serving = matches!(cli.command, Command::Serve(_));
    log::start(if serving { &config.log.filter } else { "warn" })?;
    match cli.command {
        Command::Serve(command) => command.run(config).await,
        Command::Migrate => migrate::run(config).await,
        Command::Replay(command) => command.run(),
        Command::Statement(command) => command.run(config).await,
        Command::Ledger(command) => command.run(config).await,
        Command::Backup(command) => command.run(config).await,
        Command::CheckConfig => check_config::run(&config),
        Command::Client(command) => command.run(config).await,
        Command::EnrolToken(command) => command.run(config).await,
        Command::Updates(command) => command.run(config).await,
        Command::AdminLink => admin_link::run(config).await,
    }
}

impl Common {
    fn config(&self) -> anyhow::Result<Config> {
        let mut config = Config::load(self.config.as_deref())?;
        if let Some(database) = &self.database {
            config.database.url.clone_from(database);
        }
        if let Some(state) = &self.state {
            config.server.state.clone_from(state);
        }
        Ok(config)
    }
}

/// The migrated store of `config`.
async fn open_store(config: &Config) -> anyhow::Result<Store> {
    let url = config.database_url();
    if config.database.url.is_empty() {
        let state = &config.server.state;
        platform::make_private(state).with_context(|| format!("cannot make the folder {}", state.display()))?;
    }
    let store = Store::open(&url).await.context("the database cannot be opened")?;
    store.migrate().await.context("the database's schema cannot be brought up to date")?;
    Ok(store)
}

/// An application for one command.
async fn open_app(config: Config) -> anyhow::Result<App> {
    config.check()?;
    let store = open_store(&config).await?;
    let mut app = App::new(config, store, Clock::system())?;
    app.ca_sha256 = known_authority(&app.config);
    Ok(app)
}

/// Fingerprint of the authority, where the collector has been started before.
fn known_authority(config: &Config) -> Option<String> {
    config.server.https.then(|| crate::tls::fingerprint(&tls_folder(config)).ok())?
}

fn tls_folder(config: &Config) -> PathBuf {
    config.server.state.join("tls")
}

/// `--listen`, which only `serve` takes.
#[derive(Debug, Args)]
struct Listen {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS", env = "BEFOREHAND_LISTEN")]
    listen: Option<SocketAddr>,
}
