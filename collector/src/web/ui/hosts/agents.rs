//! Which agents are behind: what there is, for core to compare with.

use crate::{app::App, web::error::WebError};
use beforehand_core::rollout::Newest;
use beforehand_store::HostRow;

/// Agents and collectors are released together.
const OURS: &str = env!("CARGO_PKG_VERSION");

pub(crate) async fn newest_agent(app: &App) -> Result<Newest, WebError> {
    let current = app.rollouts.told(app).await?.current;
    let ours = OURS.parse().map_err(WebError::internal)?;
    Ok(Newest::new(ours, current.as_ref().map(|current| &current.release.index)))
}

pub(crate) fn is_behind(host: &HostRow, newest: &Newest) -> bool {
    newest.is_behind(&host.agent, host.platform.as_deref())
}
