//! The credentials of a client, and the form for another.

use crate::{
    app::App,
    web::{
        auth::{RequireTechnician, Session},
        error::WebError,
        ui::{
            directory::Directory,
            form::{Choice, Field, Kind, Typed},
            page::{Answer, Page, Section, html},
            show::ClientRef,
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_shared::ids::ClientId;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

struct Line {
    name: String,
    shown: String,
    made: String,
    by: String,
    /// Printers that are asked with it.
    used: usize,
    delete_href: String,
}

#[derive(Template)]
#[template(path = "credentials/list.html")]
pub(crate) struct View {
    page: Page,
    client: ClientRef,
    href: String,
    lines: Vec<Line>,
    form: Typed,
    fields: Vec<Field>,
}

pub(crate) async fn get(
    RequireTechnician(session): RequireTechnician,
    State(app): State<App>,
    Path(client): Path<ClientId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let view = view(&app, &session, client, Typed::default()).await?;
    html(&View { page: view.page.said(asked.done.as_deref()), ..view })
}

pub(super) fn href(client: ClientId) -> String {
    format!("/clients/{client}/credentials")
}

pub(super) async fn view(app: &App, session: &Session, client: ClientId, form: Typed) -> Result<View, WebError> {
    let directory = Directory::load(app).await?;
    directory.client(client)?;
    let present = directory.present(client);
    let printers = app.store.adopted_printers(client).await?;
    let credentials = app.store.credentials(client).await?;
    let line = |it: beforehand_store::Credential| Line {
        used: printers.iter().filter(|printer| printer.credential.as_ref() == Some(&it.id)).count(),
        delete_href: format!("{}/{}/delete", href(client), it.id),
        made: present.day(it.made_at),
        name: it.name,
        shown: it.shown,
        by: it.made_by,
    };
    Ok(View {
        page: Page::new(Section::Clients, "SNMP credentials", session),
        client: directory.client_ref(client),
        href: href(client),
        lines: credentials.into_iter().map(line).collect(),
        fields: fields(&form),
        form,
    })
}

fn fields(form: &Typed) -> Vec<Field> {
    let choices = |pairs: &[(&str, &str)]| pairs.iter().map(|(value, name)| Choice::new(*value, *name)).collect();
    let versions = choices(&super::typed::VERSIONS);
    let auth = choices(&super::typed::AUTH);
    let privacy = choices(&super::typed::PRIVACY);
    vec![
        form.field("name", "Name", Kind::Input("text")).hint("As you will recognise it, such as: office printers"),
        form.field("version", "Version", Kind::Select(versions)),
        form.field("community", "Community", Kind::NewPassword).hint("For SNMPv1 and v2c"),
        form.field("user", "User", Kind::Input("text")).hint("For SNMPv3, as are the rest"),
        form.field("auth", "Authentication", Kind::Select(auth)),
        form.field("auth_password", "Authentication password", Kind::NewPassword),
        form.field("privacy", "Encryption", Kind::Select(privacy)),
        form.field("privacy_password", "Encryption password", Kind::NewPassword),
    ]
}
