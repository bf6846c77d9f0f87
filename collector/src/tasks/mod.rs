//! Everything that is done without being asked: one list of tasks. Each is idempotent, takes no
//! input, runs at its interval or when poked, and says what it did.

mod account;
mod analyze;
mod board;
mod deliver;
mod digest;
mod heartbeat;
mod notice;
mod offices;
mod retain;
mod runner;
mod seal;
mod share;
pub mod sight;
pub mod statements;

pub use board::{TaskBoard, TaskStatus};
pub use runner::{run_due, start};

use crate::{app::App, web::error::WebError};
use beforehand_shared::time::Millis;
use beforehand_store::StoreError;
use futures::future::BoxFuture;

/// A piece of standing work.
pub trait Task: Send + Sync {
    /// The word in logs and on the page of tasks.
    fn name(&self) -> &'static str;

    /// How long to wait after a run, unless poked.
    fn every(&self) -> Millis;

    /// How long to rest after a run even when poked, so that many pokes become one run.
    fn rest(&self) -> Millis {
        Millis(0)
    }

    /// Does what is due at `app.clock.now()`. Repeating it changes nothing.
    fn activate<'a>(&'a self, app: &'a App) -> BoxFuture<'a, Result<Done, TaskError>>;
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Done {
    /// One sentence for an operator; empty when there was nothing to do.
    pub said: String,
    /// There is more to do at once.
    pub more: bool,
    /// Tasks that now have something to do.
    pub pokes: &'static [&'static str],
}

/// Why a run did not do its work.
#[derive(Debug, thiserror::Error)]
pub enum TaskError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the statement could not be made: {0}")]
    Render(#[from] beforehand_statement::RenderError),
    #[error("what a statement was computed from cannot be written: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the heartbeat was not taken: {0}")]
    Heartbeat(String),
    #[error(transparent)]
    Http(#[from] crate::http::HttpError),
    /// Some of it was done; the text names the first thing that was not, and why.
    #[error("{failed} of {of} failed, first {first}")]
    Partly { failed: usize, of: usize, first: String },
}

impl From<TaskError> for WebError {
    fn from(error: TaskError) -> Self {
        match error {
            TaskError::Store(error) => error.into(),
            other => Self::internal(other),
        }
    }
}

pub const DIGEST: &str = "digest";
pub const ANALYZE: &str = "analyze";
pub const ACCOUNT: &str = "account";
pub const STATEMENTS: &str = "statements";
pub const DELIVER: &str = "deliver";
pub const SHARE: &str = "share";
pub const OFFICES: &str = "offices";
pub const SEAL: &str = "seal";
pub const HEARTBEAT: &str = "heartbeat";
pub const SIGHT: &str = "sight";
pub const RETAIN: &str = "retain";

/// All tasks, in the order in which work passes from one to the next.
pub static TASKS: [&dyn Task; 11] = [
    &digest::Digest,
    &sight::Sight,
    &analyze::Analyze,
    &account::Account,
    &statements::Statements,
    &deliver::Deliver,
    &share::Share,
    &offices::Offices,
    &seal::Seal,
    &retain::Retain,
    &heartbeat::Heartbeat,
];
