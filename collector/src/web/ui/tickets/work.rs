//! A person logs work on a ticket.

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
use beforehand_core::ticket::Work;
use beforehand_shared::ids::ClientId;

pub(crate) async fn post(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((client, number)): Path<(ClientId, i64)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let mut typed = Typed::new(fields);
    let work = Work {
        at: app.clock.now(),
        who: session.user.name.clone(),
        minutes: typed.number("minutes", 0..=1440),
        text: typed.text("text", 1000, "Say in a few words what was done."),
        acted: typed.checked("acted"),
    };
    if !typed.is_right() {
        return again(&app, &session, (client, number), &typed).await;
    }
    app.store.log_work(client, number, &work).await?;
    done(&ticket_href(client, number), "logged")
}
