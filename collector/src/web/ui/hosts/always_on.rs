//! Says whether a machine should always be on.

use crate::{
    app::App,
    web::ui::{
        form::{Fields, Typed},
        page::{Answer, done},
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_shared::ids::{ClientId, HostId};

pub(crate) async fn post(
    State(app): State<App>,
    Path((client, host)): Path<(ClientId, HostId)>,
    Form(fields): Form<Fields>,
) -> Answer {
    let always_on = match Typed::new(fields).raw("always_on") {
        "yes" => Some(true),
        "no" => Some(false),
        _ => None,
    };
    app.store.set_always_on(client, host, always_on).await?;
    done(&format!("/hosts/{client}/{host}"), "saved")
}
