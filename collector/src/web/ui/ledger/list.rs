//! A client's ledger, filtered by its address.

use crate::{
    app::App,
    web::{
        auth::Session,
        ui::{
            csv,
            directory::Directory,
            filter::{Filters, address, any_or},
            form::{Choice, Kind, Typed},
            lines::{self, LedgerLine},
            page::{Answer, Page, Section, html},
            show::{ClientRef, Present, client_href},
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::{
    ledger::{self, Entry},
    month::Month,
    outcome::Outcome,
};
use beforehand_shared::ids::ClientId;
use beforehand_statement::words::count;
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    /// An outcome's word, or `prevented` or `felt` for groups of them.
    #[serde(default)]
    outcome: String,
    #[serde(default)]
    month: String,
    #[serde(default, rename = "as")]
    form: String,
}

#[derive(Template)]
#[template(path = "ledger/list.html")]
struct View {
    page: Page,
    client: ClientRef,
    sentence: String,
    filters: Filters,
    ledger: Vec<LedgerLine>,
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
    let all = app.store.ledger(client).await?;
    let shown: Vec<&Entry> = all.iter().rev().filter(|entry| asked.wants(entry, &present)).collect();
    if asked.form == "csv" {
        return download(&shown, &present);
    }
    let view = View {
        page: Page::new(Section::Clients, "Ledger", &session),
        client: directory.client_ref(client),
        sentence: sentence(&all),
        filters: asked.fields(&all, client, &present),
        ledger: lines::ledger(shown, &all, &present),
    };
    html(&view)
}

/// How many there are, and whether the chain holds.
fn sentence(all: &[Entry]) -> String {
    let entries = count(all.len() as u64, "entry", "entries");
    match ledger::verify(all) {
        Ok(()) => format!("The chain of {entries} is whole: each names the hash of the one before it."),
        Err(broken) => format!("The chain of {entries} is broken: {broken}."),
    }
}

impl Asked {
    fn wants(&self, entry: &Entry, present: &Present) -> bool {
        let outcome = match self.outcome.as_str() {
            "" => true,
            "prevented" => entry.outcome.is_prevented(),
            "felt" => entry.outcome.is_user_visible(),
            word => entry.outcome.word() == word,
        };
        outcome && (self.month.is_empty() || present.calendar.month_of(entry.counted_at).to_string() == self.month)
    }

    fn fields(&self, all: &[Entry], client: ClientId, present: &Present) -> Filters {
        let typed = Typed::filled([("outcome", self.outcome.clone()), ("month", self.month.clone())]);
        let groups = [("prevented", "all prevented"), ("felt", "all that users felt")];
        let groups = groups.map(|(value, name)| Choice::new(value, name)).into_iter();
        let outcomes = groups.chain(Outcome::ALL.map(|outcome| Choice::new(outcome.word(), outcome.name())));
        let mut months: Vec<Month> = all.iter().map(|entry| present.calendar.month_of(entry.counted_at)).collect();
        months.sort_unstable();
        months.dedup();
        let months = months.into_iter().rev().map(|month| Choice::new(month.to_string(), month.name()));
        let path = format!("{}/ledger", client_href(client));
        Filters {
            fields: vec![
                typed.field("outcome", "Outcome", Kind::Select(any_or("every outcome", outcomes))),
                typed.field("month", "Counted in", Kind::Select(any_or("every month", months))),
            ],
            csv: Some(address(&path, &[("outcome", &self.outcome), ("month", &self.month), ("as", "csv")])),
        }
    }
}

fn download(entries: &[&Entry], present: &Present) -> Answer {
    let head = ["no", "written", "counted", "outcome", "p", "what", "because", "by", "corrects", "hash"];
    let cells = entries.iter().map(|entry| {
        vec![
            entry.seq.to_string(),
            present.iso(entry.at),
            present.iso(entry.counted_at),
            entry.outcome.word().to_owned(),
            entry.p.map(|chance| format!("{:.3}", chance.p)).unwrap_or_default(),
            lines::what(entry),
            entry.because.clone(),
            entry.by.clone(),
            entry.corrects.map(|seq| seq.to_string()).unwrap_or_default(),
            entry.hash.clone(),
        ]
    });
    csv::answer("ledger", &head, &cells.collect::<Vec<_>>())
}
