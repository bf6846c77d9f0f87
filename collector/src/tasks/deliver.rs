//! `deliver`: the outbox goes out; what fails is tried again, later and later.

use super::{Done, Task, TaskError, notice};
use crate::{
    app::App,
    mail::{MailError, Message},
};
use beforehand_core::month::Month;
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::{OutboxKind, OutboxRow, SentMail};
use futures::{FutureExt, future::BoxFuture};

/// Rows of one run.
const AT_ONCE: u32 = 50;
const FIRST_RETRY: Millis = Millis::MINUTE;
const LAST_RETRY: Millis = Millis::hours(6);

pub(super) struct Deliver;

impl Task for Deliver {
    fn name(&self) -> &'static str {
        super::DELIVER
    }

    fn every(&self) -> Millis {
        Millis::seconds(30)
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    if app.mailer.is_off() {
        return Ok(Done::default());
    }
    let rows = app.store.take_outbox(app.clock.now(), AT_ONCE).await?;
    let (mut failed, mut first) = (0, None);
    for row in &rows {
        if let Err(why) = deliver(app, row).await? {
            failed += 1;
            first.get_or_insert(why);
        }
    }
    if let Some(first) = first {
        return Err(TaskError::Partly { failed, of: rows.len(), first });
    }
    let said = if rows.is_empty() { String::new() } else { format!("{} delivered", rows.len()) };
    Ok(Done { said, more: !rows.is_empty(), pokes: &[] })
}

/// Delivers one row and notes it; inside, why it did not go out and waits for its next try.
async fn deliver(app: &App, row: &OutboxRow) -> Result<Result<(), String>, TaskError> {
    let now = app.clock.now();
    let result = match row.item.kind {
        OutboxKind::Notice { ticket, action } => {
            notice::mails(app, &row.item, ticket, action).await?;
            Ok(())
        }
        OutboxKind::Mail => app.mailer.send(&Message::of(&row.item)).await,
    };
    match result {
        Ok(()) => {
            app.store.delivered(&row.id(), now).await?;
            note_statement(app, row, now).await?;
            Ok(Ok(()))
        }
        Err(error) => {
            let next_try = now.plus(wait(row.attempts, &error));
            app.store.failed(&row.id(), &error.to_string(), next_try).await?;
            Ok(Err(error.to_string()))
        }
    }
}

/// Doubles from try to try; an address that cannot be right is looked at four times a day.
fn wait(attempts: i64, error: &MailError) -> Millis {
    if matches!(error, MailError::Address { .. }) {
        return LAST_RETRY;
    }
    let factor = 1_i64 << attempts.clamp(0, 16);
    Millis(FIRST_RETRY.0.saturating_mul(factor).min(LAST_RETRY.0))
}

/// A statement whose mail went out counts as sent.
async fn note_statement(app: &App, row: &OutboxRow, now: Timestamp) -> Result<(), TaskError> {
    let (Some(client), Some(month)) = (row.item.client, statement_month(&row.item.key)) else { return Ok(()) };
    let mail = SentMail { to: row.item.to.clone(), at: now };
    Ok(app.store.statement_sent(client, month, &mail).await?)
}

fn statement_month(key: &str) -> Option<Month> {
    key.strip_prefix(super::statements::KEY)?.split(':').next()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn retries_come_later_and_later_but_at_least_four_times_a_day() {
        let error = MailError::Refused("greylisted".to_owned());
        assert_eq!(wait(0, &error), Millis::MINUTE);
        assert_eq!(wait(3, &error), Millis::minutes(8));
        assert_eq!(wait(40, &error), Millis::hours(6));
    }
}
