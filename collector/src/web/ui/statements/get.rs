//! One statement as the client will see it, before it goes.

use super::{href, state_words};
use crate::{
    app::App,
    web::{
        auth::Session,
        error::WebError,
        ui::{
            directory::Directory,
            mails,
            page::{Answer, Page, Section, html},
            show::{ClientRef, Fact, Present, client_href, facts},
        },
    },
};
use askama::Template;
use axum::extract::{Path, Query, State};
use beforehand_core::worth::money;
use beforehand_core::{
    month::{Month, MonthFigures, headline},
    site::Client,
};
use beforehand_shared::ids::ClientId;
use beforehand_statement::words::decimal;
use beforehand_store::{OutboxFilter, StatementRow, StatementState};
use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(crate) struct Asked {
    done: Option<String>,
}

struct MailLine {
    at: String,
    to: String,
    href: String,
    state: String,
}

struct Made {
    subject: String,
    facts: Vec<Fact>,
    pdf_size: String,
    to: String,
    sent: bool,
    mails: Vec<MailLine>,
}

#[derive(Template)]
#[template(path = "statements/get.html")]
struct View {
    page: Page,
    client: ClientRef,
    href: String,
    edit_href: String,
    ledger_href: String,
    state: String,
    made: Option<Made>,
    can_work: bool,
}

pub(crate) async fn get(
    State(app): State<App>,
    session: Session,
    Path((client, month)): Path<(ClientId, Month)>,
    Query(asked): Query<Asked>,
) -> Answer {
    let directory = Directory::load(&app).await?;
    let known = directory.client(client)?;
    let present = directory.present(client);
    let row = app.store.statement(client, month).await?;
    let title = format!("Statement for {}", month.name());
    let view = View {
        page: Page::new(Section::Statements, title, &session).said(asked.done.as_deref()),
        client: known.into(),
        href: href(client, month),
        edit_href: format!("{}/edit", client_href(client)),
        ledger_href: format!("{}/ledger?month={month}", client_href(client)),
        state: row.as_ref().map_or_else(|| "Not made yet".to_owned(), |row| state(row, &present)),
        made: match &row {
            Some(row) => Some(made(&app, row, known, &present).await?),
            None => None,
        },
        can_work: session.may_work(),
    };
    html(&view)
}

fn state(row: &StatementRow, present: &Present) -> String {
    format!("Made {}; {}.", present.at(row.made_at), state_words(row.state))
}

async fn made(app: &App, row: &StatementRow, client: &Client, present: &Present) -> Result<Made, WebError> {
    let filter = OutboxFilter { client: Some(row.client), mails: true, limit: 1000, state: None };
    let key = format!("statement:{}:", row.month);
    let mails = app.store.outbox(&filter).await?.into_iter().filter(|mail| mail.item.key.starts_with(&key));
    let mails = mails.map(|mail| MailLine {
        at: present.at(mail.item.made_at),
        href: mails::href(&mail.id()),
        state: mails::delivery(&mail, present),
        to: mail.item.to,
    });
    Ok(Made {
        subject: row.subject.clone(),
        facts: figures(row, client),
        pdf_size: format!("{} kB", row.pdf.len().div_ceil(1000)),
        to: client.delivery.emails.join(", "),
        sent: matches!(row.state, StatementState::Queued | StatementState::Sent),
        mails: mails.collect(),
    })
}

fn figures(row: &StatementRow, client: &Client) -> Vec<Fact> {
    let Ok(figures) = serde_json::from_str::<MonthFigures>(&row.figures_json) else { return Vec::new() };
    let amount = |minor| money(minor, &client.currency);
    facts([
        ("Prevented", headline(&figures)),
        ("Users felt", format!("{} ({} hours lost)", figures.tally.user_visible, decimal(figures.tally.hours_lost))),
        ("Fee", amount(figures.worth.fee)),
        (
            "Likely worth",
            format!(
                "{} ({} to {})",
                amount(figures.worth.likely),
                amount(figures.worth.low),
                amount(figures.worth.high)
            ),
        ),
        ("Support at list price", amount(figures.worth.included_support)),
        ("Hash of the input", figures.input_hash.chars().take(16).collect()),
    ])
}
