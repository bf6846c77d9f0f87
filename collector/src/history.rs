//! Loads what happened in the past, as if the collector had been there: the same ingest, digest,
//! analysis and accounting, at instants that the caller gives. The demonstration's year and
//! end-to-end tests are made with it.

use crate::{
    app::App,
    tasks::{self, TaskError},
};
use beforehand_core::unpack::Receipt;
use beforehand_shared::{
    ids::{ClientId, HostId},
    report::Report,
    time::Timestamp,
    wire::{self, WireError},
};
use beforehand_store::{NewFrame, StoreError};
use sha2::{Digest, Sha256};

/// Reports written in one transaction.
const BATCH: usize = 2_000;

/// Why a piece of history could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    #[error("a report cannot be written: {0}")]
    Wire(#[from] WireError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("the task {name} failed: {error}")]
    Task { name: &'static str, error: TaskError },
}

/// Give it everything in the order it happened: reports, and between them instants at which
/// everything that is due is done.
pub struct History {
    app: App,
    waiting: Vec<NewFrame>,
}

/// A report as it arrived.
pub struct Arrival<'a> {
    pub client: ClientId,
    pub host: HostId,
    pub receipt: Receipt,
    pub report: &'a Report,
}

impl History {
    pub fn new(app: &App) -> Self {
        Self { app: app.clone(), waiting: Vec::with_capacity(BATCH) }
    }

    /// Keeps a report for the next [`Self::advance`].
    ///
    /// # Errors
    /// When the report cannot be encoded, or the store does not take a full batch.
    pub async fn arrive(&mut self, arrival: Arrival<'_>) -> Result<(), HistoryError> {
        let body = wire::encode(arrival.report)?;
        self.waiting.push(NewFrame {
            client: arrival.client,
            host: arrival.host,
            incarnation: arrival.report.incarnation,
            seq: arrival.report.seq,
            receipt: arrival.receipt,
            // The past is told, not received.
            peer: None,
            body_sha256: Sha256::digest(&body).into(),
            body,
        });
        if self.waiting.len() >= BATCH { self.flush().await } else { Ok(()) }
    }

    /// Stores what arrived and does all that is due at `now`. The application as of `now` comes
    /// back, for what people did then.
    ///
    /// # Errors
    /// When the store does not answer or a task fails.
    pub async fn advance(&mut self, now: Timestamp) -> Result<App, HistoryError> {
        self.flush().await?;
        let app = self.app.at(now);
        match tasks::run_due(&app).await.into_iter().next() {
            Some((name, error)) => Err(HistoryError::Task { name, error }),
            None => Ok(app),
        }
    }

    async fn flush(&mut self) -> Result<(), HistoryError> {
        if !self.waiting.is_empty() {
            self.app.store.commit_frames(&self.waiting).await?;
            self.waiting.clear();
        }
        Ok(())
    }
}
