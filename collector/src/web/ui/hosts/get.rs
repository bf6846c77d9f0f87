//! One machine: facts, what is watched on it, and what its agent can and cannot see.

use super::{
    state::{HostState, probe_mark},
    updates,
};
use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            assets::words::{caution, kind_name, now_words},
            directory::Directory,
            form::{Choice, Field, Kind, Typed},
            page::{Answer, Page, Section, html},
            show::{ClientRef, Fact, Link, Mark, Present, asset_href, facts, ticket_href},
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_shared::{
    asset::AssetKind,
    ids::{ClientId, HostId},
};
use beforehand_store::{AssetRow, HostRow, TicketFilter};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

struct AssetLine {
    kind: &'static str,
    name: String,
    href: String,
    now: String,
    seen: String,
}

struct ProbeLine {
    name: String,
    mark: Mark,
    why: String,
    at: String,
    took: String,
}

#[derive(Template)]
#[template(path = "hosts/get.html")]
struct View {
    page: Page,
    href: String,
    client: ClientRef,
    site: Link,
    name: String,
    mark: Mark,
    state: String,
    tickets: Vec<Link>,
    assets: Vec<AssetLine>,
    caution: Option<String>,
    probes: Vec<ProbeLine>,
    facts: Vec<Fact>,
    always_on: Field,
    can_work: bool,
    retired: bool,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path((client, host)): Path<(ClientId, HostId)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let host = app.store.host(client, host).await?.ok_or_else(WebError::not_found)?;
    let directory = Directory::load(&app).await?;
    let present = directory.present(client);
    let state = HostState::of(&host, directory.now);
    let assets = app.store.assets_of_host(client, host.id).await?;
    let view = View {
        page: Page::new(Section::Hosts, host.name.clone(), &session).said(asked.done.as_deref()),
        href: format!("/hosts/{client}/{}", host.id),
        client: directory.client_ref(client),
        site: Link::new(crate::web::ui::sites::href(client, host.site), directory.site_name(client, host.site)),
        mark: state.mark(),
        state: host.last_report.map_or_else(
            || format!("enrolled {}", present.at(host.enrolled_at)),
            |at| format!("last report {}", present.ago(at)),
        ),
        tickets: tickets(&app, &assets, client).await?,
        caution: caution(assets.iter().map(|asset| &asset.facts)),
        assets: assets.iter().filter_map(|asset| asset_line(asset, &present)).collect(),
        probes: probes(&host, state, &present),
        facts: host_facts(&host, &present).into_iter().chain(updates::facts(&app, &host, &present).await?).collect(),
        always_on: always_on(&host),
        can_work: session.may_work(),
        retired: host.retired_at.is_some(),
        name: host.name,
    };
    html(&view)
}

/// Open tickets of whatever the host sees.
async fn tickets(app: &App, assets: &[AssetRow], client: ClientId) -> Result<Vec<Link>, WebError> {
    let filter = TicketFilter { client: Some(client), unresolved: true, ..TicketFilter::default() };
    let rows = app.store.tickets(&filter).await?;
    let of_host =
        rows.into_iter().filter(|row| assets.iter().any(|asset| Some(&asset.id) == row.ticket.asset.as_ref()));
    Ok(of_host.map(|row| Link::new(ticket_href(client, row.ticket.number), row.sentence)).collect())
}

fn asset_line(asset: &AssetRow, present: &Present) -> Option<AssetLine> {
    let kind = asset.id.kind().filter(|kind| *kind != AssetKind::Host)?;
    Some(AssetLine {
        kind: kind_name(kind),
        name: asset.name.clone(),
        href: asset_href(asset.client, &asset.id),
        now: now_words(&asset.facts),
        seen: if asset.retired_at.is_some() { "out of service".to_owned() } else { present.ago(asset.seen_at) },
    })
}

fn probes(host: &HostRow, state: HostState, present: &Present) -> Vec<ProbeLine> {
    let line = |(name, health): (&String, &beforehand_core::input::ProbeHealth)| ProbeLine {
        name: name.replace('_', " "),
        mark: probe_mark(health, state),
        why: health.why.clone().unwrap_or_default(),
        at: present.ago(health.at),
        took: format!("{} ms", health.took_ms),
    };
    host.probes.iter().map(line).collect()
}

fn host_facts(host: &HostRow, present: &Present) -> Vec<Fact> {
    facts([
        ("System", host.os.clone()),
        ("Agent", host.agent.clone()),
        ("Packages that fit", host.platform.clone().unwrap_or_default()),
        ("Agent started", host.started_at.map(|at| present.at(at)).unwrap_or_default()),
        ("Machine started", host.booted_at.map(|at| present.at(at)).unwrap_or_default()),
        ("Enrolled", present.day(host.enrolled_at)),
        ("Last report", host.last_report.map_or_else(|| "never".to_owned(), |at| present.at(at))),
        ("Out of service since", host.retired_at.map(|at| present.day(at)).unwrap_or_default()),
        (
            "Measurements refused",
            if host.refused_samples > 0 { host.refused_samples.to_string() } else { String::new() },
        ),
    ])
}

fn always_on(host: &HostRow) -> Field {
    let value = host.always_on.map_or("", |on| if on { "yes" } else { "no" });
    let choices = [
        ("", "learn it from its reports"),
        ("yes", "yes: call when it goes silent"),
        ("no", "no: it may be switched off"),
    ];
    let kind = Kind::Select(choices.map(|(value, name)| Choice::new(value, name)).to_vec());
    Typed::filled([("always_on", value.to_owned())]).field("always_on", "This machine", kind)
}
