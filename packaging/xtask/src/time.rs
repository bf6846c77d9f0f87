//! The only place that reads a clock.

use std::{
    fmt,
    time::{Duration, Instant},
};

/// How long something takes.
#[derive(Clone, Copy)]
pub(crate) struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn elapsed(self) -> Duration {
        self.0.elapsed()
    }
}

impl fmt::Display for Stopwatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.elapsed().as_secs_f64();
        if seconds < 100.0 {
            write!(f, "{seconds:.1} s")
        } else {
            write!(f, "{} min {:02} s", (seconds / 60.0) as u64, seconds as u64 % 60)
        }
    }
}
