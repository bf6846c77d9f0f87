//! The printers of a client: each with its state in plain words, its supplies with dates, what waits and
//! what went wrong lately; the worst first.

use super::{
    gather::{self, OnePrinter},
    supply::SupplyBar,
};
use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            assets::words::now_words,
            directory::Directory,
            page::{Answer, Page, Section, html},
            show::{ClientRef, Link, Mark, Present, asset_href},
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::{detectors::supply_low::Overview, finding::Severity};
use beforehand_shared::{
    ids::ClientId,
    observation::Observation,
    printer::{Queue, SupplyLevel},
    time::Millis,
};
use beforehand_statement::words::{count, decimal};
use serde::Deserialize;
use std::net::IpAddr;

/// So many supplies are shown without folding any away.
const FEW: usize = 6;
/// Printers found lately are offered.
const FOUND: Millis = Millis::days(7);

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

struct Line {
    mark: Mark,
    name: String,
    href: String,
    /// Model and place.
    about: String,
    says: String,
    supplies: Vec<SupplyBar>,
    /// Those that nobody has to think of now.
    others: Vec<SupplyBar>,
    others_words: String,
    queue: String,
    pages: String,
    trouble: String,
    answered: String,
    watched: Option<Watched>,
}

/// A printer that an agent asks over the network.
struct Watched {
    href: String,
    by: String,
    /// What became of the wish for an answer now.
    wish: String,
}

#[derive(Template)]
#[template(path = "printers/list.html")]
struct View {
    page: Page,
    client: ClientRef,
    sentence: String,
    printers: Vec<Line>,
    found: Vec<FoundLine>,
    href: String,
    orders_href: String,
    credentials_href: String,
    can_work: bool,
}

/// A printer that an agent found, and nobody watches yet.
struct FoundLine {
    address: String,
    model: String,
    how: String,
    by: String,
    adopt: Link,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path(client): Path<ClientId>,
    Query(asked): Query<Asked>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    directory.client(client)?;
    let present = directory.present(client);
    let printers = gather::printers(&app, client).await?;
    let hosts = app.store.hosts(client).await?;
    let mut lines: Vec<Line> = Vec::new();
    for one in &printers {
        let by = one.adopted.as_ref().and_then(|adopted| adopted.asked_by);
        let by = by.and_then(|by| hosts.iter().find(|host| host.id == by)).map(|host| host.name.clone());
        lines.push(line(one, by, &directory, &present));
    }
    lines.sort_by_key(|line| std::cmp::Reverse(line.mark.severity));
    let view = View {
        page: Page::new(Section::Clients, "Printers", &session).said(asked.done.as_deref()),
        client: directory.client_ref(client),
        sentence: sentence(&lines),
        printers: lines,
        found: found(&app, &directory, client, &printers).await?,
        href: href(client),
        orders_href: format!("/clients/{client}/orders"),
        credentials_href: format!("/clients/{client}/credentials"),
        can_work: session.may_work(),
    };
    html(&view)
}

pub(crate) fn href(client: ClientId) -> String {
    format!("/clients/{client}/printers")
}

fn sentence(lines: &[Line]) -> String {
    let with = |severity| lines.iter().filter(|line| line.mark.severity == severity).count();
    let all = count(lines.len() as u64, "printer", "printers");
    match (with(Severity::Act), with(Severity::Soon), with(Severity::Blind)) {
        _ if lines.is_empty() => "Printers".to_owned(),
        (0, 0, 0) => format!("{all}, and nothing to do"),
        (0, 0, blind) => format!("{all}, {blind} of them not seen"),
        (0, soon, _) => format!("{all}, {soon} of them soon need something"),
        (act, ..) => format!("{all}, {act} of them do not print or soon will not"),
    }
}

fn line(one: &OnePrinter, by: Option<String>, directory: &Directory, present: &Present) -> Line {
    let client = one.asset.as_ref().map(|asset| asset.client).or_else(|| one.adopted.as_ref().map(|it| it.client));
    let model = one.facts().and_then(|facts| facts.model.clone()).unwrap_or_default();
    let site = client.map(|client| directory.site_name(client, one.site)).unwrap_or_default();
    let address = one.adopted.as_ref().map(|adopted| adopted.address.to_string()).unwrap_or_default();
    let about = [model, site, address].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
    let (shown, others): (Vec<&Overview>, Vec<&Overview>) =
        one.supplies.iter().partition(|supply| one.supplies.len() <= FEW || is_for_everybody(supply));
    Line {
        mark: mark(one),
        name: gather::name(one),
        href: one.asset.as_ref().map(|asset| asset_href(asset.client, &asset.id)).unwrap_or_default(),
        about,
        says: says(one),
        supplies: shown.into_iter().map(|supply| SupplyBar::new(supply, present)).collect(),
        others_words: others_words(&others),
        others: others.into_iter().map(|supply| SupplyBar::new(supply, present)).collect(),
        queue: queue(one),
        pages: one.pages.map(|pages| decimal(pages as f64)).unwrap_or_default(),
        trouble: if one.trouble == 0 { "none".to_owned() } else { count(one.trouble as u64, "time", "times") },
        answered: one.asset.as_ref().map_or_else(|| "not yet".to_owned(), |asset| present.ago(asset.seen_at)),
        watched: one.adopted.as_ref().map(|adopted| Watched {
            href: super::change::href(adopted),
            by: by.map_or_else(
                || "Nobody asks it: no agent of this site is on.".to_owned(),
                |by| format!("asked by {by}"),
            ),
            wish: wish(one, present),
        }),
    }
}

/// What people buy every few months, and whatever soon runs out.
fn is_for_everybody(supply: &Overview) -> bool {
    ["toner", "ink", "ribbon", "wax"].iter().any(|kind| supply.kind.starts_with(kind))
        || supply.severity >= Severity::Watch
}

/// `11 others, the lowest 20 %`.
fn others_words(others: &[&Overview]) -> String {
    let lowest = others.iter().filter_map(|supply| match supply.level {
        SupplyLevel::Left(left) => Some(left),
        _ => None,
    });
    let all = count(others.len() as u64, "other", "others");
    match lowest.min_by(f32::total_cmp) {
        Some(lowest) => format!("{all}, the lowest {lowest:.0} %"),
        None => all,
    }
}

fn mark(one: &OnePrinter) -> Mark {
    let worst = one.cases.iter().map(|case| case.severity).max();
    match (worst, &one.asset) {
        (Some(severity), _) if severity > Severity::Quiet => Mark::of(severity),
        (_, None) => Mark::named(Severity::Blind, "no answer yet"),
        _ => Mark::of(Severity::Quiet),
    }
}

/// The worst thing that is known of it, else what it says of itself.
fn says(one: &OnePrinter) -> String {
    let worst = one.cases.iter().find(|case| case.severity > Severity::Quiet);
    match (worst, &one.asset) {
        (Some(case), _) => case.latest.sentence.clone(),
        (None, Some(asset)) => now_words(&asset.facts),
        (None, None) => "It has not answered yet.".to_owned(),
    }
}

fn queue(one: &OnePrinter) -> String {
    let queues = one.queues.iter().filter_map(|asset| match &asset.facts {
        Observation::Queue(queue) => Some(queue),
        _ => None,
    });
    let queues: Vec<&Queue> = queues.collect();
    let jobs: u64 = queues.iter().map(|queue| u64::from(queue.jobs)).sum();
    match (queues.len(), jobs) {
        (0, _) => "none seen".to_owned(),
        (_, 0) => "empty".to_owned(),
        (_, jobs) => format!("{} waiting", count(jobs, "job", "jobs")),
    }
}

/// What became of the wish for an answer now; empty where there was none lately.
fn wish(one: &OnePrinter, present: &Present) -> String {
    let Some(wished) = one.adopted.as_ref().and_then(|adopted| adopted.wished_at) else { return String::new() };
    let answered = one.asset.as_ref().map(|asset| asset.seen_at).filter(|seen| *seen >= wished);
    match answered {
        Some(seen) if present.now.since(wished) < Millis::HOUR => {
            format!("It answered {}.", present.at(seen))
        }
        Some(_) => String::new(),
        None if present.now.since(wished) < Millis::minutes(5) => {
            "It is being asked; this takes up to three minutes.".to_owned()
        }
        None => format!(
            "Asked {}, and no answer came. It may sleep, be off, or be asked with the wrong credential.",
            present.at(wished)
        ),
    }
}

async fn found(
    app: &App,
    directory: &Directory,
    client: ClientId,
    printers: &[OnePrinter],
) -> Result<Vec<FoundLine>, WebError> {
    let hosts = app.store.hosts(client).await?;
    let known = |site, address: IpAddr| {
        let at = |one: &OnePrinter| {
            one.facts().is_some_and(|it| it.is_at(address))
                || one.adopted.as_ref().is_some_and(|it| it.address == address)
        };
        printers.iter().any(|one| one.site == site && at(one))
    };
    let found = app.store.found_printers(client, directory.now.minus(FOUND)).await?.into_iter();
    let lines = found.filter(|it| !known(it.site, it.address)).map(|it| {
        let adopt = crate::web::ui::filter::address(
            &format!("{}/new", href(client)),
            &[("address", &it.address.to_string()), ("name", &it.model), ("site", &it.site.to_string())],
        );
        FoundLine {
            address: format!("{}, {}", it.address, directory.site_name(client, it.site)),
            model: it.model,
            how: it.how,
            by: hosts.iter().find(|host| host.id == it.host).map(|host| host.name.clone()).unwrap_or_default(),
            adopt: Link::new(adopt, "Watch it"),
        }
    });
    Ok(lines.collect())
}
