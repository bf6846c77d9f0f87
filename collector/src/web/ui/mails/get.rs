//! One mail as it was sent.

use super::{delivery, href, id, mark};
use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            directory::Directory,
            page::{Answer, Page, Section, html},
            show::{Fact, Mark, Present, facts},
        },
    },
};
use askama::Template;
use axum::extract::{Path, State};

#[derive(Template)]
#[template(path = "mails/get.html")]
struct View {
    page: Page,
    href: String,
    mark: Mark,
    delivery: String,
    has_html: bool,
    text: String,
    facts: Vec<Fact>,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path((client, key)): Path<(String, String)>,
) -> Answer {
    let id = id(&client, key).ok_or_else(WebError::not_found)?;
    let row = app.store.outbox_row(&id).await?.ok_or_else(WebError::not_found)?;
    let directory = Directory::load(&app).await?;
    let present = id.client.map_or_else(|| Present::new(directory.now, "UTC"), |client| directory.present(client));
    let attached: Vec<&str> = row.item.attachments.iter().map(|attachment| attachment.name.as_str()).collect();
    let view = View {
        page: Page::new(Section::Elsewhere, row.item.subject.clone(), &session),
        href: href(&id),
        mark: mark(&row),
        delivery: delivery(&row, &present),
        has_html: row.item.html.is_some(),
        facts: facts([
            ("To", row.item.to.clone()),
            ("Made", present.at(row.item.made_at)),
            ("Attempts", row.attempts.to_string()),
            ("Attached", attached.join(", ")),
        ]),
        text: row.item.text,
    };
    html(&view)
}
