//! What a probe is, and how one run of it is kept from harming the others.

use crate::time::{Clock, Reading, Stopwatch};
use beforehand_shared::{
    limits,
    observation::Observation,
    run::{Outcome, ProbeRun},
    text,
};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

/// What one run of a probe will have seen.
pub type Looking<'a> = Pin<Box<dyn Future<Output = Result<Vec<Observation>, ProbeError>> + Send + 'a>>;

/// One thing the agent can look at. It reads and never writes, and never sends anything to the
/// collector itself.
pub trait Probe: Send + Sync {
    /// The name in every run, such as `disk_space`.
    fn name(&self) -> &'static str;
    /// From one start to the next.
    fn every(&self) -> Duration;
    /// After this long the run is abandoned.
    fn deadline(&self) -> Duration;
    /// Looks once. What blocks belongs into [`Blocking`].
    fn run(&self, now: Reading) -> Looking<'_>;
}

/// Why a probe saw nothing. The texts are shown to people and say what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProbeError {
    /// This system has nothing of the kind and never will.
    #[error("not supported: {0}")]
    Unsupported(String),
    /// Nothing to look at now.
    #[error("nothing to look at: {0}")]
    NoData(String),
    /// There is something, but the agent may not look at it.
    #[error("not allowed: {0}")]
    Denied(String),
    #[error("no answer after {0:?}")]
    TimedOut(Duration),
    #[error("failed: {0}")]
    Failed(String),
}

impl From<ProbeError> for Outcome {
    fn from(error: ProbeError) -> Self {
        let clean = |why: String| text::clean(&why, limits::TEXT_CHARS);
        match error {
            ProbeError::Unsupported(why) => Self::Unsupported { why: clean(why) },
            ProbeError::NoData(why) => Self::NoData { why: clean(why) },
            ProbeError::Denied(why) => Self::Denied { why: clean(why) },
            ProbeError::TimedOut(after) => {
                Self::TimedOut { after_ms: u32::try_from(after.as_millis()).unwrap_or(u32::MAX) }
            }
            ProbeError::Failed(why) => Self::Failed { why: clean(why) },
        }
    }
}

/// Runs what blocks on a thread of its own, one at a time. A call into the system that never returns
/// (a dead disk) cannot be ended from outside; it must not be joined by another every minute until no
/// thread is left for the spool.
#[derive(Debug, Clone, Default)]
pub struct Blocking {
    busy: Arc<AtomicBool>,
}

impl Blocking {
    /// # Errors
    /// [`ProbeError::Failed`] when `look` panics or the one before it still hangs; else its own.
    pub async fn run<T: Send + 'static>(
        &self,
        look: impl FnOnce() -> Result<T, ProbeError> + Send + 'static,
    ) -> Result<T, ProbeError> {
        if self.busy.swap(true, Ordering::AcqRel) {
            return Err(ProbeError::Failed("an earlier run still hangs in a call of the system".to_owned()));
        }
        let busy = Release(self.busy.clone());
        let task = tokio::task::spawn_blocking(move || {
            let _busy = busy;
            look()
        });
        match task.await {
            Ok(seen) => seen,
            Err(error) => Err(ProbeError::Failed(format!("the probe stopped with an error of its own: {error}"))),
        }
    }
}

/// Clears the flag however the thread ends.
struct Release(Arc<AtomicBool>);

impl Drop for Release {
    fn drop(&mut self) {
        self.0.store(false, Ordering::Release);
    }
}

/// Runs `probe` once within its deadline. Whatever happens, there is a run to report.
pub async fn look(probe: Arc<dyn Probe>, clock: Clock) -> ProbeRun {
    let (start, watch) = (clock.now(), Stopwatch::start());
    let (name, deadline) = (probe.name(), probe.deadline());
    // A task of its own, so that a panic ends only this run.
    let mut task = tokio::spawn(async move { probe.run(start).await });
    let outcome = match tokio::time::timeout(deadline, &mut task).await {
        Ok(Ok(Ok(observations))) => judged(observations),
        Ok(Ok(Err(error))) => error.into(),
        Ok(Err(error)) => ProbeError::Failed(format!("the probe stopped with an error of its own: {error}")).into(),
        Err(_) => {
            task.abort();
            ProbeError::TimedOut(deadline).into()
        }
    };
    let outcome = if clock.now().slept_since(&start) > SLEPT_MS { slept() } else { outcome };
    ProbeRun { probe: name.to_owned(), at: start.wall, mono_ms: start.mono_ms, took_ms: watch.millis(), outcome }
}

/// Sleep shorter than this does not disturb a measurement.
const SLEPT_MS: u64 = 500;

/// Answers that came while the machine slept count as lost, so the run says nothing.
fn slept() -> Outcome {
    Outcome::NoData { why: "the machine slept during this run".to_owned() }
}

fn judged(observations: Vec<Observation>) -> Outcome {
    if observations.len() > limits::OBSERVATIONS {
        let why = format!("{} observations in one run; the limit is {}", observations.len(), limits::OBSERVATIONS);
        return Outcome::Failed { why };
    }
    Outcome::Seen { observations }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::time::Timestamp;

    const NOON: Reading = Reading { wall: Timestamp(43_200_000), mono_ms: 1_000, awake_ms: 1_000 };

    /// What a sick probe does.
    enum Sickness {
        Panics,
        Hangs,
        Sleeps(Clock),
    }

    impl Probe for Sickness {
        fn name(&self) -> &'static str {
            "sick"
        }

        fn every(&self) -> Duration {
            Duration::from_secs(60)
        }

        fn deadline(&self) -> Duration {
            Duration::from_millis(10)
        }

        fn run(&self, now: Reading) -> Looking<'_> {
            Box::pin(async move {
                match self {
                    Self::Panics => panic!("out of order"),
                    Self::Hangs => std::future::pending().await,
                    Self::Sleeps(clock) => clock.set_to(Reading { mono_ms: now.mono_ms + 3_600_000, ..now }),
                }
                Ok(Vec::new())
            })
        }
    }

    async fn outcome(probe: Sickness, clock: Clock) -> Outcome {
        look(Arc::new(probe), clock).await.outcome
    }

    #[tokio::test]
    async fn a_probe_that_panics_is_reported_as_failed() {
        let outcome = outcome(Sickness::Panics, Clock::standing(NOON)).await;
        assert!(matches!(outcome, Outcome::Failed { why } if why.contains("error of its own")));
    }

    #[tokio::test]
    async fn a_probe_that_hangs_is_abandoned_at_its_deadline() {
        assert_eq!(outcome(Sickness::Hangs, Clock::standing(NOON)).await, Outcome::TimedOut { after_ms: 10 });
    }

    #[tokio::test]
    async fn a_call_that_never_returns_is_not_joined_by_another() {
        let (blocking, (free, freed)) = (Blocking::default(), std::sync::mpsc::channel::<()>());
        let first = blocking.clone();
        let hanging = tokio::spawn(async move { first.run(move || Ok(freed.recv().is_err())).await });
        tokio::task::yield_now().await;
        let second = blocking.run(|| Ok(())).await;
        assert!(matches!(second, Err(ProbeError::Failed(why)) if why.contains("still hangs")));
        drop(free);
        assert_eq!(hanging.await.unwrap(), Ok(true));
        assert_eq!(blocking.run(|| Ok(())).await, Ok(()));
    }

    /// R11: pings that a sleeping machine could not answer are not loss.
    #[tokio::test]
    async fn a_run_that_the_machine_slept_through_says_nothing() {
        let clock = Clock::standing(NOON);
        assert_eq!(outcome(Sickness::Sleeps(clock.clone()), clock).await, slept());
    }
}
