//! One client: fee beside worth, what was prevented, what users felt, what is coming.

use super::{fields::contract_facts, figures};
use crate::{
    app::App,
    closed_days::lines::words,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            chart::{self, Chart},
            directory::Directory,
            form::{Field, Kind, Typed},
            hosts::state::{HostState, Tally},
            lines::{self, LedgerLine},
            page::{Answer, Page, Section, html},
            show::{Fact, Link, Mark, client_href},
            sites,
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::worth::money;
use beforehand_core::{
    finding::Severity,
    month::MonthFigures,
    site::{Client, Site},
};
use beforehand_shared::ids::ClientId;
use beforehand_statement::words::{count, decimal};
use beforehand_store::{HostRow, StatementRow};
use serde::Deserialize;

/// Ledger lines on the page; the rest is a link away.
const LINES: usize = 8;
/// Closed days on the page.
const CLOSED: usize = 3;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

struct Figure {
    label: &'static str,
    value: String,
    href: Option<String>,
}

struct SiteLine {
    name: String,
    href: String,
    hosts: usize,
    hosts_href: String,
    mark: Mark,
}

#[derive(Template)]
#[template(path = "clients/get.html")]
struct View {
    page: Page,
    id: ClientId,
    href: String,
    name: String,
    simulated: bool,
    sentence: String,
    figures: Vec<Figure>,
    horizon: Option<Chart>,
    worth: Chart,
    felt: Chart,
    ledger: Vec<LedgerLine>,
    sites: Vec<SiteLine>,
    /// Of a client with one site, which is not looked for in a table.
    only_site: Option<Link>,
    site_form: Field,
    contract: Vec<Fact>,
    /// The next ones, in words.
    closed_days: Vec<String>,
    statements: Vec<Link>,
    reports: String,
    can_work: bool,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path(id): Path<ClientId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let client = directory.client(id)?;
    let present = directory.present(id);
    let ledger = app.store.ledger(id).await?;
    let statements = app.store.statements(id).await?;
    let figures = figures::running(&app, client).await?;
    let hosts = app.store.hosts(id).await?;
    let reports = app.store.user_reports(id).await?;
    let view = View {
        page: Page::new(Section::Clients, client.name.clone(), &session).said(asked.done.as_deref()),
        href: client_href(id),
        name: client.name.clone(),
        simulated: client.simulated,
        sentence: beforehand_core::month::summary(&figures),
        figures: headline(client, &figures),
        horizon: chart::horizon(&app, &directory, Some(id)).await?,
        worth: chart::worth(&figures.trend, &client.currency),
        felt: chart::felt(&figures.trend),
        ledger: lines::ledger(ledger.iter().rev().take(LINES), &ledger, &present),
        sites: site_lines(&app, &directory, id, &hosts).await?,
        only_site: only_site(&directory, id),
        site_form: Typed::default().field("name", "New site", Kind::Input("text")),
        contract: contract_facts(client),
        closed_days: client
            .closed_days
            .from(present.calendar.local(directory.now).date())
            .take(CLOSED)
            .map(words)
            .collect(),
        statements: statement_links(id, &statements, present.calendar.month_of(directory.now)),
        reports: count(reports.len() as u64, "report", "reports"),
        can_work: session.may_work(),
        id,
    };
    html(&view)
}

fn headline(client: &Client, figures: &MonthFigures) -> Vec<Figure> {
    let href = client_href(client.id);
    let amount = |minor| money(minor, &client.currency);
    let worth = figures.worth.year_likely.saturating_add(figures.worth.year_support);
    let hours: f64 = figures.trend.iter().map(|month| month.hours_lost).sum();
    let ledger = |outcome| Some(format!("{href}/ledger?outcome={outcome}"));
    vec![
        Figure { label: "Fees of twelve months", value: amount(figures.worth.year_fee), href: None },
        Figure { label: "Worth of prevention and support", value: amount(worth), href: None },
        Figure { label: "Prevented", value: figures::prevented(&figures.trend), href: ledger("prevented") },
        Figure {
            label: "Incidents that users felt",
            value: format!("{}, {} h lost", figures::felt(&figures.trend), decimal(hours)),
            href: ledger("felt"),
        },
    ]
}

async fn site_lines(
    app: &App,
    directory: &Directory,
    client: ClientId,
    hosts: &[HostRow],
) -> Result<Vec<SiteLine>, WebError> {
    let cases = app.store.open_cases(client).await?;
    let line = |site: &Site| {
        let hosts: Vec<&HostRow> =
            hosts.iter().filter(|host| host.site == site.id && host.retired_at.is_none()).collect();
        let mut tally = Tally::default();
        hosts.iter().for_each(|host| tally.add(HostState::of(host, directory.now)));
        let worst = cases.iter().filter(|case| case.site == site.id).map(|case| case.severity).max();
        let unseen = tally.all() > 0 && tally.unseen == tally.all();
        let calm = if unseen { Severity::Blind } else { Severity::Quiet };
        SiteLine {
            name: site.name.clone(),
            href: sites::href(client, site.id),
            hosts: hosts.len(),
            hosts_href: format!("/hosts?client={client}&text={}", crate::web::ui::show::encode(&site.name)),
            mark: Mark::of(worst.filter(|worst| *worst > Severity::Quiet).unwrap_or(calm)),
        }
    };
    Ok(directory.sites_of(client).map(line).collect())
}

fn only_site(directory: &Directory, client: ClientId) -> Option<Link> {
    let mut all = directory.sites_of(client);
    let only = all.next().filter(|_| all.next().is_none())?;
    Some(Link::new(sites::href(client, only.id), "Connection and who is on"))
}

/// The running month, which can be looked at before it is over, and all that were made.
fn statement_links(client: ClientId, made: &[StatementRow], running: beforehand_core::month::Month) -> Vec<Link> {
    let href = |month| format!("/statements/{client}/{month}");
    let now = (!made.iter().any(|row| row.month == running))
        .then(|| Link::new(href(running), format!("{}, still running", running.name())));
    let past = made.iter().take(13).map(|row| Link::new(href(row.month), row.month.name()));
    now.into_iter().chain(past).collect()
}
