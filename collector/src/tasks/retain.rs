//! `retain`: forgets what its time has come for.

use super::{Done, Task, TaskError};
use crate::app::App;
use beforehand_shared::time::Millis;
use beforehand_store::Retention;
use futures::{FutureExt, future::BoxFuture};

/// Delivered mails are shown for so long.
const OUTBOX: Millis = Millis::days(400);
/// Changes of connections are shown for a month, and kept as long as one looks back at a fault.
const CHANGES: Millis = Millis::days(400);
const AUDIT: Millis = Millis::days(1_100);

pub(super) struct Retain;

impl Task for Retain {
    fn name(&self) -> &'static str {
        super::RETAIN
    }

    fn every(&self) -> Millis {
        Millis::hours(6)
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let now = app.clock.now();
    let keep = &app.config.retention;
    let days_ago = |days: u32| Some(now.minus(Millis::days(i64::from(days))));
    let removed = app
        .store
        .retain(&Retention {
            frames_before: days_ago(keep.frames_days),
            samples_before: days_ago(keep.samples_days),
            hours_before: days_ago(keep.hours_days),
            outbox_before: Some(now.minus(OUTBOX)),
            changes_before: Some(now.minus(CHANGES)),
            audit_before: Some(now.minus(AUDIT)),
        })
        .await?;
    let said = format!("removed {} reports, {} chunks and {} hours", removed.frames, removed.chunks, removed.hours);
    Ok(Done { said, more: false, pokes: &[] })
}
