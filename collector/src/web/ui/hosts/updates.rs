//! What is to be said of a host's agent: whether a new one may come, and what came of the last.

use crate::{
    app::App,
    web::{
        error::WebError,
        ui::show::{self, Fact, Present},
    },
};
use beforehand_core::rollout::{Verdict, attempt_words};
use beforehand_store::HostRow;

pub(super) async fn facts(app: &App, host: &HostRow, present: &Present) -> Result<Vec<Fact>, WebError> {
    let about = app.store.about_host(host.client, host.id).await?;
    let last = about.and_then(|about| about.updates).and_then(|updates| updates.last);
    let tried = last.map(|last| format!("{}, {}", attempt_words(&last), present.at(last.at))).unwrap_or_default();
    let told = app.rollouts.told(app).await?;
    let next = match told.current.as_ref().and_then(|current| current.plan.verdicts.get(&host.id)) {
        Some(Verdict::Offer(_)) => "offered; it comes within some hours".to_owned(),
        Some(Verdict::Wait(why)) => why.words().to_owned(),
        None => told.trouble.unwrap_or_default(),
    };
    Ok(show::facts([("New version of the agent", next), ("Last update", tried)]))
}
