//! One asset: facts, charts with the forecast drawn in, and the raw values folded away.

use super::{array_part, drive_part, drive_words, part::Part, printer_part, volume_part, words};
use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            chart::{self, Chart},
            directory::Directory,
            form::{Field, Kind, Typed},
            lines::sure,
            page::{Answer, Page, Section, html, refused},
            show::{ClientRef, Fact, Link, Present, asset_href, ticket_href},
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::{
    asset::AssetId,
    case::{Case, CaseState},
    finding::FindingKind,
    ledger::StoryChart,
    series::{Hour, Metric, Sample},
};
use beforehand_shared::{asset::AssetKind, ids::ClientId, observation::Observation, time::Millis};
use beforehand_store::{AssetRow, TicketFilter};
use serde::Deserialize;

/// How much of the past the charts show.
const SHOWN: Millis = Millis::days(30);

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "assets/get.html")]
struct View {
    page: Page,
    client: ClientRef,
    site: String,
    host: Option<Link>,
    name: String,
    kind: &'static str,
    outside: &'static str,
    seen: String,
    expected: Vec<String>,
    parts: Vec<Part>,
    charts: Vec<Chart>,
    raw: String,
    facts: Vec<Fact>,
    tickets: Vec<Link>,
    can_work: bool,
    in_service: bool,
    settings_href: String,
    form: Vec<Field>,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path((client, asset)): Path<(ClientId, AssetId)>,
    Query(asked): Query<Asked>,
) -> Answer {
    html(&view(&app, &session, (client, &asset), (asked.done.as_deref(), None)).await?)
}

/// The asset again, with what is wrong in the form that was posted to it.
pub(crate) async fn again(app: &App, session: &Session, id: (ClientId, &AssetId), typed: &Typed) -> Answer {
    refused(&view(app, session, id, (None, Some(typed))).await?)
}

async fn view(
    app: &App,
    session: &Session,
    (client, id): (ClientId, &AssetId),
    (done, typed): (Option<&str>, Option<&Typed>),
) -> Result<View, WebError> {
    let asset = app.store.asset(client, id).await?.ok_or_else(WebError::not_found)?;
    let directory = Directory::load(app).await?;
    let present = directory.present(client);
    let cases = app.store.cases_of_asset(client, id).await?;
    let open: Vec<&Case> = cases.iter().filter(|case| matches!(case.state, CaseState::Open)).collect();
    let saved = saved(&asset);
    Ok(View {
        page: Page::new(Section::Hosts, asset.name.clone(), session).said(done),
        client: directory.client_ref(client),
        site: directory.site_name(client, asset.site),
        host: host(app, &asset).await?,
        name: asset.name.clone(),
        kind: id.kind().map_or("asset", words::kind_name),
        outside: outside(&asset),
        seen: present.ago(asset.seen_at),
        expected: open.iter().map(|case| expected(case)).collect(),
        parts: parts(app, &asset, &cases, &present).await?,
        charts: charts(app, &asset, &open, &present).await?,
        raw: serde_json::to_string_pretty(&asset.facts).map_err(WebError::internal)?,
        facts: facts(&asset, &open),
        tickets: tickets(app, client, id).await?,
        can_work: session.may_work(),
        in_service: asset.retired_at.is_none() && asset.id.kind() != Some(AssetKind::Host),
        settings_href: asset_href(client, id),
        form: fields(typed.unwrap_or(&saved)),
    })
}

/// A drive that is expected to fail is not called healthy first.
fn facts(asset: &AssetRow, open: &[&Case]) -> Vec<Fact> {
    let mut facts = words::facts(&asset.facts);
    let doubted = open.iter().find(|case| case.kind == FindingKind::DriveFailure && case.latest.outlook.is_some());
    if let (Observation::Drive(drive), Some(case)) = (&asset.facts, doubted)
        && let (Some(odds), Some(health)) = (case.latest.outlook.as_ref().and_then(sure), facts.first_mut())
    {
        health.value = drive_words::health_of_doubtful(&format!("fails with a chance of {odds}"), drive);
    }
    facts
}

/// What is worth reading before the measurements.
async fn parts(app: &App, asset: &AssetRow, cases: &[Case], present: &Present) -> Result<Vec<Part>, WebError> {
    let mut parts: Vec<Part> = what_to_do(app, asset, cases).await?.into_iter().collect();
    parts.extend(match &asset.facts {
        Observation::Drive(drive) => drive_part::parts(app, asset, drive, present).await?,
        Observation::Volume(volume) => volume_part::parts(app, asset, (volume, cases), present).await?,
        Observation::Printer(printer) => printer_part::parts(app, asset, (printer, cases), present).await?,
        Observation::Array(array) => array_part::parts(app, asset, array).await?,
        _ => Vec::new(),
    });
    Ok(parts)
}

async fn what_to_do(app: &App, asset: &AssetRow, cases: &[Case]) -> Result<Option<Part>, WebError> {
    let mut todo = Part::new("todo", "What to do");
    for case in cases.iter().filter(|case| matches!(case.state, CaseState::Open)) {
        todo.steps
            .extend(case.latest.steps.iter().filter(|step| !todo.steps.contains(step)).cloned().collect::<Vec<_>>());
        if let Some(row) = app.store.ticket_of_case(asset.client, &case.id).await? {
            let number = row.ticket.number;
            todo.links
                .push(Link::new(ticket_href(asset.client, number), format!("Ticket {number}: {}", row.ticket.title)));
        }
    }
    Ok((!todo.steps.is_empty() || !todo.links.is_empty()).then_some(todo))
}

async fn host(app: &App, asset: &AssetRow) -> Result<Option<Link>, WebError> {
    let host = app.store.host(asset.client, asset.host).await?;
    Ok(host.map(|host| Link::new(format!("/hosts/{}/{}", host.client, host.id), host.name)))
}

const fn outside(asset: &AssetRow) -> &'static str {
    match (asset.retired_at, asset.in_scope) {
        (Some(_), _) => "out of service",
        (None, false) => "not covered by the contract",
        (None, true) => "",
    }
}

fn expected(case: &Case) -> String {
    let how_sure = case.latest.outlook.as_ref().and_then(sure).map(|sure| format!(" ({sure})")).unwrap_or_default();
    format!("{}{how_sure}", case.latest.sentence)
}

async fn charts(app: &App, asset: &AssetRow, open: &[&Case], present: &Present) -> Result<Vec<Chart>, WebError> {
    let span = (present.now.minus(SHOWN), present.now.plus(Millis::HOUR));
    let mut charts = Vec::new();
    for metric in app.store.series_of(asset.client, &asset.id).await?.iter().filter(|metric| chart::is_drawn(metric)) {
        let hours = app.store.hours(asset.client, &asset.id, metric, span).await?;
        if hours.is_empty() || is_flat_count(asset, &hours) {
            continue;
        }
        charts.push(match open.iter().find(|case| forecasts(case, metric)) {
            Some(case) => {
                let measured = hours.iter().map(|hour| Sample { at: hour.at, value: hour.last }).collect();
                chart::story(&with_forecast(case, metric, &asset.name, measured), present)
            }
            None => chart::series(metric, &hours, None, present),
        });
    }
    Ok(charts)
}

/// A drive's count that did not change: the table says it, and a flat line says no more.
fn is_flat_count(asset: &AssetRow, hours: &[Hour]) -> bool {
    matches!(asset.facts, Observation::Drive(_))
        && hours.iter().all(|hour| hour.min == hours[0].min && hour.max == hours[0].min)
}

/// Whether `case` says how this series will go on.
fn forecasts(case: &Case, metric: &Metric) -> bool {
    let proves = case.latest.evidence.chart.as_ref().is_some_and(|chart| chart.metric == *metric);
    proves && case.latest.outlook.as_ref().is_some_and(|outlook| !outlook.fan.is_empty())
}

fn with_forecast(case: &Case, metric: &Metric, name: &str, measured: Vec<Sample>) -> StoryChart {
    StoryChart {
        title: chart::asset_title(metric, name),
        measured,
        fan: case.latest.outlook.as_ref().map(|outlook| outlook.fan.clone()).unwrap_or_default(),
        limit: case.latest.evidence.chart.as_ref().and_then(|chart| chart.limit),
        acted_at: None,
        onset: case.onset,
    }
}

async fn tickets(app: &App, client: ClientId, asset: &AssetId) -> Result<Vec<Link>, WebError> {
    let filter =
        TicketFilter { client: Some(client), asset: Some(asset.clone()), limit: 10, ..TicketFilter::default() };
    let rows = app.store.tickets(&filter).await?;
    let link = |row: beforehand_store::TicketRow| {
        Link::new(ticket_href(client, row.ticket.number), format!("{}: {}", row.ticket.state.word(), row.ticket.title))
    };
    Ok(rows.into_iter().map(link).collect())
}

fn saved(asset: &AssetRow) -> Typed {
    Typed::filled([
        ("people", asset.people.map(|people| people.to_string()).unwrap_or_default()),
        ("in_scope", if asset.in_scope { "yes".to_owned() } else { String::new() }),
    ])
}

fn fields(typed: &Typed) -> Vec<Field> {
    vec![
        typed
            .field("people", "People who depend on it", Kind::Input("number"))
            .hint("Worth is computed with it. Empty: everybody at the client."),
        typed.field("in_scope", "Covered by the contract", Kind::Check),
    ]
}
