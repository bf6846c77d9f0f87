//! Announced work, latest first.

use crate::{
    app::App,
    web::{
        auth::Session,
        ui::{
            directory::Directory,
            filter::{Filters, any_or, empty_is_none},
            form::{Kind, Typed},
            page::{Answer, Page, Section, html},
            show::ClientRef,
        },
    },
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_shared::{ids::ClientId, time::Timestamp};
use beforehand_store::MaintenanceRow;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default, deserialize_with = "empty_is_none")]
    client: Option<ClientId>,
    done: Option<String>,
}

struct Line {
    state: &'static str,
    from: String,
    to: String,
    client: ClientRef,
    place: String,
    why: String,
    by: String,
}

#[derive(Template)]
#[template(path = "maintenance/list.html")]
struct View {
    page: Page,
    filters: Filters,
    windows: Vec<Line>,
    can_work: bool,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let mut rows: Vec<MaintenanceRow> = Vec::new();
    for site in directory.sites.values().filter(|site| asked.client.is_none_or(|client| client == site.client)) {
        rows.extend(app.store.maintenance(site.client, site.id).await?);
    }
    rows.sort_by_key(|row| std::cmp::Reverse(row.maintenance.from));
    let typed = Typed::filled([("client", asked.client.map(|client| client.to_string()).unwrap_or_default())]);
    let clients = Kind::Select(any_or("all clients", directory.client_choices()));
    let view = View {
        page: Page::new(Section::Elsewhere, "Maintenance", &session).said(asked.done.as_deref()),
        filters: Filters { fields: vec![typed.field("client", "Client", clients)], csv: None },
        windows: rows.iter().map(|row| line(row, &directory)).collect(),
        can_work: session.may_work(),
    };
    html(&view)
}

fn line(row: &MaintenanceRow, directory: &Directory) -> Line {
    let present = directory.present(row.client);
    let site = directory.site_name(row.client, row.site);
    let asset = row.maintenance.asset.as_ref().map(|asset| format!(": {}", asset.fallback_name())).unwrap_or_default();
    Line {
        state: state((row.maintenance.from, row.maintenance.to), directory.now),
        from: present.at(row.maintenance.from),
        to: present.at(row.maintenance.to),
        client: directory.client_ref(row.client),
        place: format!("{site}{asset}"),
        why: row.maintenance.why.clone(),
        by: row.by.clone(),
    }
}

fn state((from, to): (Timestamp, Timestamp), now: Timestamp) -> &'static str {
    match (from <= now, now < to) {
        (false, _) => "to come",
        (true, true) => "running",
        (true, false) => "over",
    }
}
