//! `backup`

use crate::config::Config;
use clap::Args;
use std::path::PathBuf;

#[derive(Debug, Args)]
pub(super) struct Backup {
    /// File to write; it must not exist yet
    #[arg(long, value_name = "FILE")]
    to: PathBuf,
}

impl Backup {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        config.check()?;
        super::open_store(&config).await?.backup(&self.to).await?;
        println!("The database was copied to {}.", self.to.display());
        if config.server.https {
            println!("Keep {} with it: machines trust the authority in there.", super::tls_folder(&config).display());
        }
        Ok(())
    }
}
