//! Runs tasks: each in its own loop while the collector serves, or all in order at an instant.

use super::{Done, TASKS, Task, TaskError};
use crate::app::App;
use std::time::Duration;
use tokio::{sync::watch, task::JoinSet};

/// Rounds of a task without a pause before others get their turn.
const ROUNDS: u32 = 10_000;

/// Starts every task. They end, each after the run it is in, when `stop` changes or is dropped.
pub fn start(app: &App, stop: &watch::Receiver<()>) -> JoinSet<()> {
    let mut running = JoinSet::new();
    for task in TASKS {
        running.spawn(run(task, app.clone(), stop.clone()));
    }
    running
}

async fn run(task: &'static dyn Task, app: App, mut stop: watch::Receiver<()>) {
    let [every, rest] = [task.every(), task.rest()].map(|length| Duration::from_millis(length.0.unsigned_abs()));
    loop {
        let more = once(task, &app).await;
        let rested = async {
            if more {
                return;
            }
            tokio::time::sleep(rest).await;
            tokio::select! {
                () = tokio::time::sleep(every.saturating_sub(rest)) => {}
                () = app.tasks.poked(task.name()) => {}
            }
        };
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            () = rested => {}
        }
    }
}

/// Does all that is due at `app.clock.now()`, in order, until nothing is left; the same work that
/// [`start`] does. Returns the failures.
pub async fn run_due(app: &App) -> Vec<(&'static str, TaskError)> {
    let mut failures = Vec::new();
    for task in TASKS {
        for _ in 0..ROUNDS {
            match activate(task, app).await {
                Ok(done) if done.more => {}
                Ok(_) => break,
                Err(error) => {
                    failures.push((task.name(), error));
                    break;
                }
            }
        }
    }
    failures
}

/// Whether there is more to do at once.
async fn once(task: &'static dyn Task, app: &App) -> bool {
    activate(task, app).await.is_ok_and(|done| done.more)
}

async fn activate(task: &'static dyn Task, app: &App) -> Result<Done, TaskError> {
    let result = task.activate(app).await;
    app.tasks.record(task.name(), app.clock.now(), &result);
    match &result {
        Ok(done) => {
            for name in done.pokes {
                app.tasks.poke(name);
            }
            if !done.said.is_empty() {
                tracing::debug!(task = task.name(), "{}", done.said);
            }
        }
        Err(error) => tracing::error!(task = task.name(), "{error}"),
    }
    result
}
