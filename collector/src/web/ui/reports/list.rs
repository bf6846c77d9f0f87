//! What users reported, latest first.

use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            csv,
            directory::Directory,
            filter::{Filters, address, any_or, empty_is_none, matches},
            form::{Kind, Typed},
            lines,
            page::{Answer, Page, Section, html},
            show::{ClientRef, Link, asset_href, plain_name},
        },
    },
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_core::{asset::AssetId, ticket::UserReport};
use beforehand_shared::ids::ClientId;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default, deserialize_with = "empty_is_none")]
    client: Option<ClientId>,
    #[serde(default)]
    text: String,
    #[serde(default, rename = "as")]
    form: String,
    done: Option<String>,
}

struct Line {
    noticed: String,
    what: String,
    who: String,
    client: ClientRef,
    site: String,
    asset: Option<Link>,
    lost: String,
    people: u32,
    scope: &'static str,
}

#[derive(Template)]
#[template(path = "reports/list.html")]
struct View {
    page: Page,
    filters: Filters,
    reports: Vec<Line>,
    empty: &'static str,
    can_work: bool,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let (reports, names) = load(&app, &asked, &directory).await?;
    if asked.form == "csv" {
        return download(&reports, &directory);
    }
    let filtered = asked.client.is_some() || !asked.text.is_empty();
    let view = View {
        page: Page::new(Section::Elsewhere, "What users reported", &session).said(asked.done.as_deref()),
        filters: fields(&asked, &directory),
        reports: reports.iter().map(|report| line(report, &names, &directory)).collect(),
        empty: if filtered { "No report fits." } else { "No report yet." },
        can_work: session.may_work(),
    };
    html(&view)
}

type Names = BTreeMap<(ClientId, AssetId), String>;

/// The reports asked for, latest noticed first, and the names of their assets.
async fn load(app: &App, asked: &Asked, directory: &Directory) -> Result<(Vec<UserReport>, Names), WebError> {
    let (mut reports, mut names) = (Vec::new(), Names::new());
    for client in directory.clients.keys().filter(|client| asked.client.is_none_or(|wanted| wanted == **client)) {
        let of_client = app.store.user_reports(*client).await?;
        if of_client.iter().any(|report| report.asset.is_some()) {
            let assets = app.store.assets(*client).await?;
            names.extend(assets.into_iter().map(|asset| ((*client, asset.id), asset.name)));
        }
        reports.extend(of_client.into_iter().filter(|report| matches(&asked.text, &[&report.what, &report.who])));
    }
    reports.sort_by_key(|report| std::cmp::Reverse(report.noticed_at));
    Ok((reports, names))
}

fn fields(asked: &Asked, directory: &Directory) -> Filters {
    let client = asked.client.map(|client| client.to_string()).unwrap_or_default();
    let csv = address("/reports", &[("client", &client), ("text", &asked.text), ("as", "csv")]);
    let typed = Typed::filled([("client", client), ("text", asked.text.clone())]);
    Filters {
        fields: vec![
            typed.field("text", "Text", Kind::Input("search")),
            typed.field("client", "Client", Kind::Select(any_or("all clients", directory.client_choices()))),
        ],
        csv: Some(csv),
    }
}

fn line(report: &UserReport, names: &Names, directory: &Directory) -> Line {
    let name = |asset: &AssetId| {
        names.get(&(report.client, asset.clone())).cloned().unwrap_or_else(|| asset.fallback_name().to_owned())
    };
    Line {
        noticed: directory.present(report.client).at(report.noticed_at),
        what: report.what.clone(),
        who: report.who.clone(),
        client: directory.client_ref(report.client),
        site: directory.site_name(report.client, report.site),
        asset: report.asset.as_ref().map(|asset| Link::new(asset_href(report.client, asset), name(asset))),
        lost: lines::minutes(report.minutes_lost),
        people: report.people,
        scope: if report.in_scope { "covered" } else { "not covered" },
    }
}

fn download(reports: &[UserReport], directory: &Directory) -> Answer {
    let cells = reports.iter().map(|report| {
        vec![
            directory.clients.get(&report.client).map(plain_name).unwrap_or_default(),
            directory.site_name(report.client, report.site),
            report.number.to_string(),
            directory.present(report.client).iso(report.noticed_at),
            report.who.clone(),
            report.what.clone(),
            report.minutes_lost.to_string(),
            report.people.to_string(),
        ]
    });
    let head = ["client", "site", "number", "noticed", "who", "what", "minutes lost", "people"];
    csv::answer("reports", &head, &cells.collect::<Vec<_>>())
}
