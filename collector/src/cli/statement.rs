//! `statement`

use super::find;
use crate::{app::App, config::Config, tasks};
use anyhow::{Context, bail};
use beforehand_core::{month::Month, site::Client};
use beforehand_store::{StatementRow, StatementState};
use clap::Args;
use std::path::{Path, PathBuf};

#[derive(Debug, Args)]
pub(super) struct Statement {
    /// Name or identifier of the client
    #[arg(long)]
    client: String,
    /// Month in the client's time zone
    #[arg(long, value_name = "YYYY-MM")]
    month: Month,
    /// Folder for the PDF and the mail's bodies
    #[arg(long, value_name = "DIR", default_value = ".")]
    out: PathBuf,
    /// Also queue it for the client's addresses; it goes when the collector runs
    #[arg(long)]
    send: bool,
}

impl Statement {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let app = super::open_app(config).await?;
        let client = find::client(&app.store, &self.client).await?;
        let row = statement(&app, &client, self.month).await?;
        for file in write(&self.out, &row)? {
            println!("{}", file.display());
        }
        if !self.send {
            return Ok(());
        }
        if client.delivery.emails.is_empty() {
            bail!("{} has no address for statements; add one on the page of the client", client.name);
        }
        tasks::statements::release(&app, &client, &row).await?;
        println!("Queued for {}.", client.delivery.emails.join(", "));
        Ok(())
    }
}

/// The one that was sent or waits to go, else one made now.
async fn statement(app: &App, client: &Client, month: Month) -> anyhow::Result<StatementRow> {
    match app.store.statement(client.id, month).await? {
        Some(row) if matches!(row.state, StatementState::Sent | StatementState::Queued) => Ok(row),
        _ => Ok(tasks::statements::make(app, client, month).await?),
    }
}

fn write(folder: &Path, row: &StatementRow) -> anyhow::Result<Vec<PathBuf>> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder {}", folder.display()))?;
    let parts = [("pdf", row.pdf.as_slice()), ("html", row.html.as_bytes()), ("txt", row.text.as_bytes())];
    let mut files = Vec::new();
    for (extension, bytes) in parts {
        let file = folder.join(format!("statement-{}.{extension}", row.month));
        std::fs::write(&file, bytes).with_context(|| format!("cannot write {}", file.display()))?;
        files.push(file);
    }
    Ok(files)
}
