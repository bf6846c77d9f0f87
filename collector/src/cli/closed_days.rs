//! `client closed-days`

use super::find;
use crate::{
    closed_days::{ics, lines},
    time::Clock,
};
use anyhow::Context;
use beforehand_core::{calendar::Calendar, site::Client};
use beforehand_store::Store;
use clap::Args;
use std::{fs, path::PathBuf};

#[derive(Debug, Args)]
pub(super) struct ClosedDays {
    /// Name or identifier of the client
    #[arg(long)]
    client: String,
    /// Calendar file (.ics) whose holidays are added first
    #[arg(long, value_name = "FILE")]
    add: Option<PathBuf>,
}

impl ClosedDays {
    pub(super) async fn run(self, store: &Store) -> anyhow::Result<()> {
        let mut client = find::client(store, &self.client).await?;
        if let Some(path) = &self.add {
            let file = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
            let today = Calendar::new(&client.time_zone).local(Clock::system().now()).date();
            let (closed_days, _, not_understood) = ics::add(&client.closed_days, &file, today)?;
            client = Client { closed_days, ..client };
            store.update_client(&client).await?;
            for name in not_understood {
                eprintln!("repeats in a way that is not understood, and is there once: {name}");
            }
        }
        print!("{}", lines::typed(&client.closed_days));
        Ok(())
    }
}
