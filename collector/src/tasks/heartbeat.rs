//! `heartbeat`: tells a dead man's switch outside that the collector does its work. What does not come is what it is for.

use super::{ANALYZE, Done, Task, TaskError};
use crate::{app::App, http};
use beforehand_shared::time::Millis;
use futures::{FutureExt, future::BoxFuture};

/// Sites are judged at least every minute; a collector that has not for so long does not do its work.
const WORKS: Millis = Millis::minutes(5);

pub(super) struct Heartbeat;

impl Task for Heartbeat {
    fn name(&self) -> &'static str {
        super::HEARTBEAT
    }

    fn every(&self) -> Millis {
        Millis::MINUTE
    }

    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>> {
        run(app).boxed()
    }
}

async fn run(app: &App) -> Result<Done, TaskError> {
    let url = app.config.heartbeat.url.as_str();
    if url.is_empty() {
        return Ok(Done::default());
    }
    if !works(app) {
        return Ok(Done { said: "withheld: sites have not been judged for 5 minutes".to_owned(), ..Done::default() });
    }
    let answer = http::client()?.get(url).send().await.and_then(reqwest::Response::error_for_status);
    match answer {
        Ok(_) => Ok(Done { said: "told".to_owned(), ..Done::default() }),
        // An address of this kind is a secret of its own.
        Err(error) => Err(TaskError::Heartbeat(error.without_url().to_string())),
    }
}

fn works(app: &App) -> bool {
    let judged = app.tasks.statuses().into_iter().find(|status| status.name == ANALYZE);
    judged.is_some_and(|judged| {
        judged.error.is_none() && judged.last_run.is_some_and(|at| app.clock.now().since(at) <= WORKS)
    })
}
