//! A print queue of the server, whose head job now and then never finishes.

use super::{Deed, Tick, days};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    ids::HostId,
    printer::{OldestJob, PrinterState, Queue},
    time::{Millis, Timestamp},
};

/// Users notice a job that waits this long.
const NOTICED_AFTER: Millis = Millis::minutes(10);

#[derive(Debug, Clone)]
pub struct Spooler {
    host: HostId,
    name: String,
    next: Timestamp,
    mean_days: f64,
    stuck: Option<Timestamp>,
    mends_after: Millis,
    jobs: u32,
    last_id: i32,
    random: Random,
}

impl Spooler {
    pub(crate) fn new(host: HostId, name: &str, mean_days: f64, start: Timestamp, mut random: Random) -> Self {
        let next = start.plus(days(random.exponential(mean_days)));
        let mends_after = Millis::days(1);
        Self { host, name: name.to_owned(), next, mean_days, stuck: None, mends_after, jobs: 0, last_id: 100, random }
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::Queue, self.host, &self.name)
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        // It sticks on a job, so only when somebody prints: the early list at six, or office work.
        let prints = tick.busy || tick.local.minute / 60 == 6;
        match self.stuck {
            None if tick.at >= self.next && prints => self.stick(tick.at),
            None => {}
            Some(since) if tick.at.since(since) > self.mends_after => self.free(),
            Some(_) if tick.busy => self.jobs += self.random.of(3, 0.3 * tick.step.as_hours()),
            Some(_) => {}
        }
    }

    fn stick(&mut self, at: Timestamp) {
        self.stuck = Some(at);
        self.jobs = 1;
        self.last_id += 1;
        let hours = if self.random.chance(0.3) { 2 } else { 20 };
        self.mends_after = Millis::hours(hours);
        self.next = at.plus(days(1.0 + self.random.exponential(self.mean_days)));
    }

    const fn free(&mut self) {
        self.stuck = None;
        self.jobs = 0;
    }

    pub(crate) fn is_broken(&self, tick: &Tick) -> bool {
        tick.busy && self.stuck.is_some_and(|since| tick.at.since(since) > NOTICED_AFTER)
    }

    pub(crate) const fn needs_help(&self) -> bool {
        self.stuck.is_some()
    }

    pub(crate) fn act(&mut self) -> Deed {
        self.free();
        Deed::did("Removed the stuck job and restarted the print service.", 15)
    }

    pub(crate) fn observe(&self) -> Queue {
        Queue {
            name: self.name.clone(),
            device_uri: Some("ipp://192.0.2.40/ipp/print".to_owned()),
            state: if self.stuck.is_some() { PrinterState::Processing } else { PrinterState::Idle },
            reasons: Vec::new(),
            message: None,
            accepting: true,
            jobs: self.jobs,
            oldest: self.stuck.map(|since| OldestJob { id: self.last_id, since, pages_done: Some(0) }),
        }
    }
}
