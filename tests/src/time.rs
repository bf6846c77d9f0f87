//! The one place that reads a clock.

use beforehand_shared::time::Timestamp;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

#[expect(clippy::disallowed_methods, reason = "the one reading of the clock")]
pub fn now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}

/// How long something takes, and whether it takes too long.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the one reading of the clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

/// Lets a moment pass whose length a test draws, such as until the next power cut.
pub async fn pass(moment: Duration) {
    tokio::time::sleep(moment).await;
}

/// Asks `ready` until it gives something.
///
/// # Panics
/// When that takes longer than `within`; the text names `what` was awaited.
pub async fn eventually<T, F>(what: &str, within: Duration, mut ready: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    let watch = Stopwatch::start();
    loop {
        if let Some(found) = ready().await {
            return found;
        }
        assert!(watch.elapsed() < within, "{what} did not happen within {} s", within.as_secs());
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
