//! Which agents are behind: the newest there is came with this collector, or was released after it.

use crate::{app::App, web::error::WebError};
use beforehand_shared::update::Version;
use beforehand_store::HostRow;

/// Agents and collectors are released together.
const OURS: &str = env!("CARGO_PKG_VERSION");

pub(crate) async fn newest_agent(app: &App) -> Result<Version, WebError> {
    let current = app.rollouts.told(app).await?.current;
    let released = current.iter().flat_map(|current| &current.release.index.packages).map(|package| package.version);
    let ours = OURS.parse().map_err(WebError::internal)?;
    Ok(released.chain([ours]).max().unwrap_or(ours))
}

/// What names no version is not called old.
pub(crate) fn is_behind(host: &HostRow, newest: Version) -> bool {
    host.agent.parse::<Version>().is_ok_and(|runs| runs < newest)
}
