//! Changes what was agreed with a client, and its figures.

use super::{fields, new::View};
use crate::{
    app::App,
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
        ui::{
            form::{Fields, Typed},
            page::{Answer, Page, Section, done, html, refused},
            show::client_href,
        },
    },
};
use axum::{
    Form,
    extract::{Path, State},
};
use beforehand_shared::ids::ClientId;
use beforehand_store::AuditRow;

pub(crate) async fn get(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(id): Path<ClientId>,
) -> Answer {
    let client = app.store.client(id).await?.ok_or_else(WebError::not_found)?;
    html(&view(&session, id, fields::typed(&client)))
}

pub(crate) async fn post(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(id): Path<ClientId>,
    Form(fields): Form<Fields>,
) -> Answer {
    let mut typed = Typed::new(fields);
    let client = app.store.client(id).await?.ok_or_else(WebError::not_found)?;
    let before = client.updates;
    let client = fields::read(&mut typed, client);
    if !typed.is_right() {
        return refused(&view(&session, id, typed));
    }
    app.store.update_client(&client).await?;
    let what = match (before, client.updates) {
        (false, true) => "changed the client's figures and switched updates of its agents on",
        (true, false) => "changed the client's figures and switched updates of its agents off",
        _ => "changed the contract and cost figures",
    };
    let what = what.to_owned();
    app.store.audit(&AuditRow { at: app.clock.now(), who: session.user.email, what, client: Some(id) }).await?;
    done(&client_href(id), "saved")
}

fn view(session: &Session, id: ClientId, typed: Typed) -> View {
    View {
        page: Page::new(Section::Clients, "Contract and cost figures", session),
        groups: fields::groups(&typed),
        form: typed,
        action: format!("{}/edit", client_href(id)),
        submit: "Save",
        back: client_href(id),
    }
}
