//! A person takes a ticket.

use crate::{
    app::App,
    web::{
        auth::RequireTechnician,
        ui::{
            page::{Answer, done},
            show::ticket_href,
        },
    },
};
use axum::extract::{Path, State};
use beforehand_shared::ids::ClientId;

pub(crate) async fn post(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((client, number)): Path<(ClientId, i64)>,
) -> Answer {
    app.store.acknowledge(client, number, &session.user.name, app.clock.now()).await?;
    done(&ticket_href(client, number), "acknowledged")
}
