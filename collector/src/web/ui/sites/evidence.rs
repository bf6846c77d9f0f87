//! The evidence about one disturbance as PDF, to be sent to whoever runs the line.

use super::gather::{self, Known};
use crate::{
    app::App,
    web::{
        error::WebError,
        ui::{directory::Directory, page::Answer},
    },
};
use axum::{
    extract::{Path, Query, State},
    http::header,
    response::IntoResponse,
};
use beforehand_core::{
    case::{Case, CaseId},
    series::Metric,
    site_view::{
        SiteView, days_to_read,
        evidence::{Evidence, LONGEST},
    },
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};
use beforehand_statement::{LineSheet, line_sheet};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};

const METRICS: [Metric; 3] = [Metric::LossPct, Metric::RttMs, Metric::JitterMs];
/// What may lie beside the disturbance on the sheet.
const BESIDE: Millis = Millis::hours(8);

/// Epoch milliseconds, or a case about the connection.
#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    from: Option<i64>,
    /// Nothing while it lasts.
    to: Option<i64>,
    case: Option<String>,
}

type Span = (Timestamp, Option<Timestamp>);

pub(crate) async fn get(
    State(app): State<App>,
    Path((client, site)): Path<(ClientId, SiteId)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let case = match &asked.case {
        Some(id) => {
            let case = app.store.case(client, &CaseId(id.clone())).await?.filter(|case| case.site == site);
            Some(case.ok_or_else(WebError::not_found)?)
        }
        None => None,
    };
    let span = span(&asked, case.as_ref(), directory.now)?;
    let at = span.1.map_or(directory.now, |to| to.plus(BESIDE).min(directory.now));
    let mut known = gather::known(&app, &directory, (client, site), at).await?;
    let span = match case {
        Some(case) => measured(&app, &mut known, (&case, asked.from)).await?.unwrap_or(span),
        None => span,
    };
    known.read_days(&app, &METRICS, &days(span, at)).await?;
    let evidence = Evidence::of(&known.scene, span).ok_or_else(nothing)?;
    let ticket = match &asked.case {
        Some(case) => app.store.ticket_numbers(client, &[CaseId(case.clone())]).await?.into_values().next(),
        None => None,
    };
    let pdf = draw(&app, &directory, known, (evidence, ticket)).await?;
    let name = format!("line-{}.pdf", directory.present(client).calendar.local(span.0).strftime("%Y-%m-%d-%H%M"));
    let headers = [
        (header::CONTENT_TYPE, "application/pdf".to_owned()),
        (header::CONTENT_DISPOSITION, format!("inline; filename=\"{name}\"")),
    ];
    Ok((headers, pdf).into_response())
}

fn nothing() -> WebError {
    WebError::bad_request("No machine of this site measured the connection at that time, or it is not kept any more.")
}

fn span(asked: &Asked, case: Option<&Case>, now: Timestamp) -> Result<Span, WebError> {
    let (from, to) = match case {
        Some(case) => (case.opened_at, case.closed_at()),
        None => (Timestamp(asked.from.ok_or_else(nothing)?), asked.to.map(Timestamp)),
    };
    let right = from.0 >= 0 && from <= now && to.is_none_or(|to| to > from && to <= now.plus(Millis::HOUR));
    if right { Ok((from, to)) } else { Err(nothing()) }
}

/// The outage that the case is about, as the machines measured it: cases open some time after it began.
/// Of several that are one case, the one that began at `from`.
async fn measured(app: &App, known: &mut Known, (case, from): (&Case, Option<i64>)) -> Result<Option<Span>, WebError> {
    let mut days = days_to_read(&known.scene);
    days.insert(case.opened_at.day_start());
    known.read_days(app, &[Metric::LossPct], &days).await?;
    let outages = SiteView::of(&known.scene).outages;
    let mut own = outages.iter().filter(|outage| outage.case.as_ref() == Some(&case.id));
    let own = own.clone().find(|outage| from == Some(outage.from.0)).or_else(|| own.next());
    Ok(own.map(|outage| (outage.from, outage.to)))
}

/// UTC days that the sheet looks at.
fn days((from, to): Span, now: Timestamp) -> BTreeSet<Timestamp> {
    let last = to.unwrap_or(now).min(from.plus(LONGEST)).plus(BESIDE).min(now);
    let first = from.minus(BESIDE).day_start();
    let count = last.since(first).0 / Millis::DAY.0;
    (0..=count).map(|n| first.plus(Millis::days(n))).collect()
}

async fn draw(
    app: &App,
    directory: &Directory,
    known: Known,
    (evidence, ticket): (Evidence, Option<i64>),
) -> Result<Vec<u8>, WebError> {
    let provider = app.store.provider().await?;
    let client = directory.client(known.scene.site.client)?.clone();
    let made_at = directory.now;
    let set = move || {
        let machines: BTreeMap<_, _> = known.hosts.iter().map(|host| (host.id, host.name.clone())).collect();
        line_sheet(&LineSheet {
            provider: &provider,
            client: &client.name,
            simulated: client.simulated,
            site: &known.scene.site.name,
            time_zone: &client.time_zone,
            line: &known.line,
            machines,
            evidence: &evidence,
            ticket,
            made_at,
        })
    };
    tokio::task::spawn_blocking(set).await.map_err(WebError::internal)?.map_err(WebError::internal)
}
