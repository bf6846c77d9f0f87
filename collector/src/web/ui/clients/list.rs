//! All clients at a glance.

use super::figures;
use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            directory::Directory,
            page::{Answer, Page, Section, html},
            show::{ClientRef, Link, client_href},
        },
    },
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_core::worth::money;
use beforehand_core::{month::MonthFigures, site::Client};
use beforehand_store::{StatementRow, TicketFilter};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

struct Line {
    client: ClientRef,
    tickets: usize,
    tickets_href: String,
    hosts: usize,
    hosts_href: String,
    prevented: String,
    ledger_href: String,
    felt: u32,
    felt_href: String,
    fee: String,
    statement: Option<Link>,
}

#[derive(Template)]
#[template(path = "clients/list.html")]
struct View {
    page: Page,
    can_work: bool,
    clients: Vec<Line>,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let statements = app.store.all_statements().await?;
    let mut clients = Vec::new();
    for client in directory.by_name() {
        let latest = statements.iter().filter(|row| row.client == client.id).max_by_key(|row| row.month);
        clients.push(line(&app, client, latest).await?);
    }
    let page = Page::new(Section::Clients, "Clients", &session).said(asked.done.as_deref());
    html(&View { page, can_work: session.may_work(), clients })
}

async fn line(app: &App, client: &Client, latest: Option<&StatementRow>) -> Result<Line, WebError> {
    let id = client.id;
    let filter = TicketFilter { client: Some(id), unresolved: true, limit: 1000, ..TicketFilter::default() };
    let tickets = app.store.tickets(&filter).await?.len();
    let hosts = app.store.hosts(id).await?.iter().filter(|host| host.retired_at.is_none()).count();
    let counted = latest.and_then(|row| serde_json::from_str::<MonthFigures>(&row.figures_json).ok());
    let year = counted.map(|figures| figures.trend).unwrap_or_default();
    let href = client_href(id);
    Ok(Line {
        client: client.into(),
        tickets,
        tickets_href: format!("/tickets?client={id}"),
        hosts,
        hosts_href: format!("/hosts?client={id}"),
        prevented: figures::prevented(&year),
        ledger_href: format!("{href}/ledger"),
        felt: figures::felt(&year),
        felt_href: format!("{href}/ledger?outcome=felt"),
        fee: money(client.contract.fee_per_month, &client.currency),
        statement: latest.map(|row| Link::new(format!("/statements/{id}/{}", row.month), row.month.name())),
    })
}
