//! Group commit: reports that arrive together become durable together, in one transaction. While
//! one transaction is written the next one gathers, so a batch grows with the load and a lone
//! report waits for nobody.

use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::{Committed, NewFrame, Store, StoreError};
use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};
use tokio::sync::{mpsc, oneshot};

/// Reports in one transaction at most.
const BATCH: usize = 512;
/// Reports that wait for the next transactions at most.
const WAITING: usize = 4_096;
/// How long new reports are turned away, unread, after the store failed.
const PAUSE: Millis = Millis::seconds(5);

/// Why a report was not kept.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WriteError {
    #[error("the store does not answer: {0}")]
    Unavailable(String),
    #[error("too many reports wait to be written")]
    Full,
    #[error("{0}")]
    Other(String),
}

struct Job {
    frame: NewFrame,
    answer: oneshot::Sender<Result<Committed, WriteError>>,
}

#[derive(Debug, Clone)]
pub struct Writer {
    jobs: mpsc::Sender<Job>,
    /// Until when reports are turned away; epoch milliseconds.
    paused_until: Arc<AtomicI64>,
}

impl Writer {
    /// Starts the task that writes. It ends with the last clone of what is returned.
    pub fn start(store: Store) -> Self {
        let (jobs, waiting) = mpsc::channel(WAITING);
        let paused_until = Arc::new(AtomicI64::new(i64::MIN));
        tokio::spawn(run(store, waiting, paused_until.clone()));
        Self { jobs, paused_until }
    }

    /// Whether a report may be read at all.
    ///
    /// # Errors
    /// For a moment after the store failed: what cannot be kept need not be read.
    pub fn ready(&self, now: Timestamp) -> Result<(), WriteError> {
        if now.0 < self.paused_until.load(Ordering::Relaxed) {
            return Err(WriteError::Unavailable("it failed a moment ago".to_owned()));
        }
        Ok(())
    }

    /// Comes back when `frame` is durable.
    ///
    /// # Errors
    /// When it is not.
    pub async fn commit(&self, frame: NewFrame) -> Result<Committed, WriteError> {
        let (answer, committed) = oneshot::channel();
        self.jobs.try_send(Job { frame, answer }).map_err(|_| WriteError::Full)?;
        committed.await.map_err(|_| WriteError::Other("the writer ended".to_owned()))?
    }
}

async fn run(store: Store, mut waiting: mpsc::Receiver<Job>, paused_until: Arc<AtomicI64>) {
    let mut jobs = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut jobs, BATCH).await > 0 {
        let (frames, answers): (Vec<_>, Vec<_>) = jobs.drain(..).map(|job| (job.frame, job.answer)).unzip();
        let result = store.commit_frames(&frames).await;
        if let Err(error) = &result {
            tracing::error!(reports = frames.len(), "reports could not be written: {error}");
            if let (StoreError::Unavailable(_), Some(frame)) = (error, frames.last()) {
                paused_until.store(frame.receipt.received_at.plus(PAUSE).0, Ordering::Relaxed);
            }
        }
        reply(result, answers);
    }
}

/// Tells each sender; one that has gone away meanwhile sends its report again.
fn reply(result: Result<Vec<Committed>, StoreError>, answers: Vec<oneshot::Sender<Result<Committed, WriteError>>>) {
    match result {
        Ok(committed) => {
            for (answer, committed) in answers.into_iter().zip(committed) {
                let _ = answer.send(Ok(committed));
            }
        }
        Err(error) => {
            let error = match error {
                StoreError::Unavailable(why) => WriteError::Unavailable(why),
                other => WriteError::Other(other.to_string()),
            };
            for answer in answers {
                let _ = answer.send(Err(error.clone()));
            }
        }
    }
}
