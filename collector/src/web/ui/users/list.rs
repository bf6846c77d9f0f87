//! Who may sign in.

use crate::{
    app::App,
    web::{
        auth::{RequireOwner, Session},
        error::WebError,
        ui::{
            form::{Choice, Field, Kind, Typed},
            page::{Answer, Page, Section, html, role_word},
            show::Present,
        },
    },
};
use askama::Template;
use axum::extract::{Query, State};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

struct Line {
    name: String,
    email: String,
    role: &'static str,
    since: String,
}

#[derive(Template)]
#[template(path = "users/list.html")]
pub(crate) struct View {
    page: Page,
    users: Vec<Line>,
    form: Typed,
    fields: Vec<Field>,
}

pub(crate) async fn get(
    RequireOwner(session): RequireOwner,
    State(app): State<App>,
    Query(asked): Query<Asked>,
) -> Answer {
    let page = Page::new(Section::Elsewhere, "People", &session).said(asked.done.as_deref());
    html(&View { page, ..view(&app, &session, Typed::default()).await? })
}

pub(crate) async fn view(app: &App, session: &Session, form: Typed) -> Result<View, WebError> {
    let present = Present::new(app.clock.now(), "UTC");
    let users = app.store.users().await?;
    let line = |user: beforehand_store::UserRow| Line {
        since: present.day(user.made_at),
        role: role_word(user.role),
        name: user.name,
        email: user.email,
    };
    let roles = [
        ("technician", "technician: does the work at clients"),
        ("viewer", "viewer: changes nothing"),
        ("owner", "owner: everything"),
    ];
    let roles = roles.map(|(value, name)| Choice::new(value, name)).to_vec();
    Ok(View {
        page: Page::new(Section::Elsewhere, "People", session),
        users: users.into_iter().map(line).collect(),
        fields: vec![
            form.field("name", "Name", Kind::Input("text")),
            form.field("email", "E-mail", Kind::Input("email")),
            form.field("role", "Role", Kind::Select(roles)),
            form.field("password", "First password", Kind::NewPassword)
                .hint("At least 12 characters. Ask for it to be changed at the first sign-in."),
        ],
        form,
    })
}
