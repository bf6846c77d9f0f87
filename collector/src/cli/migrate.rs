//! `migrate`

use crate::config::Config;

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    config.check()?;
    let store = super::open_store(&config).await?;
    println!("The schema is at version {}.", store.schema_version().await?);
    Ok(())
}
