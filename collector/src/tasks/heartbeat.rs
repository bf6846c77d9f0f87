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
        return Ok(Done { said: "off: [heartbeat] has no url".to_owned(), ..Done::default() });
    }
    if let Some(why) = idle(app) {
        return Ok(Done { said: format!("withheld: {why}"), ..Done::default() });
    }
    let answer = http::client()?.get(url).send().await;
    app.tasks.got_out(app.clock.now(), answer.is_ok());
    match answer {
        Ok(answer) if answer.status().is_success() => Ok(Done { said: "told".to_owned(), ..Done::default() }),
        // No redirect is followed: the switch behind it would hear nothing.
        Ok(answer) => Err(TaskError::Heartbeat(format!("it was answered with {}", answer.status()))),
        // An address of this kind is a secret of its own.
        Err(error) => Err(TaskError::Heartbeat(error.without_url().to_string())),
    }
}

/// Why it does not do its work, if it does not. One site that cannot be judged is shown with the tasks; the others are.
fn idle(app: &App) -> Option<String> {
    let judged = app.tasks.statuses().into_iter().find(|status| status.name == ANALYZE)?;
    match judged.last_run {
        Some(at) if app.clock.now().since(at) <= WORKS => judged.error.filter(|_| !judged.works),
        _ => Some("sites have not been judged for 5 minutes".to_owned()),
    }
}
