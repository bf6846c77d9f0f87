//! `enrol-token`

use super::find;
use crate::{config::Config, random::Secret};
use beforehand_shared::time::Millis;
use beforehand_store as store;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct EnrolToken {
    /// Name or identifier of the client
    #[arg(long)]
    client: String,
    /// Name or identifier of the site
    #[arg(long)]
    site: String,
    /// Hours after which it cannot be used any more
    #[arg(long, default_value_t = 24, value_parser = clap::value_parser!(u16).range(1..=720))]
    hours: u16,
    /// Print the token alone, for scripts
    #[arg(long)]
    quiet: bool,
}

impl EnrolToken {
    pub(super) async fn run(self, config: Config) -> anyhow::Result<()> {
        let app = super::open_app(config).await?;
        let client = find::client(&app.store, &self.client).await?;
        let site = find::site(&app.store, &client, &self.site).await?;
        let token = Secret::new()?;
        let now = app.clock.now();
        let row = store::EnrolToken {
            client: client.id,
            site: site.id,
            token_sha256: token.sha256,
            made_at: now,
            expires_at: now.plus(Millis::hours(i64::from(self.hours))),
            made_by: "command line".to_owned(),
        };
        app.store.insert_enrol_token(&row).await?;
        if self.quiet {
            println!("{}", token.text);
            return Ok(());
        }
        println!("For one machine of {}, {}, within {} hours:\n", client.name, site.name, self.hours);
        println!("  {}", app.install_command(&token.text));
        println!("  systemctl enable --now beforehand-agent");
        if app.config.server.https && app.ca_sha256.is_none() {
            println!("\nStart the collector once first: its certificate authority is made then, and the");
            println!("command above needs --fingerprint with the one that it prints.");
        }
        Ok(())
    }
}
