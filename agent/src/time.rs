//! The only reader of the clocks: wall time, time since boot, and time awake since boot.

use beforehand_shared::time::Timestamp;
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

/// All three clocks read at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    /// The wall clock; people and time servers move it.
    pub wall: Timestamp,
    /// Milliseconds since boot, sleep included. Never goes back within a boot.
    pub mono_ms: u64,
    /// Milliseconds since boot, sleep left out.
    pub awake_ms: u64,
}

impl Reading {
    /// How long the machine slept between `earlier` and this reading, in milliseconds. Both clocks
    /// tick alike while it is awake, so a wall clock that is set looks nothing like sleep.
    pub const fn slept_since(&self, earlier: &Self) -> u64 {
        let passed = self.mono_ms.saturating_sub(earlier.mono_ms);
        passed.saturating_sub(self.awake_ms.saturating_sub(earlier.awake_ms))
    }
}

/// Gives readings: the system's, or those that a test sets.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    System,
    Set(Arc<Mutex<Reading>>),
}

impl Clock {
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still until [`Clock::set_to`].
    pub fn standing(at: Reading) -> Self {
        Self(Source::Set(Arc::new(Mutex::new(at))))
    }

    /// Moves a standing clock and all its clones; the system's clock is not moved by anything here.
    pub fn set_to(&self, at: Reading) {
        if let Source::Set(reading) = &self.0 {
            *reading.lock().unwrap_or_else(PoisonError::into_inner) = at;
        }
    }

    pub fn now(&self) -> Reading {
        match &self.0 {
            Source::System => crate::platform::read_clocks(wall()),
            Source::Set(reading) => *reading.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that reads the wall clock")]
fn wall() -> Timestamp {
    let since_epoch = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    // A clock before 1970 is shown as 1970: nothing is ordered by it.
    Timestamp(since_epoch.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX)))
}

/// Measures how long something took, in finer steps than [`Reading`].
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "this is the one place that reads the fine clock")]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Whole milliseconds since the start.
    pub fn millis(&self) -> u32 {
        u32::try_from(self.elapsed().as_millis()).unwrap_or(u32::MAX)
    }

    /// Whole microseconds since the start.
    pub fn micros(&self) -> u32 {
        micros(self.elapsed())
    }
}

/// `length` in whole microseconds, at most `u32::MAX` (71 minutes).
pub fn micros(length: Duration) -> u32 {
    u32::try_from(length.as_micros()).unwrap_or(u32::MAX)
}

/// `length` in whole milliseconds.
pub fn millis(length: Duration) -> u64 {
    u64::try_from(length.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Reading = Reading { wall: Timestamp(1_000), mono_ms: 5_000, awake_ms: 4_000 };

    #[test]
    fn sleep_is_what_the_boot_clock_counted_and_the_awake_clock_did_not() {
        let after = Reading { wall: Timestamp(0), mono_ms: 65_000, awake_ms: 14_000 };
        assert_eq!(after.slept_since(&START), 50_000);
    }

    #[test]
    fn a_wall_clock_that_jumps_is_not_sleep() {
        let after = Reading { wall: Timestamp(400_000_000_000), mono_ms: 6_000, awake_ms: 5_000 };
        assert_eq!(after.slept_since(&START), 0);
    }

    #[test]
    fn the_boot_clock_of_the_system_never_runs_behind_the_awake_clock() {
        let now = Clock::system().now();
        assert!(now.mono_ms >= now.awake_ms && now.wall > Timestamp(1_600_000_000_000));
    }
}
