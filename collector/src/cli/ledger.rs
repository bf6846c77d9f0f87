//! `ledger verify`

use super::find;
use crate::config::Config;
use anyhow::bail;
use beforehand_core::ledger;
use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub(super) enum Ledger {
    /// Walk the chain of hashes and say whether any entry was changed, added or removed later
    Verify(Verify),
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// Name or identifier of one client; every client without it
    #[arg(long)]
    client: Option<String>,
}

impl Ledger {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let Self::Verify(verify) = self;
        config.check()?;
        let store = super::open_store(&config).await?;
        let clients = match &verify.client {
            Some(named) => vec![find::client(&store, named).await?],
            None => store.clients().await?,
        };
        let mut broken = 0;
        for client in clients {
            let entries = store.ledger(client.id).await?;
            match ledger::verify(&entries) {
                Ok(()) => {
                    let last = entries.last().map_or(ledger::START, |entry| &entry.hash);
                    println!("{}: {} entries as written, the last with the hash {last}", client.name, entries.len());
                }
                Err(error) => {
                    broken += 1;
                    println!("{}: {error}", client.name);
                }
            }
        }
        if broken > 0 {
            bail!("{broken} ledgers are not as they were written");
        }
        Ok(())
    }
}
