//! The mails that were made, latest first.

use super::{href, mark};
use crate::{
    app::App,
    web::{
        auth::Session,
        ui::{
            directory::Directory,
            filter::{Filters, any_or, empty_is_none},
            form::{Choice, Kind, Typed},
            page::{Answer, Page, Section, html},
            show::{ClientRef, Mark, Present},
        },
    },
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_shared::ids::ClientId;
use beforehand_statement::words::count;
use beforehand_store::{OutboxFilter, OutboxRow, OutboxState};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default, deserialize_with = "empty_is_none")]
    client: Option<ClientId>,
    #[serde(default)]
    state: String,
}

struct Line {
    made: String,
    to: String,
    subject: String,
    href: String,
    client: Option<ClientRef>,
    mark: Mark,
    why: String,
}

#[derive(Template)]
#[template(path = "mails/list.html")]
struct View {
    page: Page,
    sentence: String,
    filters: Filters,
    mails: Vec<Line>,
    empty: &'static str,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let state = match asked.state.as_str() {
        "waiting" => Some(OutboxState::Waiting),
        "delivered" => Some(OutboxState::Delivered),
        _ => None,
    };
    let filter = OutboxFilter { client: asked.client, state, mails: true, limit: 500 };
    let rows = app.store.outbox(&filter).await?;
    let view = View {
        page: Page::new(Section::Elsewhere, "Mails", &session),
        sentence: sentence(&rows),
        filters: asked.fields(&directory),
        mails: rows.iter().map(|row| line(row, &directory)).collect(),
        empty: if asked.client.is_some() || state.is_some() { "No mail fits." } else { "No mail yet." },
    };
    html(&view)
}

impl Asked {
    fn fields(&self, directory: &Directory) -> Filters {
        let client = self.client.map(|client| client.to_string()).unwrap_or_default();
        let typed = Typed::filled([("client", client), ("state", self.state.clone())]);
        let states = ["waiting", "delivered"].map(|state| Choice::new(state, state));
        Filters {
            fields: vec![
                typed.field("client", "Client", Kind::Select(any_or("all clients", directory.client_choices()))),
                typed.field("state", "Delivery", Kind::Select(any_or("all", states))),
            ],
            csv: None,
        }
    }
}

fn sentence(rows: &[OutboxRow]) -> String {
    let failed = rows.iter().filter(|row| row.delivered_at.is_none() && row.last_error.is_some()).count();
    let mails = count(rows.len() as u64, "mail", "mails");
    if failed == 0 {
        format!("The latest {mails}. None is stuck.")
    } else {
        format!("The latest {mails}. {failed} could not be delivered yet.")
    }
}

fn line(row: &OutboxRow, directory: &Directory) -> Line {
    let present =
        row.item.client.map_or_else(|| Present::new(directory.now, "UTC"), |client| directory.present(client));
    Line {
        made: present.at(row.item.made_at),
        to: row.item.to.clone(),
        subject: row.item.subject.clone(),
        href: href(&row.id()),
        client: row.item.client.map(|client| directory.client_ref(client)),
        mark: mark(row),
        why: row.last_error.clone().filter(|_| row.delivered_at.is_none()).unwrap_or_default(),
    }
}
