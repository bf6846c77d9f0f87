//! Takes a machine out of service.

use crate::{
    app::App,
    web::{
        auth::RequireTechnician,
        ui::page::{Answer, done},
    },
};
use axum::extract::{Path, State};
use beforehand_shared::ids::{ClientId, HostId};
use beforehand_store::AuditRow;

pub(crate) async fn post(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((client, host)): Path<(ClientId, HostId)>,
) -> Answer {
    let at = app.clock.now();
    app.store.retire_host(client, host, at).await?;
    let what = format!("retired host {host}");
    app.store.audit(&AuditRow { at, who: session.user.email, what, client: Some(client) }).await?;
    done(&format!("/hosts/{client}/{host}"), "retired")
}
