//! Today: one sentence, what is coming, and the tickets that need a person.

use super::{
    chart::{self, Chart},
    directory::Directory,
    hosts::state::{HostState, Tally},
    lines::TicketLine,
    page::{Answer, Page, Section, html},
    show::Present,
};
use crate::{
    app::App,
    web::{auth::Session, error::WebError},
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_core::{case::Case, finding::Severity};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_statement::words::count;
use beforehand_store::{TicketFilter, TicketRow};
use serde::Deserialize;

/// Tickets shown here; the rest is a link away.
const SHOWN: usize = 50;

#[derive(Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "today.html")]
struct View {
    page: Page,
    needs: String,
    /// Why nothing is told of silent machines just now.
    blind: Option<String>,
    tally: Tally,
    horizon: Option<Chart>,
    tickets: Vec<TicketLine>,
    calm: String,
    shown: String,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let filter = TicketFilter { unresolved: true, limit: 500, ..TicketFilter::default() };
    let mut rows = app.store.tickets(&filter).await?;
    rows.sort_by_key(|row| {
        (std::cmp::Reverse(row.ticket.severity), row.q50.map_or(i64::MAX, |at| at.0), row.ticket.opened_at)
    });
    let tally = tally(&app, &directory).await?;
    let tickets = lines(&app, &directory, rows.iter().take(SHOWN)).await?;
    let view = View {
        page: Page::new(Section::Today, "Today", &session).said(asked.done.as_deref()),
        needs: needs(rows.len()),
        blind: blind(&app, directory.now).await?,
        horizon: chart::horizon(&app, &directory, None).await?,
        calm: calm(&tally),
        shown: shown(&rows, tickets.len()),
        tickets,
        tally,
    };
    html(&view)
}

/// The lines of `rows` with what their cases say.
pub(crate) async fn lines<'a>(
    app: &App,
    directory: &Directory,
    rows: impl Iterator<Item = &'a TicketRow>,
) -> Result<Vec<TicketLine>, WebError> {
    let mut lines = Vec::new();
    for row in rows {
        let case: Option<Case> = match &row.ticket.case {
            Some(case) => app.store.case(row.ticket.client, case).await?,
            None => None,
        };
        lines.push(TicketLine::new(row, case.as_ref(), directory));
    }
    Ok(lines)
}

async fn blind(app: &App, now: Timestamp) -> Result<Option<String>, WebError> {
    let present = Present::new(now, "UTC");
    let spans = app.store.blind(now, now.plus(Millis(1))).await?;
    Ok(spans.last().map(|blind| blind.sentence(&format!("{} UTC", present.at(blind.from)))))
}

async fn tally(app: &App, directory: &Directory) -> Result<Tally, WebError> {
    let mut tally = Tally::default();
    for client in directory.clients.keys() {
        for host in app.store.hosts(*client).await? {
            tally.add(HostState::of(&host, directory.now));
        }
    }
    Ok(tally)
}

fn needs(tickets: usize) -> String {
    match tickets {
        0 => "Nothing needs a person.".to_owned(),
        1 => "1 thing needs a person.".to_owned(),
        n => format!("{n} things need a person."),
    }
}

fn calm(tally: &Tally) -> String {
    if tally.all() == 0 {
        return "No machine reports yet. Add a client and enrol its first machine.".to_owned();
    }
    "The horizon is watched. What needs a person appears here by itself.".to_owned()
}

fn shown(rows: &[TicketRow], shown: usize) -> String {
    let act = rows.iter().filter(|row| row.ticket.severity == Severity::Act).count();
    let open = count(rows.len() as u64, "open ticket", "open tickets");
    let urgent = if act > 0 { format!(", {act} to act on now") } else { String::new() };
    if shown < rows.len() { format!("The first {shown} of {open}{urgent}") } else { format!("{open}{urgent}") }
}
