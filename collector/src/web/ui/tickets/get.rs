//! One ticket: what to do, the chart that proves it, how it came to this, and the work on it.

use super::verdict_words;
use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            chart::{self, Chart},
            directory::Directory,
            form::{Choice, Field, Kind, Typed},
            lines::{self, StoryLine, WorkLine, sure},
            page::{Answer, Page, Section, html, refused},
            show::{ClientRef, Fact, Link, Mark, Present, asset_href, ticket_href},
            sites,
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::{
    case::{Case, CaseEvent},
    finding::FindingKind,
    ledger::{Entry, StoryChart, Subject},
    place::Place,
    reliability::{HorizonRecord, horizon_records},
    series::Sample,
    ticket::{TicketState, Verdict, Work},
};
use beforehand_shared::{asset::AssetKind, ids::ClientId};
use beforehand_store::TicketRow;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "tickets/get.html")]
struct View {
    page: Page,
    href: String,
    client: ClientRef,
    site: Link,
    asset: Option<Link>,
    sentence: String,
    mark: Mark,
    number: i64,
    state: &'static str,
    opened: String,
    by_when: String,
    sure: String,
    who: String,
    over: String,
    steps: Vec<String>,
    chart: Option<Chart>,
    facts: Vec<Fact>,
    /// Leads to what can be sent to whoever runs the line.
    sheet: Option<String>,
    story: Vec<StoryLine>,
    can_work: bool,
    open: bool,
    /// Nobody has said yet what it was.
    unsaid: bool,
    acknowledged: bool,
    work_form: Vec<Field>,
    resolve_form: Vec<Field>,
    work: Vec<WorkLine>,
    work_sum: String,
    record: String,
    /// How right the chances were that the rule said at this client.
    chances: Vec<String>,
    entry: Option<Link>,
}

/// Everything the store knows of a ticket.
struct Known {
    row: TicketRow,
    case: Option<Case>,
    events: Vec<CaseEvent>,
    work: Vec<Work>,
    entry: Option<Entry>,
    record: String,
    chances: Vec<String>,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path((client, number)): Path<(ClientId, i64)>,
    Query(asked): Query<Asked>,
) -> Answer {
    html(&view(&app, &session, (client, number), (asked.done.as_deref(), &Typed::default())).await?)
}

/// The ticket again, with what is wrong in a form that was posted to it.
pub(crate) async fn again(app: &App, session: &Session, id: (ClientId, i64), typed: &Typed) -> Answer {
    refused(&view(app, session, id, (None, typed)).await?)
}

async fn view(
    app: &App,
    session: &Session,
    (client, number): (ClientId, i64),
    (done, typed): (Option<&str>, &Typed),
) -> Result<View, WebError> {
    let known = load(app, client, number).await?;
    let directory = Directory::load(app).await?;
    let present = directory.present(client);
    let chart = proof(app, &known, &present).await?;
    let page = Page::new(Section::Tickets, format!("Ticket {number}"), session).said(done);
    let mut view = known.view(&directory, &present, page, chart);
    view.can_work = session.may_work();
    view.work_form = work_fields(typed);
    view.resolve_form = resolve_fields(typed);
    Ok(view)
}

async fn load(app: &App, client: ClientId, number: i64) -> Result<Known, WebError> {
    let row = app.store.ticket(client, number).await?.ok_or_else(WebError::not_found)?;
    let work = app.store.work(client, number).await?;
    let (mut case, mut events, mut entry) = (None, Vec::new(), None);
    if let Some(id) = &row.ticket.case {
        case = app.store.case(client, id).await?;
        events = app.store.case_events(client, id).await?;
        let subject = Subject::Case { id: id.clone() };
        entry = app.store.ledger(client).await?.into_iter().rfind(|entry| entry.subject == subject);
    }
    let records = app.store.records().await?;
    let record = row.kind.and_then(|kind| records.get(&kind)).map(|record| record.sentence());
    let scored = match row.kind {
        Some(kind) => app.store.scored_forecasts(client, kind).await?,
        None => Vec::new(),
    };
    let chances = horizon_records(&scored).iter().map(HorizonRecord::sentence).collect();
    Ok(Known { row, case, events, work, entry, record: record.unwrap_or_default(), chances })
}

impl Known {
    fn view(self, directory: &Directory, present: &Present, page: Page, chart: Option<Chart>) -> View {
        let ticket = &self.row.ticket;
        let latest = self.case.as_ref().map(|case| &case.latest);
        let outlook = latest.and_then(|latest| latest.outlook.as_ref());
        let open = ticket.state != TicketState::Resolved;
        View {
            page,
            href: ticket_href(ticket.client, ticket.number),
            client: directory.client_ref(ticket.client),
            site: Link::new(sites::href(ticket.client, ticket.site), self.row.site_name.clone()),
            asset: about(&self.row),
            sentence: if self.row.sentence.is_empty() { ticket.title.clone() } else { self.row.sentence.clone() },
            mark: Mark::of(ticket.severity),
            number: ticket.number,
            state: ticket.state.word(),
            opened: present.at(ticket.opened_at),
            by_when: outlook.map_or_else(String::new, |outlook| present.by_when(outlook.q10, outlook.q90)),
            sure: outlook.and_then(sure).unwrap_or_default(),
            who: lines::holder(&self.row),
            over: over(&self, present),
            steps: latest.filter(|_| open).map(|latest| latest.steps.clone()).unwrap_or_default(),
            chart,
            facts: latest.map(|latest| latest.evidence.facts.iter().map(fact).collect()).unwrap_or_default(),
            sheet: sheet(&self.row, self.case.as_ref()),
            story: lines::story(&self.events, present),
            can_work: false,
            open,
            unsaid: ticket.resolution.is_none(),
            acknowledged: ticket.state != TicketState::New,
            work_form: Vec::new(),
            resolve_form: Vec::new(),
            work: lines::work(&self.work, present),
            work_sum: format!("{} in all", lines::minutes(self.work.iter().map(|work| work.minutes).sum())),
            record: self.record,
            chances: self.chances,
            entry: self
                .entry
                .map(|entry| Link::new(lines::entry_href(entry.client, entry.seq), lines::outcome_words(&entry))),
        }
    }
}

fn about(row: &TicketRow) -> Option<Link> {
    let asset = row.ticket.asset.as_ref()?;
    Some(Link::new(asset_href(row.ticket.client, asset), row.asset_name.clone().unwrap_or_default()))
}

/// Of connections alone, and of a silent site once its machines have told what they measured meanwhile.
fn sheet(row: &TicketRow, case: Option<&Case>) -> Option<String> {
    let link = row.ticket.asset.as_ref().is_some_and(|asset| asset.kind() == Some(AssetKind::Link));
    let is_measured = || case.is_some_and(|case| Place::of(&case.latest.evidence).is_some());
    let has_sheet = match row.kind? {
        FindingKind::LinkFault => link,
        FindingKind::HostSilent => is_measured(),
        _ => false,
    };
    let case = row.ticket.case.as_ref().filter(|_| has_sheet)?;
    Some(sites::evidence_href(row.ticket.client, row.ticket.site, case))
}

fn fact(fact: &beforehand_core::finding::Fact) -> Fact {
    Fact { label: fact.label.clone(), value: fact.value.clone() }
}

/// Says that the condition is over, or what the ticket was resolved as.
fn over(known: &Known, present: &Present) -> String {
    let ticket = &known.row.ticket;
    if let (Some(at), Some(verdict)) = (ticket.resolved_at, ticket.resolution) {
        return format!("Resolved {}. {}.", present.at(at), verdict_words(verdict));
    }
    match known.case.as_ref().and_then(Case::closed_at) {
        Some(at) if ticket.state == TicketState::Resolved => {
            format!("Over since {}, with no work logged, so the ticket resolved itself.", present.at(at))
        }
        Some(at) => format!("The condition has been over since {}. Say what it was.", present.at(at)),
        None => String::new(),
    }
}

/// The measurements behind the latest judgement with its forecast drawn in.
async fn proof(app: &App, known: &Known, present: &Present) -> Result<Option<Chart>, WebError> {
    let Some((case, proof)) = known.case.as_ref().and_then(|case| Some((case, case.latest.evidence.chart.as_ref()?)))
    else {
        return Ok(None);
    };
    let end = case.closed_at().unwrap_or(present.now).plus(beforehand_shared::time::Millis::HOUR);
    let hours = app.store.hours(case.client, &proof.asset, &proof.metric, (proof.from, end)).await?;
    let name = known.row.asset_name.clone().unwrap_or_default();
    let chart = StoryChart {
        title: chart::asset_title(&proof.metric, &name),
        measured: hours.iter().map(|hour| Sample { at: hour.at, value: hour.last }).collect(),
        fan: case.latest.outlook.as_ref().map(|outlook| outlook.fan.clone()).unwrap_or_default(),
        limit: proof.limit,
        acted_at: known.work.iter().find(|work| work.acted).map(|work| work.at),
        onset: case.onset,
    };
    Ok(Some(chart::story(&chart, present)))
}

fn work_fields(typed: &Typed) -> Vec<Field> {
    vec![
        typed.field("text", "What was done", Kind::Lines).key("w"),
        typed.field("minutes", "Minutes", Kind::Input("number")),
        typed
            .field("acted", "Something was changed at the client", Kind::Check)
            .hint("Leave it empty if you only looked or talked. Prevention counts only where somebody acted."),
    ]
}

fn resolve_fields(typed: &Typed) -> Vec<Field> {
    let verdicts = Verdict::ALL.map(|verdict| Choice::new(verdict.word(), verdict_words(verdict)));
    vec![typed.field("verdict", "What was it?", Kind::Select(verdicts.to_vec())).key("r")]
}
