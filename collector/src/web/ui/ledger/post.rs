//! A person confirms or changes an outcome: a new entry that names the old one.

use super::get::again;
use crate::{
    app::App,
    web::{
        auth::RequireTechnician,
        error::WebError,
        ui::{
            form::{Fields, Typed},
            lines::entry_href,
            page::{Answer, done},
        },
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_core::outcome::{self, Decision, Outcome};
use beforehand_shared::ids::ClientId;

pub(crate) async fn post(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((client, seq)): Path<(ClientId, u64)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let mut typed = Typed::new(fields);
    let old = app.store.entry(client, seq).await?.ok_or_else(WebError::not_found)?;
    let chosen = typed.choice("outcome", Outcome::from_word);
    let reason = typed.text("reason", 500, "Say why: a correction needs a reason.");
    let (Some(chosen), true) = (chosen, typed.is_right()) else {
        return again(&app, &session, (client, seq), &typed).await;
    };
    let records = app.store.records().await?;
    let record = old.kind.and_then(|kind| records.get(&kind)).cloned().unwrap_or_default();
    let decision = Decision { at: app.clock.now(), who: session.user.name.clone(), reason };
    match outcome::change(&old, chosen, &record, &decision) {
        Ok(draft) => {
            let entry = app.store.append_entry(client, draft).await?;
            done(&entry_href(client, entry.seq), "decided")
        }
        Err(error) => {
            typed.refuse("outcome", format!("{error}."));
            again(&app, &session, (client, seq), &typed).await
        }
    }
}
