//! What each task did last, and how to make it run now.

use super::{Done, TASKS, TaskError};
use beforehand_core::sight::Outside;
use beforehand_shared::time::{Millis, Timestamp};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::Notify;

/// A task as an operator sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskStatus {
    pub name: &'static str,
    pub runs: u64,
    pub failures: u64,
    pub last_run: Option<Timestamp>,
    /// What the last run that had something to do did.
    pub said: String,
    /// Why the last run failed, if it did.
    pub error: Option<String>,
    /// Whether it did at least some of its work.
    pub works: bool,
}

/// What the dead man's switch said longer ago says nothing of now.
const LATELY: Millis = Millis::minutes(3);

#[derive(Debug, Clone)]
pub struct TaskBoard {
    slots: Arc<BTreeMap<&'static str, Slot>>,
    /// When the dead man's switch was last asked, and whether anything came back.
    outside: Arc<Mutex<Option<(Timestamp, bool)>>>,
}

#[derive(Debug)]
struct Slot {
    status: Mutex<TaskStatus>,
    poke: Notify,
}

impl TaskBoard {
    pub(crate) fn new() -> Self {
        let slot = |name| {
            let said = String::new();
            let status = TaskStatus { name, runs: 0, failures: 0, last_run: None, said, error: None, works: false };
            (name, Slot { status: Mutex::new(status), poke: Notify::new() })
        };
        Self { slots: Arc::new(TASKS.iter().map(|task| slot(task.name())).collect()), outside: Arc::default() }
    }

    pub(super) fn got_out(&self, now: Timestamp, answered: bool) {
        *self.outside.lock().unwrap_or_else(PoisonError::into_inner) = Some((now, answered));
    }

    /// Whether this process gets out of its own network.
    pub(super) fn outside(&self, now: Timestamp) -> Outside {
        let asked = *self.outside.lock().unwrap_or_else(PoisonError::into_inner);
        asked.filter(|(at, _)| now.since(*at) <= LATELY).map(|(_, answered)| answered)
    }

    /// In the order of [`TASKS`].
    pub fn statuses(&self) -> Vec<TaskStatus> {
        let slots = TASKS.iter().filter_map(|task| self.slots.get(task.name()));
        slots.map(|slot| slot.status.lock().unwrap_or_else(PoisonError::into_inner).clone()).collect()
    }

    /// Makes the task of that name run soon. Many pokes before it runs are one.
    pub fn poke(&self, name: &str) {
        if let Some(slot) = self.slots.get(name) {
            slot.poke.notify_one();
        }
    }

    pub(super) async fn poked(&self, name: &str) {
        match self.slots.get(name) {
            Some(slot) => slot.poke.notified().await,
            None => std::future::pending().await,
        }
    }

    pub(super) fn record(&self, name: &str, now: Timestamp, result: &Result<Done, TaskError>) {
        let Some(slot) = self.slots.get(name) else { return };
        let mut status = slot.status.lock().unwrap_or_else(PoisonError::into_inner);
        status.runs += 1;
        status.last_run = Some(now);
        status.works = match result {
            Ok(_) => true,
            Err(TaskError::Partly { failed, of, .. }) => failed < of,
            Err(_) => false,
        };
        match result {
            Ok(done) => {
                status.error = None;
                if !done.said.is_empty() {
                    status.said.clone_from(&done.said);
                }
            }
            Err(error) => {
                status.failures += 1;
                status.error = Some(error.to_string());
            }
        }
    }
}
