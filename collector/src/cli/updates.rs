//! `updates add`, `updates status`

use crate::{
    app::App,
    config::Config,
    releases::{self, Added},
    time::Clock,
};
use anyhow::Context;
use beforehand_core::calendar::Calendar;
use beforehand_shared::update::{Index, UpdateKey};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Debug, Subcommand)]
pub(super) enum Updates {
    /// Release a signed index and its packages: hosts of clients that want it get it, a tenth first
    Add(Add),
    /// Say what is released and how far it has come
    Status,
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The folder with index.json, index.json.minisig and the packages
    #[arg(value_name = "DIR")]
    from: PathBuf,
    /// The public key that must have signed it [default: the one of this build]
    #[arg(long, value_name = "KEY")]
    key: Option<String>,
}

/// The key that agents of this build trust.
const BUILT_IN: Option<&str> = option_env!("BEFOREHAND_UPDATE_KEY");

impl Updates {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        match self {
            Self::Add(add) => add.run(&config),
            Self::Status => status(super::open_app(config).await?).await,
        }
    }
}

impl Add {
    fn run(&self, config: &Config) -> anyhow::Result<()> {
        config.check()?;
        let key = self.key.as_deref().or(BUILT_IN).context("this build has no update key; give the key with --key")?;
        let folder = releases::folder(&config.server.state);
        let added = releases::add(&self.from, &folder, &UpdateKey::parse(key)?, Clock::system().now());
        match added.context("nothing is released")? {
            Added::Known => println!("This index is released already."),
            Added::Released(index) => println!("Released:\n{}", lines(&index)),
        }
        Ok(())
    }
}

async fn status(app: App) -> anyhow::Result<()> {
    let Some(current) = app.rollouts.current(&app).await? else {
        println!("Nothing is released.");
        return Ok(());
    };
    println!("{}", lines(&current.release.index));
    current.plan.courses.iter().for_each(|course| println!("{}.", course.words()));
    Ok(())
}

fn lines(index: &Index) -> String {
    let package = |package: &beforehand_shared::update::Package| {
        format!("{} {} ({} bytes)\n", package.platform, package.version, package.bytes)
    };
    let packages: String = index.packages.iter().map(package).collect();
    let expires = Calendar::new("UTC").local(index.expires_at).date();
    format!("{packages}serial {}, good until {expires}", index.serial)
}
