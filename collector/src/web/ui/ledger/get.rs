//! One entry with its story: what a sceptical reader needs to check it.

use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            chart::{self, Chart},
            directory::Directory,
            form::{Choice, Field, Kind, Typed},
            lines::{self, StoryLine, WorkLine},
            page::{Answer, Page, Section, html, refused},
            show::{ClientRef, Fact, Link, Present, client_href, facts, ticket_href},
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::{
    calendar::chance_words,
    ledger::{Entry, Subject},
    outcome::Outcome,
};
use beforehand_shared::ids::ClientId;
use beforehand_statement::words::people;
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

#[derive(Template)]
#[template(path = "ledger/get.html")]
struct View {
    page: Page,
    client: ClientRef,
    ledger_href: String,
    href: String,
    seq: u64,
    outcome: String,
    what: String,
    because: String,
    replaced: String,
    story: Vec<Fact>,
    chart: Option<Chart>,
    work: Vec<WorkLine>,
    events: Vec<StoryLine>,
    facts: Vec<Fact>,
    ticket: Option<Link>,
    hash: String,
    prev_hash: String,
    corrections: Vec<Link>,
    can_decide: bool,
    form: Vec<Field>,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path((client, seq)): Path<(ClientId, u64)>,
    Query(asked): Query<Asked>,
) -> Answer {
    html(&view(&app, &session, (client, seq), (asked.done.as_deref(), &Typed::default())).await?)
}

/// The entry again, with what is wrong in the decision that was posted to it.
pub(crate) async fn again(app: &App, session: &Session, id: (ClientId, u64), typed: &Typed) -> Answer {
    refused(&view(app, session, id, (None, typed)).await?)
}

async fn view(
    app: &App,
    session: &Session,
    (client, seq): (ClientId, u64),
    (done, typed): (Option<&str>, &Typed),
) -> Result<View, WebError> {
    let all = app.store.ledger(client).await?;
    let entry = all.iter().find(|entry| entry.seq == seq).ok_or_else(WebError::not_found)?;
    let directory = Directory::load(app).await?;
    let present = directory.present(client);
    let by = all.iter().find(|later| later.corrects == Some(seq));
    Ok(View {
        page: Page::new(Section::Clients, format!("Ledger entry {seq}"), session).said(done),
        client: directory.client_ref(client),
        ledger_href: format!("{}/ledger", client_href(client)),
        href: lines::entry_href(client, seq),
        seq,
        outcome: capital(entry.outcome.name()),
        what: lines::what(entry),
        because: entry.because.clone(),
        replaced: by
            .map(|by| format!("Entry {} has replaced this one. It no longer counts.", by.seq))
            .unwrap_or_default(),
        story: story(entry, &present),
        chart: entry.evidence.chart.as_ref().map(|kept| chart::story(kept, &present)),
        work: lines::work(&entry.evidence.work, &present),
        events: lines::story(&entry.evidence.events, &present),
        facts: entry_facts(entry, &directory, &present),
        ticket: ticket(app, entry).await?,
        hash: entry.hash.clone(),
        prev_hash: entry.prev_hash.clone(),
        corrections: corrections(entry, by),
        can_decide: session.may_work() && by.is_none(),
        form: fields(typed, entry),
    })
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().collect::<String>() + letters.as_str()).unwrap_or_default()
}

fn story(entry: &Entry, present: &Present) -> Vec<Fact> {
    let story = &entry.evidence;
    let saw_at = story.saw_at.map(|at| format!(" ({})", present.at(at))).unwrap_or_default();
    let expected = match (story.expected_from, story.expected_to) {
        (Some(from), Some(to)) => format!(" ({} to {})", present.day(from), present.day(to)),
        _ => String::new(),
    };
    let lost = if story.minutes_lost > 0 {
        format!("{} held up for {}", people(story.people), lines::minutes(story.minutes_lost))
    } else {
        String::new()
    };
    facts([
        ("What we saw", format!("{}{saw_at}", story.saw)),
        (
            "What would have happened",
            story.expected.as_ref().map(|text| format!("{text}{expected}")).unwrap_or_default(),
        ),
        (
            "What was done",
            if story.work.is_empty() { "Nobody logged work.".to_owned() } else { lines::minutes(story.minutes_worked) },
        ),
        ("What users felt", lost),
        ("What happened after", story.after.clone()),
    ])
}

fn entry_facts(entry: &Entry, directory: &Directory, present: &Present) -> Vec<Fact> {
    let when = |at: Option<beforehand_shared::time::Timestamp>| at.map(|at| present.at(at)).unwrap_or_default();
    facts([
        ("Counted", present.day(entry.counted_at)),
        ("Chance that it would have happened", entry.p.map(|chance| chance_words(chance.p)).unwrap_or_default()),
        ("Site", directory.site_name(entry.client, entry.site)),
        ("Ticket opened", when(entry.ticketed_at)),
        ("Users noticed from", when(entry.onset)),
        ("Written", present.at(entry.at)),
        ("By", entry.by.clone()),
    ])
}

async fn ticket(app: &App, entry: &Entry) -> Result<Option<Link>, WebError> {
    let Subject::Case { id } = &entry.subject else { return Ok(None) };
    let row = app.store.ticket_of_case(entry.client, id).await?;
    Ok(row.map(|row| Link::new(ticket_href(entry.client, row.ticket.number), format!("Ticket {}", row.ticket.number))))
}

fn corrections(entry: &Entry, by: Option<&Entry>) -> Vec<Link> {
    let old =
        entry.corrects.map(|seq| Link::new(lines::entry_href(entry.client, seq), format!("It replaces entry {seq}")));
    let new = by.map(|by| {
        Link::new(lines::entry_href(by.client, by.seq), format!("Replaced by entry {}: {}", by.seq, by.because))
    });
    old.into_iter().chain(new).collect()
}

fn fields(typed: &Typed, entry: &Entry) -> Vec<Field> {
    let outcomes = Outcome::ALL.map(|outcome| Choice::new(outcome.word(), outcome.name()));
    vec![
        typed.field("outcome", "It was", Kind::Select(outcomes.to_vec())).or(entry.outcome.word()),
        typed.field("reason", "Why", Kind::Lines).hint("The client can read this."),
    ]
}
