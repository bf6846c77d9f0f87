//! `seal`: samples of days that are over become compressed chunks.

use super::{Done, Task, TaskError};
use crate::app::App;
use beforehand_shared::time::Millis;
use futures::{FutureExt, future::BoxFuture};

/// Late reports of a day may still come for so long after it ended.
const WAIT_FOR_LATE: Millis = Millis::hours(26);
/// Pairs of series and day of one run.
const AT_ONCE: u32 = 500;

pub(super) struct Seal;

impl Task for Seal {
    fn name(&self) -> &'static str {
        super::SEAL
    }

    fn every(&self) -> Millis {
        Millis::HOUR
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let before = app.clock.now().minus(WAIT_FOR_LATE).day_start();
    let sealed = app.store.seal(before, AT_ONCE).await?;
    if sealed.days == 0 {
        return Ok(Done::default());
    }
    let said = format!("{} days of series, {} samples in {} bytes", sealed.days, sealed.samples, sealed.bytes);
    Ok(Done { said, more: true, pokes: &[] })
}
