//! Sends what the spool holds, one report at a time, and decides what each answer means.

use crate::{
    handed::Handed,
    random,
    spool::Spool,
    time::Clock,
    transport::{Answer, Transport},
};
use beforehand_shared::ack::Ack;
use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A spool that loop and sender share. Its work touches the disk and so is done on blocking threads.
#[derive(Debug, Clone)]
pub struct SharedSpool(Arc<Mutex<Spool>>);

impl SharedSpool {
    pub fn new(spool: Spool) -> Self {
        Self(Arc::new(Mutex::new(spool)))
    }

    pub fn lock(&self) -> MutexGuard<'_, Spool> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does `work` on a thread that may block: an fsync of a slow disk must not delay the clock of a
    /// ping. Nothing if `work` panicked.
    pub async fn with<T: Send + 'static>(&self, work: impl FnOnce(&mut Spool) -> T + Send + 'static) -> Option<T> {
        let spool = self.clone();
        tokio::task::spawn_blocking(move || work(&mut spool.lock())).await.ok()
    }
}

const FIRST: Duration = Duration::from_secs(1);
const LONGEST: Duration = Duration::from_secs(300);
/// For an agent that the collector does not know: it may be told again, but hardly soon.
const UNKNOWN: Duration = Duration::from_secs(900);
/// Longer than this no answer may keep the agent waiting.
const PATIENCE: Duration = Duration::from_secs(3_600);

/// Exponential backoff with full jitter: any time up to a bound that doubles from 2 s to 5 minutes,
/// and never less than 1 s. Agents that lost the collector together do not come back together.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    /// How long to wait after one more failure. `fraction` is random, from 0 to below 1.
    pub fn next(&mut self, fraction: f64, not_before: Option<Duration>) -> Duration {
        self.failures = self.failures.saturating_add(1);
        let bound = FIRST.saturating_mul(1 << self.failures.min(16)).min(LONGEST);
        let jitter = FIRST + (bound - FIRST).mul_f64(fraction);
        // The jitter is added to what the collector asks for, or all would come at that moment.
        not_before.map_or(jitter, |not_before| not_before.min(PATIENCE) + jitter.min(not_before))
    }
}

/// What to do after a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// More may wait: go on at once.
    GoOn,
    /// Nothing waits.
    Idle,
    /// Go on after so long.
    Wait(Duration),
}

pub struct Sender {
    spool: SharedSpool,
    transport: Transport,
    clock: Clock,
    backoff: Backoff,
    /// The highest number of this incarnation that was acknowledged to this process.
    delivered: u64,
    /// Whether any report was.
    has_delivered: bool,
    /// The collector's `high_water` that was last answered by sending again.
    resent_after: Option<u64>,
    /// The revision of what this agent is handed, by the latest acknowledgement.
    settings: Option<u64>,
}

impl Sender {
    pub fn new(spool: SharedSpool, transport: Transport, clock: Clock) -> Self {
        Self {
            spool,
            transport,
            clock,
            backoff: Backoff::default(),
            delivered: 0,
            has_delivered: false,
            resent_after: None,
            settings: None,
        }
    }

    /// Whether any report was acknowledged to this process.
    pub const fn has_delivered(&self) -> bool {
        self.has_delivered
    }

    /// Brings what is handed to this agent up to the revision that the collector named last; says whether
    /// anything changed.
    pub async fn follow(&self, handed: &Handed) -> bool {
        match self.settings {
            Some(revision) if revision != handed.revision() => match self.transport.settings().await {
                Ok(settings) => handed.take(settings),
                // The next acknowledgement names it again.
                Err(error) => {
                    tracing::warn!(%error, "what the collector hands over cannot be taken; what was handed before holds");
                    false
                }
            },
            _ => false,
        }
    }

    /// Sends the oldest waiting report, if there is one, and deals with the answer.
    pub async fn step(&mut self) -> Next {
        let Some(report) = self.spool.with(Spool::next_waiting).await.flatten() else { return Next::Idle };
        let answer = self.transport.send(&report, self.clock.now()).await;
        match answer {
            Answer::Stored(ack) => self.stored(ack).await,
            Answer::Refused(refusal) => {
                tracing::error!(
                    seq = report.seq,
                    code = refusal.code,
                    why = refusal.message,
                    "the collector refuses a report"
                );
                self.spool.with(move |spool| spool.refuse(report.seq)).await;
                Next::GoOn
            }
            Answer::Unknown(why) => {
                tracing::error!(why, "the collector does not know this agent; enrol it again if that lasts");
                Next::Wait(UNKNOWN.mul_f64(1.0 + random::fraction()))
            }
            Answer::Later { why, not_before } => {
                let wait = self.backoff.next(random::fraction(), not_before);
                tracing::warn!(why, seq = report.seq, ?wait, "a report waits");
                Next::Wait(wait)
            }
        }
    }

    async fn stored(&mut self, ack: Ack) -> Next {
        self.backoff = Backoff::default();
        self.has_delivered = true;
        self.settings = ack.settings;
        if let Some(incarnation) = ack.continue_as {
            (self.delivered, self.resent_after) = (0, None);
            self.spool.with(move |spool| spool.continue_as(incarnation)).await;
            return Next::GoOn;
        }
        self.delivered = self.delivered.max(ack.seq);
        // Answered once per value: what is missing there and not here any more cannot be sent.
        let missing = ack.high_water < self.delivered && self.resent_after != Some(ack.high_water);
        if missing {
            self.resent_after = Some(ack.high_water);
        }
        let resent = self.spool.with(move |spool| {
            // In this order, or the report just stored would be sent again as well.
            let resent = if missing { spool.resend_after(ack.high_water) } else { 0 };
            spool.acknowledge(ack.seq);
            resent
        });
        if let Some(resent @ 1..) = resent.await {
            tracing::warn!(
                resent,
                high_water = ack.high_water,
                "the collector lacks reports that it had; sending them again"
            );
        }
        Next::GoOn
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R19.
    #[test]
    fn waiting_grows_from_a_second_to_five_minutes_with_full_jitter() {
        let waits = |fraction: f64| {
            let mut backoff = Backoff::default();
            std::iter::repeat_with(move || backoff.next(fraction, None)).take(40).collect::<Vec<_>>()
        };
        assert!(waits(0.0).iter().all(|wait| *wait == FIRST));
        let longest = waits(1.0);
        assert_eq!(longest[..3], [2, 4, 8].map(Duration::from_secs));
        assert!(longest.is_sorted() && longest[39] == LONGEST);
    }

    /// R19.
    #[test]
    fn the_collector_is_not_asked_before_the_time_it_gave() {
        let mut backoff = Backoff::default();
        let wait = backoff.next(0.5, Some(Duration::from_secs(120)));
        assert!(wait > Duration::from_secs(120) && wait < Duration::from_secs(180));
        assert!(backoff.next(0.5, Some(Duration::MAX)) <= PATIENCE + LONGEST);
    }
}
