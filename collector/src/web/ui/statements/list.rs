//! All statements, latest month first.

use super::{href, state_words};
use crate::{
    app::App,
    web::{
        auth::Session,
        ui::{
            csv,
            directory::Directory,
            filter::{Filters, address, any_or, empty_is_none},
            form::{Choice, Kind, Typed},
            page::{Answer, Page, Section, html},
            show::{ClientRef, plain_name},
        },
    },
};
use askama::Template;
use axum::extract::{Query, State};
use beforehand_core::month::{MonthFigures, headline};
use beforehand_shared::ids::ClientId;
use beforehand_store::{StatementRow, StatementState};
use serde::Deserialize;

#[derive(Debug, Default, Deserialize)]
pub(crate) struct Asked {
    #[serde(default, deserialize_with = "empty_is_none")]
    client: Option<ClientId>,
    #[serde(default)]
    state: String,
    #[serde(default, rename = "as")]
    form: String,
}

struct Line {
    month: String,
    href: String,
    client: ClientRef,
    state: &'static str,
    prevented: String,
    felt: String,
    made: String,
    sent: String,
}

#[derive(Template)]
#[template(path = "statements/list.html")]
struct View {
    page: Page,
    filters: Filters,
    statements: Vec<Line>,
    empty: &'static str,
}

const STATES: [(&str, StatementState); 4] = [
    ("draft", StatementState::Draft),
    ("held", StatementState::Held),
    ("queued", StatementState::Queued),
    ("sent", StatementState::Sent),
];

pub(crate) async fn get(State(app): State<App>, session: Session, Query(asked): Query<Asked>) -> Answer {
    let directory = Directory::load(&app).await?;
    let mut rows = app.store.all_statements().await?;
    rows.retain(|row| asked.wants(row));
    rows.sort_by_key(|row| std::cmp::Reverse(row.month));
    let lines: Vec<Line> = rows.iter().map(|row| line(row, &directory)).collect();
    if asked.form == "csv" {
        return download(&rows, &lines, &directory);
    }
    let filtered = asked.client.is_some() || !asked.state.is_empty();
    let view = View {
        page: Page::new(Section::Statements, "Statements", &session),
        filters: asked.fields(&directory),
        statements: lines,
        empty: if filtered { "No statement fits." } else { "No statement yet." },
    };
    html(&view)
}

impl Asked {
    fn wants(&self, row: &StatementRow) -> bool {
        let state = STATES.iter().find(|(word, _)| *word == self.state).map(|(_, state)| *state);
        self.client.is_none_or(|client| client == row.client) && state.is_none_or(|state| state == row.state)
    }

    fn fields(&self, directory: &Directory) -> Filters {
        let client = self.client.map(|client| client.to_string()).unwrap_or_default();
        let csv = address("/statements", &[("client", &client), ("state", &self.state), ("as", "csv")]);
        let typed = Typed::filled([("client", client), ("state", self.state.clone())]);
        let states = any_or("every state", STATES.map(|(word, state)| Choice::new(word, state_words(state))));
        Filters {
            fields: vec![
                typed.field("client", "Client", Kind::Select(any_or("all clients", directory.client_choices()))),
                typed.field("state", "State", Kind::Select(states)),
            ],
            csv: Some(csv),
        }
    }
}

fn line(row: &StatementRow, directory: &Directory) -> Line {
    let present = directory.present(row.client);
    let figures: Option<MonthFigures> = serde_json::from_str(&row.figures_json).ok();
    let sent: Vec<&str> = row.sent.iter().map(|mail| mail.to.as_str()).collect();
    Line {
        month: row.month.name(),
        href: href(row.client, row.month),
        client: directory.client_ref(row.client),
        state: state_words(row.state),
        prevented: figures.as_ref().map(headline).unwrap_or_default(),
        felt: figures.map(|figures| figures.tally.user_visible.to_string()).unwrap_or_default(),
        made: present.at(row.made_at),
        sent: sent.join(", "),
    }
}

fn download(rows: &[StatementRow], lines: &[Line], directory: &Directory) -> Answer {
    let cells = rows.iter().zip(lines).map(|(row, line)| {
        let client = directory.clients.get(&row.client).map(plain_name).unwrap_or_default();
        let present = directory.present(row.client);
        let (state, made) = (line.state.to_owned(), present.iso(row.made_at));
        vec![row.month.to_string(), client, state, line.prevented.clone(), line.felt.clone(), made, line.sent.clone()]
    });
    let head = ["month", "client", "state", "prevented", "users felt", "made", "sent to"];
    csv::answer("statements", &head, &cells.collect::<Vec<_>>())
}
