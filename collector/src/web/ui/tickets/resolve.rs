//! A person resolves a ticket and says what it was.

use super::get::again;
use crate::{
    app::App,
    web::{
        auth::RequireTechnician,
        ui::{
            form::{Fields, Typed},
            page::{Answer, done},
            show::ticket_href,
        },
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_core::ticket::Verdict;
use beforehand_shared::ids::ClientId;

pub(crate) async fn post(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((client, number)): Path<(ClientId, i64)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let mut typed = Typed::new(fields);
    let Some(verdict) = typed.choice("verdict", Verdict::from_word) else {
        return again(&app, &session, (client, number), &typed).await;
    };
    app.store.resolve(client, number, verdict, (&session.user.name, app.clock.now())).await?;
    done(&ticket_href(client, number), "resolved")
}
