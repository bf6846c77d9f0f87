//! Removes a credential that nothing is asked with.

use super::list::href;
use crate::{
    app::App,
    web::{
        auth::RequireTechnician,
        error::WebError,
        ui::page::{Answer, done},
    },
};
use axum::extract::{Path, State};
use beforehand_shared::ids::ClientId;
use beforehand_store::{AuditRow, StoreError};

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path((client, id)): Path<(ClientId, String)>,
) -> Answer {
    match app.store.delete_credential(client, &id).await {
        Ok(()) => {}
        Err(StoreError::NotFound(_)) => {
            return Err(WebError::bad_request("It is gone already, or a printer is still asked with it."));
        }
        Err(error) => return Err(error.into()),
    }
    let what = "removed a credential".to_owned();
    app.store.audit(&AuditRow { at: app.clock.now(), who: session.user.email, what, client: Some(client) }).await?;
    done(&href(client), "removed")
}
