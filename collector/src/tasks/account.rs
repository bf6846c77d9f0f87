//! `account`: closed cases and users' reports become entries of the ledger.

use super::{Done, Task, TaskError};
use crate::app::App;
use beforehand_core::{
    asset::AssetId,
    case::{Case, CaseId},
    ledger::Draft,
    outcome,
    ticket::UserReport,
};
use beforehand_shared::{
    ids::ClientId,
    time::{Millis, Timestamp},
};
use beforehand_store::Judged;
use futures::{FutureExt, future::BoxFuture};

/// Cases, and reports, of one run.
const AT_ONCE: u32 = 200;
/// How far around a user's report a case may lie that is about the same.
const AROUND: Millis = Millis::days(14);

pub(super) struct Account;

impl Task for Account {
    fn name(&self) -> &'static str {
        super::ACCOUNT
    }

    fn every(&self) -> Millis {
        Millis::MINUTE
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let mut written = 0;
    for (client, id, entered) in app.store.unaccounted(AT_ONCE).await? {
        written += u32::from(closed_case(app, client, &id, entered).await?);
    }
    for (client, number) in app.store.unaccounted_user_reports(AT_ONCE).await? {
        written += u32::from(user_report(app, client, number).await?);
    }
    let said = if written == 0 { String::new() } else { format!("{written} entries written") };
    Ok(Done { said, more: written >= AT_ONCE, pokes: &[] })
}

/// Whether the case was counted.
async fn closed_case(app: &App, client: ClientId, id: &CaseId, entered: i64) -> Result<bool, TaskError> {
    let judged = Judged::Case { id: id.clone(), entered };
    let closed = app.store.closed_case(client, id).await?;
    let record = app.store.records().await?.remove(&closed.case.kind).unwrap_or_default();
    match outcome::judge(&closed, &record, app.clock.now()) {
        Some(draft) => enter(app, client, &judged, draft).await,
        None => {
            app.store.leave_out(client, &judged).await?;
            Ok(false)
        }
    }
}

/// Whether the report was counted by itself, because no case tells of it.
async fn user_report(app: &App, client: ClientId, number: i64) -> Result<bool, TaskError> {
    let Some(report) = app.store.user_report(client, number).await? else { return Ok(false) };
    let covering = covering(app, &report).await?;
    let judged = Judged::UserReport { number };
    let name = asset_name(app, client, report.asset.as_ref()).await?;
    match outcome::judge_user_report(&report, covering.as_ref(), &name, app.clock.now()) {
        Some(draft) => enter(app, client, &judged, draft).await,
        // The outcome of an open case is still to come, and with it what the report counts as.
        None if covering.is_some_and(|case| !case.is_closed()) => Ok(false),
        None => {
            app.store.leave_out(client, &judged).await?;
            Ok(false)
        }
    }
}

/// Whether there was something to write.
async fn enter(app: &App, client: ClientId, judged: &Judged, draft: Draft) -> Result<bool, TaskError> {
    Ok(app.store.enter(client, judged, draft).await?.is_some())
}

async fn covering(app: &App, report: &UserReport) -> Result<Option<Case>, TaskError> {
    let (from, to): (Timestamp, Timestamp) = (report.noticed_at.minus(AROUND), report.entered_at.plus(AROUND));
    let cases = app.store.cases_between(report.client, from, to).await?;
    Ok(cases.into_iter().find(|case| outcome::covers(case, report)))
}

async fn asset_name(app: &App, client: ClientId, asset: Option<&AssetId>) -> Result<String, TaskError> {
    let Some(asset) = asset else { return Ok(String::new()) };
    Ok(app.store.asset(client, asset).await?.map(|row| row.name).unwrap_or_default())
}
