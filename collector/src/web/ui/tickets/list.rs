//! The list of tickets, filtered by its address.

use crate::{
    app::App,
    web::{
        auth::Session,
        ui::{
            csv,
            directory::Directory,
            filter::{Filters, address, any_or, empty_is_none},
            form::{Choice, Kind, Typed},
            lines::TicketLine,
            page::{Answer, Page, Section, html},
            show::plain_name,
            today,
        },
    },
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_core::{finding::Severity, ticket::TicketState};
use beforehand_shared::{ids::ClientId, time::Timestamp};
use beforehand_statement::words::count;
use beforehand_store::{TicketFilter, TicketRow};
use serde::Deserialize;

const PAGE: u32 = 100;
const CSV_ROWS: u32 = 10_000;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default, deserialize_with = "empty_is_none")]
    client: Option<ClientId>,
    #[serde(default)]
    state: String,
    #[serde(default)]
    severity: String,
    #[serde(default)]
    text: String,
    #[serde(default, deserialize_with = "empty_is_none")]
    before: Option<i64>,
    #[serde(default, rename = "as")]
    form: String,
}

#[derive(Template)]
#[template(path = "tickets/list.html")]
struct View {
    page: Page,
    filters: Filters,
    tickets: Vec<TicketLine>,
    empty: &'static str,
    empty_why: &'static str,
    shown: String,
    next: Option<String>,
}

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let rows = app.store.tickets(&asked.filter()).await?;
    if asked.form == "csv" {
        return download(&rows, &directory);
    }
    let next = rows.last().filter(|_| rows.len() >= PAGE as usize).map(|row| asked.older(row.ticket.opened_at));
    let filtered = asked.is_filtered();
    let view = View {
        page: Page::new(Section::Tickets, asked.title(), &session),
        filters: asked.fields(&directory),
        tickets: today::lines(&app, &directory, rows.iter()).await?,
        empty: if filtered { "No ticket fits." } else { "No ticket is open." },
        empty_why: if filtered {
            "Take a filter away to see more."
        } else {
            "What needs a person appears here by itself."
        },
        shown: count(rows.len() as u64, "ticket", "tickets"),
        next,
    };
    html(&view)
}

impl Asked {
    fn filter(&self) -> TicketFilter {
        TicketFilter {
            client: self.client,
            state: TicketState::from_word(&self.state),
            unresolved: self.state.is_empty(),
            severity: Severity::from_word(&self.severity),
            text: Some(self.text.trim().to_owned()).filter(|text| !text.is_empty()),
            limit: if self.form == "csv" { CSV_ROWS } else { PAGE },
            before: self.before.map(Timestamp),
            asset: None,
        }
    }

    fn title(&self) -> &'static str {
        match self.state.as_str() {
            "" => "Open tickets",
            "resolved" => "Resolved tickets",
            "new" => "New tickets",
            "acknowledged" => "Acknowledged tickets",
            _ => "All tickets",
        }
    }

    fn is_filtered(&self) -> bool {
        self.client.is_some() || !(self.state.is_empty() && self.severity.is_empty() && self.text.is_empty())
    }

    fn address(&self, extra: (&str, &str)) -> String {
        let client = self.client.map(|client| client.to_string()).unwrap_or_default();
        let pairs = [
            ("client", client.as_str()),
            ("state", &self.state),
            ("severity", &self.severity),
            ("text", &self.text),
            extra,
        ];
        address("/tickets", &pairs)
    }

    fn older(&self, before: Timestamp) -> String {
        self.address(("before", &before.0.to_string()))
    }

    fn fields(&self, directory: &Directory) -> Filters {
        let typed = Typed::filled([
            ("client", self.client.map(|client| client.to_string()).unwrap_or_default()),
            ("state", self.state.clone()),
            ("severity", self.severity.clone()),
            ("text", self.text.clone()),
        ]);
        let states = [("new", "new"), ("acknowledged", "acknowledged"), ("resolved", "resolved"), ("all", "all")];
        let states = any_or("open", states.map(|(value, name)| Choice::new(value, name)));
        let severities = [("act", "act"), ("soon", "soon or act"), ("watch", "watch or more")];
        let severities = any_or("any", severities.map(|(value, name)| Choice::new(value, name)));
        Filters {
            fields: vec![
                typed.field("text", "Text", Kind::Input("search")),
                typed.field("client", "Client", Kind::Select(any_or("all clients", directory.client_choices()))),
                typed.field("state", "State", Kind::Select(states)),
                typed.field("severity", "How urgent", Kind::Select(severities)),
            ],
            csv: Some(self.address(("as", "csv"))),
        }
    }
}

fn download(rows: &[TicketRow], directory: &Directory) -> Answer {
    let head = [
        "client",
        "number",
        "severity",
        "state",
        "opened",
        "resolved",
        "site",
        "asset",
        "sentence",
        "assignee",
        "resolution",
    ];
    let cells = rows.iter().map(|row| {
        let ticket = &row.ticket;
        let present = directory.present(ticket.client);
        vec![
            directory.clients.get(&ticket.client).map(plain_name).unwrap_or_default(),
            ticket.number.to_string(),
            ticket.severity.word().to_owned(),
            ticket.state.word().to_owned(),
            present.iso(ticket.opened_at),
            ticket.resolved_at.map(|at| present.iso(at)).unwrap_or_default(),
            row.site_name.clone(),
            row.asset_name.clone().unwrap_or_default(),
            row.sentence.clone(),
            ticket.assignee.clone().unwrap_or_default(),
            ticket.resolution.map(|verdict| verdict.word().to_owned()).unwrap_or_default(),
        ]
    });
    csv::answer("tickets", &head, &cells.collect::<Vec<_>>())
}
