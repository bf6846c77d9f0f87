//! Which client costs what, and whose statement is thin: the provider's own page.

use super::{
    clients::figures::running,
    csv,
    directory::Directory,
    filter::Filters,
    page::{Answer, Page, Section, html},
    show::{ClientRef, plain_name},
};
use crate::{
    app::App,
    web::{auth::Session, error::WebError},
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_core::worth::money;
use beforehand_core::{
    month::MonthFigures,
    provider_page::{ClientLine, ClientMonth, provider_page},
    site::Client,
};
use beforehand_statement::words::{decimal, duration};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default, rename = "as")]
    form: String,
}

struct Line {
    client: ClientRef,
    name: String,
    fee: String,
    proactive: String,
    reactive: String,
    false_alarms: String,
    rate: String,
    list_rate: String,
    per_host: String,
    felt: String,
    felt_href: String,
    note: String,
}

#[derive(Template)]
#[template(path = "provider.html")]
struct View {
    page: Page,
    sentence: String,
    filters: Filters,
    clients: Vec<Line>,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let lines = lines(&app, &directory).await?;
    if asked.form == "csv" {
        return download(&lines);
    }
    let view = View {
        page: Page::new(Section::Clients, "Which client costs what", &session),
        sentence:
            "This month so far, from the same ledger as the statements. Those that earn least an hour come first."
                .to_owned(),
        filters: Filters { fields: Vec::new(), csv: Some("/provider?as=csv".to_owned()) },
        clients: lines,
    };
    html(&view)
}

async fn lines(app: &App, directory: &Directory) -> Result<Vec<Line>, WebError> {
    let mut months: Vec<(&Client, MonthFigures, u32)> = Vec::new();
    for client in directory.by_name() {
        let hosts = app.store.hosts(client.id).await?;
        let hosts = hosts.iter().filter(|host| host.retired_at.is_none()).count();
        months.push((client, running(app, client).await?, u32::try_from(hosts).unwrap_or(u32::MAX)));
    }
    let asked: Vec<ClientMonth<'_>> =
        months.iter().map(|(client, figures, hosts)| ClientMonth { client, figures, hosts: *hosts }).collect();
    let found = provider_page(&asked).into_iter().filter_map(|line| {
        let client = directory.by_name().into_iter().find(|client| client.name == line.name)?;
        Some(shown(client, line))
    });
    Ok(found.collect())
}

fn shown(client: &Client, line: ClientLine) -> Line {
    let amount = |minor: i64| money(minor, &client.currency);
    let noisiest = line.noisiest.first().map(|asset| format!("Noisiest: {}.", asset.name));
    let note: Vec<String> = line.thin.into_iter().chain(noisiest).collect();
    Line {
        client: client.into(),
        name: plain_name(client),
        fee: amount(line.fee),
        proactive: duration(line.effort.proactive_minutes),
        reactive: duration(line.effort.reactive_minutes),
        false_alarms: duration(line.effort.false_alarm_minutes),
        rate: line.effective_rate.map_or_else(|| "nobody worked".to_owned(), amount),
        list_rate: amount(line.list_rate),
        per_host: line.reactive_hours_per_host.map(decimal).unwrap_or_default(),
        felt: line.user_visible_per_10_hosts.map(decimal).unwrap_or_default(),
        felt_href: format!("/clients/{}/ledger?outcome=felt", client.id),
        note: note.join(" "),
    }
}

fn download(lines: &[Line]) -> Answer {
    let head = [
        "client",
        "fee",
        "proactive",
        "reactive",
        "false alarms",
        "earned an hour",
        "list price",
        "reactive hours per host",
        "felt per 10 hosts",
        "note",
    ];
    let cells = lines.iter().map(|line| {
        [
            &line.name,
            &line.fee,
            &line.proactive,
            &line.reactive,
            &line.false_alarms,
            &line.rate,
            &line.list_rate,
            &line.per_host,
            &line.felt,
            &line.note,
        ]
        .map(Clone::clone)
        .to_vec()
    });
    csv::answer("clients", &head, &cells.collect::<Vec<_>>())
}
