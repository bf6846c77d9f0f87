//! `admin-link`

use crate::{config::Config, web::auth::setup};
use anyhow::bail;

pub(super) async fn run(config: Config) -> anyhow::Result<()> {
    let app = super::open_app(config).await?;
    match setup::link(&app).await {
        Ok(Some(link)) => println!("{link}"),
        Ok(None) => bail!("there is an administrator already; ask an owner to add you on the page Users"),
        Err(_) => bail!("no link could be made: the database does not answer"),
    }
    Ok(())
}
