//! Search: hosts, printers and other assets, clients and tickets by any part of what names them.

use super::{
    assets::words::kind_name,
    directory::Directory,
    filter::matches,
    page::{Answer, Page, Section, html},
    show::{ClientRef, asset_href, client_href, ticket_href},
};
use crate::{
    app::App,
    web::{auth::Session, error::WebError},
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_shared::asset::AssetKind;
use beforehand_statement::words::count;
use beforehand_store::TicketFilter;
use serde::Deserialize;

/// Hits shown of each kind.
const MOST: usize = 30;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    #[serde(default)]
    q: String,
}

struct Hit {
    name: String,
    href: String,
    client: ClientRef,
    more: String,
}

struct Group {
    title: &'static str,
    hits: Vec<Hit>,
}

#[derive(Template)]
#[template(path = "search.html")]
struct View {
    page: Page,
    sentence: String,
    groups: Vec<Group>,
    empty: &'static str,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let wanted = asked.q.trim();
    let groups = if wanted.is_empty() { Vec::new() } else { groups(&app, wanted).await? };
    let found: usize = groups.iter().map(|group| group.hits.len()).sum();
    let view = View {
        page: Page::new(Section::Elsewhere, "Search", &session).searched(wanted),
        sentence: if wanted.is_empty() {
            "Search".to_owned()
        } else {
            format!("{} for “{wanted}”", count(found as u64, "hit", "hits"))
        },
        empty: if wanted.is_empty() { "What are you looking for?" } else { "Nothing is called so." },
        groups,
    };
    html(&view)
}

async fn groups(app: &App, wanted: &str) -> Result<Vec<Group>, WebError> {
    let directory = Directory::load(app).await?;
    let (hosts, assets) = machines(app, wanted, &directory).await?;
    let clients = directory.by_name().into_iter().filter(|client| matches(wanted, &[&client.name]));
    let clients = clients.map(|client| Hit {
        name: client.name.clone(),
        href: client_href(client.id),
        client: client.into(),
        more: String::new(),
    });
    let groups = vec![
        Group { title: "Clients", hits: clients.take(MOST).collect() },
        Group { title: "Hosts", hits: hosts },
        Group { title: "Printers, volumes and other assets", hits: assets },
        Group { title: "Tickets", hits: tickets(app, wanted, &directory).await? },
    ];
    Ok(groups.into_iter().filter(|group| !group.hits.is_empty()).collect())
}

/// Hosts, and all other assets.
async fn machines(app: &App, wanted: &str, directory: &Directory) -> Result<(Vec<Hit>, Vec<Hit>), WebError> {
    let (mut hosts, mut others) = (Vec::new(), Vec::new());
    for client in directory.clients.keys() {
        for asset in app.store.assets(*client).await? {
            let Some(kind) = asset.id.kind() else { continue };
            if !matches(wanted, &[&asset.name, asset.id.key()]) {
                continue;
            }
            let site = directory.site_name(*client, asset.site);
            let hit = Hit {
                href: asset_href(*client, &asset.id),
                name: asset.name,
                client: directory.client_ref(*client),
                more: format!("{site}, {}", kind_name(kind)),
            };
            if kind == AssetKind::Host { hosts.push(hit) } else { others.push(hit) }
        }
    }
    hosts.truncate(MOST);
    others.truncate(MOST);
    Ok((hosts, others))
}

async fn tickets(app: &App, wanted: &str, directory: &Directory) -> Result<Vec<Hit>, WebError> {
    let filter = TicketFilter { text: Some(wanted.to_owned()), limit: 30, ..TicketFilter::default() };
    let rows = app.store.tickets(&filter).await?;
    let hit = |row: beforehand_store::TicketRow| Hit {
        name: row.sentence,
        href: ticket_href(row.ticket.client, row.ticket.number),
        client: directory.client_ref(row.ticket.client),
        more: row.ticket.state.word().to_owned(),
    };
    Ok(rows.into_iter().map(hit).collect())
}
