//! The one place that reads a clock and waits.

use beforehand_shared::time::Timestamp;
use std::{
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

/// Instants as microseconds since it was started.
#[derive(Debug, Clone, Copy)]
pub struct Clock(Instant);

impl Clock {
    #[expect(clippy::disallowed_methods, reason = "the one reading of the clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn micros(self) -> u64 {
        u64::try_from(self.0.elapsed().as_micros()).unwrap_or(u64::MAX)
    }

    /// Waits until `at` after the start.
    pub fn wait_until(self, at: Duration) {
        thread::sleep(at.saturating_sub(self.0.elapsed()));
    }
}

/// What the wall clock says, as the agents read it.
#[expect(clippy::disallowed_methods, reason = "the one reading of the clock")]
pub fn wall() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp(i64::try_from(since_epoch.as_millis()).unwrap_or(i64::MAX))
}
