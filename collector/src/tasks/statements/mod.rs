//! `statements`: when a client's day and hour have come, the statement of last month is made and
//! queued, one mail for each of the client's addresses; held for review if so set.

mod blind;
mod gather;

use super::{DELIVER, Done, Task, TaskError};
use crate::app::App;
use beforehand_core::{
    month::{self, Month, MonthFigures, MonthInput},
    site::Client,
};
use beforehand_shared::time::Millis;
use beforehand_statement::RenderError;
use beforehand_store::{Attachment, OutboxItem, OutboxKind, StatementRow, StatementState};
use futures::{FutureExt, future::BoxFuture};

/// Begin of the outbox keys of statements: `statement:2026-11:owner@client.example`.
pub(super) const KEY: &str = "statement:";

pub(super) struct Statements;

impl Task for Statements {
    fn name(&self) -> &'static str {
        super::STATEMENTS
    }

    fn every(&self) -> Millis {
        Millis::minutes(10)
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let clients = app.store.clients().await?;
    let (mut made, mut failed, mut first) = (0, 0, None);
    for client in &clients {
        match due(app, client).await {
            Ok(new) => made += u32::from(new),
            Err(error) => {
                failed += 1;
                first.get_or_insert_with(|| format!("{}: {error}", client.name));
            }
        }
    }
    if let Some(first) = first {
        return Err(TaskError::Partly { failed, of: clients.len(), first });
    }
    let said = if made == 0 { String::new() } else { format!("{made} statements made") };
    Ok(Done { said, more: false, pokes: if made > 0 { &[DELIVER] } else { &[] } })
}

/// Whether a statement was made. What a run before this one left unfinished is finished.
async fn due(app: &App, client: &Client) -> Result<bool, TaskError> {
    let Some(month) = client.statement_due(app.clock.now()) else { return Ok(false) };
    match app.store.statement(client.id, month).await? {
        Some(row) if row.state == StatementState::Queued => queue(app, client, &row).await.map(|()| false),
        Some(row) if row.state != StatementState::Draft => Ok(false),
        _ => {
            let row = make(app, client, month).await?;
            if !client.delivery.hold_for_review {
                release(app, client, &row).await?;
            }
            Ok(true)
        }
    }
}

/// Makes the statement of a month from what is known now, and stores it held for review. One that
/// was sent stays as it is.
///
/// # Errors
/// When the store does not answer, the statement was sent, or it cannot be set.
pub async fn make(app: &App, client: &Client, month: Month) -> Result<StatementRow, TaskError> {
    let input = gather::input(app, client, month).await?;
    let figures = month::figures(&input);
    let pdf = pdf(input.clone(), figures.clone()).await?;
    let body = beforehand_statement::mail(&input, &figures);
    let row = StatementRow {
        client: client.id,
        month,
        made_at: app.clock.now(),
        input_json: serde_json::to_string(&input)?,
        figures_json: serde_json::to_string(&figures)?,
        pdf,
        html: body.html,
        text: body.text,
        subject: body.subject,
        state: StatementState::Held,
        sent: Vec::new(),
    };
    app.store.save_statement(&row).await?;
    Ok(row)
}

/// Setting the pages takes a good part of a second: not on the threads that answer requests.
async fn pdf(input: MonthInput, figures: MonthFigures) -> Result<Vec<u8>, TaskError> {
    let set = tokio::task::spawn_blocking(move || beforehand_statement::pdf(&input, &figures)).await;
    Ok(set.map_err(|error| RenderError::Layout(error.to_string()))??)
}

/// The figures of a month as its statement would have them now. Nothing is stored.
///
/// # Errors
/// When the store does not answer.
pub async fn figures(app: &App, client: &Client, month: Month) -> Result<MonthFigures, TaskError> {
    Ok(month::figures(&gather::input(app, client, month).await?))
}

/// Lets a statement go: it is queued for every address of the client, once for each.
///
/// # Errors
/// When the store does not answer.
pub async fn release(app: &App, client: &Client, row: &StatementRow) -> Result<(), TaskError> {
    app.store.set_statement_state(client.id, row.month, StatementState::Queued).await?;
    queue(app, client, row).await?;
    app.tasks.poke(DELIVER);
    Ok(())
}

async fn queue(app: &App, client: &Client, row: &StatementRow) -> Result<(), TaskError> {
    for to in &client.delivery.emails {
        app.store.enqueue(&mail(app, row, to, format!("{KEY}{}:{to}", row.month))).await?;
    }
    Ok(())
}

/// Sends a statement once more, to an address of the caller's choice.
///
/// # Errors
/// When the store does not answer.
pub async fn resend(app: &App, row: &StatementRow, to: &str) -> Result<(), TaskError> {
    let key = format!("{KEY}{}:{to}:again:{}", row.month, app.clock.now().0);
    app.store.enqueue(&mail(app, row, to, key)).await?;
    app.tasks.poke(DELIVER);
    Ok(())
}

fn mail(app: &App, row: &StatementRow, to: &str, key: String) -> OutboxItem {
    let pdf = Attachment {
        name: format!("statement-{}.pdf", row.month),
        mime: "application/pdf".to_owned(),
        bytes: row.pdf.clone(),
    };
    OutboxItem {
        client: Some(row.client),
        key,
        kind: OutboxKind::Mail,
        to: to.to_owned(),
        subject: row.subject.clone(),
        text: row.text.clone(),
        html: Some(row.html.clone()),
        attachments: vec![pdf],
        made_at: app.clock.now(),
    }
}
