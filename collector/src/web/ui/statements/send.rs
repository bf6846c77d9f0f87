//! Lets a statement go, or sends it once more.

use super::href;
use crate::{
    app::App,
    tasks::statements,
    web::{
        auth::RequireTechnician,
        error::WebError,
        ui::page::{Answer, done},
    },
};
use axum::extract::{Path, State};
use beforehand_core::{month::Month, site::Client};
use beforehand_shared::ids::ClientId;
use beforehand_store::{AuditRow, StatementRow};

pub(crate) async fn post(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((id, month)): Path<(ClientId, Month)>,
) -> Answer {
    let (client, row) = load(&app, id, month).await?;
    statements::release(&app, &client, &row).await?;
    note(&app, &session.user.email, (id, month), "sent").await?;
    done(&href(id, month), "queued")
}

pub(crate) async fn again(
    State(app): State<App>,
    RequireTechnician(session): RequireTechnician,
    Path((id, month)): Path<(ClientId, Month)>,
) -> Answer {
    let (client, row) = load(&app, id, month).await?;
    for to in &client.delivery.emails {
        statements::resend(&app, &row, to).await?;
    }
    note(&app, &session.user.email, (id, month), "sent again").await?;
    done(&href(id, month), "again")
}

async fn load(app: &App, id: ClientId, month: Month) -> Result<(Client, StatementRow), WebError> {
    let client = app.store.client(id).await?.ok_or_else(WebError::not_found)?;
    if client.delivery.emails.is_empty() {
        return Err(WebError::bad_request("Enter first where this client's statements go."));
    }
    let row = app.store.statement(id, month).await?.ok_or_else(WebError::not_found)?;
    Ok((client, row))
}

async fn note(app: &App, who: &str, (client, month): (ClientId, Month), did: &str) -> Result<(), WebError> {
    let what = format!("{did}: the statement of {month}");
    let row = AuditRow { at: app.clock.now(), who: who.to_owned(), what, client: Some(client) };
    Ok(app.store.audit(&row).await?)
}
