//! Adds a credential.

use super::{
    list::{href, view},
    typed::{read, shown},
};
use crate::{
    app::App,
    random,
    web::{
        auth::RequireTechnician,
        error::WebError,
        ui::{
            form::{Fields, Typed},
            page::{Answer, done, refused},
        },
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_shared::ids::ClientId;
use beforehand_store::{AuditRow, Credential, StoreError};

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(client): Path<ClientId>,
    Form(fields): Form<Fields>,
) -> Answer {
    app.store.client(client).await?.ok_or_else(WebError::not_found)?;
    let mut typed = Typed::new(fields);
    let name = typed.text("name", 100, "Enter a name.");
    let access = read(&mut typed);
    let (Some(access), true) = (access, typed.is_right()) else {
        return refused(&view(&app, &session, client, typed).await?);
    };
    let now = app.clock.now();
    let credential = Credential {
        client,
        id: random::uuid(now).map_err(WebError::internal)?.to_string(),
        name,
        shown: shown(&access),
        made_at: now,
        made_by: session.user.name.clone(),
    };
    let sealed = app.vault.seal(client, &access).map_err(WebError::internal)?;
    match app.store.insert_credential(&credential, sealed).await {
        Ok(()) => {
            let what = format!("added the credential {}", credential.name);
            app.store.audit(&AuditRow { at: now, who: session.user.email, what, client: Some(client) }).await?;
            done(&href(client), "saved")
        }
        Err(StoreError::Conflict(_)) => {
            typed.refuse("name", "There is one of this name already.");
            refused(&view(&app, &session, client, typed).await?)
        }
        Err(error) => Err(error.into()),
    }
}
