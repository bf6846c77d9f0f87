//! The page of a site: the way to the internet as a picture, outages, services, and who is on.

use super::{
    changes::{self, ChangeLine, RouteLine},
    gather::{self, Known},
    href,
    line::contract_facts,
    machines::{self, MachineLine, OwnLine},
    outages::{self, OutageLine},
    services::{self, ServiceLine},
    way::{self, Station},
};
use crate::{
    app::App,
    web::{
        auth::Session,
        ui::{
            directory::Directory,
            page::{Answer, Page, Section, html},
            show::{ClientRef, Fact, Link, Mark, Present, ticket_href},
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::{
    case::CaseId,
    finding::Severity,
    series::Metric,
    site_view::{self, SiteView, speed::Carried, voice_words},
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Millis,
};
use beforehand_statement::words::{count, decimal};
use beforehand_store::ChangeRow;
use serde::Deserialize;
use std::collections::BTreeMap;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

pub(super) struct Figure {
    label: &'static str,
    value: String,
    note: String,
    link: Option<Link>,
}

#[derive(Template)]
#[template(path = "sites/get.html")]
struct View {
    page: Page,
    client: ClientRef,
    name: String,
    href: String,
    mark: Mark,
    sentence: String,
    ticket: Option<Link>,
    figures: Vec<Figure>,
    way: Vec<Station>,
    measured_by: String,
    own: Vec<OwnLine>,
    outages: Vec<OutageLine>,
    services: Vec<ServiceLine>,
    machines: Vec<MachineLine>,
    on_words: String,
    hosts_href: String,
    contract: Vec<Fact>,
    changes: Vec<ChangeLine>,
    routes: Vec<RouteLine>,
    can_work: bool,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path((client, site)): Path<(ClientId, SiteId)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let mut known = gather::known(&app, &directory, (client, site), directory.now).await?;
    let days = site_view::days_to_read(&known.scene);
    known.read_days(&app, &[Metric::LossPct], &days).await?;
    let seen = SiteView::of(&known.scene);
    known.read_traffic(&app).await?;
    let cases: Vec<CaseId> = known.scene.cases.iter().map(|case| case.id.clone()).collect();
    let tickets = app.store.ticket_numbers(client, &cases).await?;
    let from = directory.now.minus(site_view::REACH);
    let changed = app.store.network_changes((client, site), from, changes::READ).await?;
    let page = Page::new(Section::Clients, known.scene.site.name.clone(), &session).said(asked.done.as_deref());
    html(&view((&known, &seen), (&tickets, &changed), &directory, (page, session.may_work())))
}

fn view(
    (known, seen): (&Known, &SiteView),
    (tickets, changed): (&BTreeMap<CaseId, i64>, &[ChangeRow]),
    directory: &Directory,
    (page, can_work): (Page, bool),
) -> View {
    let site = &known.scene.site;
    let present = directory.present(site.client);
    let worst = seen.worst().filter(|segment| segment.now.severity > Severity::Quiet);
    let number = worst.and_then(|segment| segment.now.case.as_ref()).and_then(|case| tickets.get(case));
    let machines = machines::lines(known, &present);
    View {
        page,
        client: directory.client_ref(site.client),
        name: site.name.clone(),
        href: href(site.client, site.id),
        mark: mark(seen),
        sentence: sentence(seen, &present),
        ticket: number.map(|number| Link::new(ticket_href(site.client, *number), format!("Ticket {number}"))),
        figures: figures(known, seen, &present, can_work),
        way: way::stations(known, seen, tickets),
        measured_by: measured_by(known, seen),
        own: machines::own(known, &present),
        outages: outages::lines((known, seen), tickets, &present),
        services: services::lines(known, &present),
        on_words: machines::tally(&machines),
        machines,
        hosts_href: format!("/hosts?client={}&text={}", site.client, crate::web::ui::show::encode(&site.name)),
        contract: contract_facts(known),
        changes: changes::lines(known, changed, &present),
        routes: changes::routes(known, &present),
        can_work,
    }
}

fn mark(seen: &SiteView) -> Mark {
    let worst = seen.worst().map_or(Severity::Blind, |segment| segment.now.severity);
    // Where something answers, a part that nobody asks is no reason to worry.
    let measured =
        seen.segments.iter().any(|segment| segment.part.is_pinged() && segment.now.severity >= Severity::Quiet);
    match worst {
        Severity::Quiet if measured => Mark::named(Severity::Quiet, "connected"),
        Severity::Quiet | Severity::Blind => Mark::named(Severity::Blind, "not measured"),
        worst => Mark::of(worst),
    }
}

/// The worst thing there is to say, else that all is well.
fn sentence(seen: &SiteView, present: &Present) -> String {
    let worst = seen.worst().filter(|segment| segment.now.severity > Severity::Quiet);
    let measured =
        seen.segments.iter().any(|segment| segment.part.is_pinged() && segment.now.severity == Severity::Quiet);
    match worst {
        Some(segment) if segment.now.case.is_some() => segment.now.words.clone(),
        Some(segment) => format!("{}: {}", segment.part.name(), segment.now.words),
        None if measured => {
            format!("Everything on the way answers as usual. {}", last_outage(seen, present)).trim_end().to_owned()
        }
        None => format!("Nobody measures the connection now. {}", last_seen(seen)).trim_end().to_owned(),
    }
}

/// Within a week; before that nobody asks.
fn last_outage(seen: &SiteView, present: &Present) -> String {
    let last = seen.outages.iter().find(|outage| outage.rounds > 0 && present.now.since(outage.from) < Millis::days(7));
    last.map_or_else(String::new, |outage| {
        format!("It was out {} for {}.", present.at(outage.from), length(outage.length(present.now)))
    })
}

/// As the station says it that was seen last.
fn last_seen(seen: &SiteView) -> String {
    let pinged = seen.segments.iter().rev().find(|segment| segment.part.is_pinged() && !segment.now.words.is_empty());
    let words = pinged.map(|segment| segment.now.words.clone()).unwrap_or_default();
    if words.starts_with("Last") { words } else { String::new() }
}

fn figures(known: &Known, seen: &SiteView, present: &Present, can_work: bool) -> Vec<Figure> {
    let outages: Vec<_> = seen.outages.iter().filter(|outage| outage.rounds > 0).collect();
    let all: i64 = outages.iter().map(|outage| outage.length(present.now).0).sum();
    let longest = outages.iter().map(|outage| outage.length(present.now)).max();
    let mos = seen.segments.iter().find_map(|segment| segment.figures.mos);
    vec![
        Figure {
            label: "Connected, 30 days",
            value: seen.up_pct.map_or_else(|| "not measured".to_owned(), up_words),
            note: if seen.up_pct.is_some() { "of the time that was measured".to_owned() } else { String::new() },
            link: None,
        },
        Figure {
            label: "Outages, 30 days",
            value: if outages.is_empty() { "none".to_owned() } else { outages.len().to_string() },
            note: longest.map_or_else(String::new, |longest| {
                format!("{} in all, the longest {}", length(Millis(all)), length(longest))
            }),
            link: None,
        },
        Figure {
            label: "Speech over it now",
            value: mos.map_or_else(|| "not measured".to_owned(), |mos| voice_words(mos).to_owned()),
            note: mos.map_or_else(String::new, |mos| format!("{} of 4.5 (MOS)", decimal(mos))),
            link: None,
        },
        speed(known, can_work),
    ]
}

/// A bound from below, where one is known: nobody fills the line to measure it.
fn speed(known: &Known, can_work: bool) -> Figure {
    let carried = Carried::of(&known.scene, &known.line);
    let agreed = super::line::speed(&known.line);
    let why = match carried == Carried::default() {
        true => "known once the office itself fills the line",
        false => "what the machines carried while the line was full",
    };
    let enters = agreed.is_empty() && can_work;
    let form = format!("{}/line", href(known.scene.site.client, known.scene.site.id));
    Figure {
        label: "Speed against contract",
        value: super::line::carried_words(carried, &known.line),
        note: if agreed.is_empty() { format!("no contract entered, {why}") } else { format!("{agreed} agreed, {why}") },
        link: enters.then(|| Link::new(form, "Enter the contract")),
    }
}

pub(super) fn length(length: Millis) -> String {
    beforehand_core::calendar::duration_words(length)
}

/// `99.98 %`; 100 only where nothing was lost.
pub(super) fn up_words(pct: f64) -> String {
    if pct >= 100.0 { "100 %".to_owned() } else { format!("{:.2} %", (pct * 100.0).floor() / 100.0) }
}

fn measured_by(known: &Known, seen: &SiteView) -> String {
    let (seen, all) = (seen.measured_by.len() as u64, known.hosts.len());
    let read = known.hosts.iter().filter(|host| host.last_report.is_some()).count();
    let of = if read > gather::WITNESSES {
        format!(" History is that of {} of them.", gather::WITNESSES)
    } else {
        String::new()
    };
    format!("Measured by {} of {all}.{of}", count(seen, "machine", "machines"))
}
