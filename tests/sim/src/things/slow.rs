//! A disk that answers slower and slower until nobody can work with it, beside nights of much to do that are none of that.
//!
//! Gunawi et al., "Fail-Slow at Scale", FAST 2018: disks slow down by a few times and up to hundreds, over hours to weeks.

use super::{Deed, Tick, days};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    asset::AssetKind,
    block_device::BlockDevice,
    ids::HostId,
    time::{Millis, Timestamp},
};

/// Milliseconds to an answer from where on people wait for the machine.
const NOTICED_MS: f64 = 500.0;
/// How long it takes from the usual until there.
const DAYS: (f64, f64) = (1.0, 14.0);
const ENDURED: Millis = Millis::days(3);

#[derive(Debug, Clone)]
pub struct Slow {
    host: HostId,
    device: String,
    usual_ms: f64,
    /// How many times slower than usual, and how many times more each day.
    slower: f64,
    growth: f64,
    timeouts: f64,
    next: Timestamp,
    mean_days: f64,
    /// What it does now: requests in a minute and how much they wait for each other.
    load: (f64, f64),
    broken_for: Millis,
    random: Random,
}

impl Slow {
    pub(crate) fn new(host: HostId, device: &str, mean_days: f64, start: Timestamp, mut random: Random) -> Self {
        let next = start.plus(days(10.0 + random.exponential(mean_days)));
        let usual_ms = random.between(5.0, 14.0);
        Self {
            host,
            device: device.to_owned(),
            usual_ms,
            slower: 1.0,
            growth: 1.0,
            timeouts: 0.0,
            next,
            mean_days,
            load: (0.0, 1.0),
            broken_for: Millis(0),
            random,
        }
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::new(AssetKind::BlockDevice, self.host, &self.device)
    }

    pub(crate) const fn host(&self) -> HostId {
        self.host
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        let step = tick.step.as_days();
        if self.growth <= 1.0 && tick.at >= self.next {
            let (least, most) = DAYS;
            let length = self.random.between(least, most);
            self.growth = (1.3 * NOTICED_MS / self.usual_ms).powf(1.0 / length);
        }
        self.slower = (self.slower * self.growth.powf(step)).min(200.0);
        if self.slower > 15.0 {
            self.timeouts += self.random.about(2.0 * step * self.slower / 15.0);
        }
        self.load = self.load_of(tick);
        if self.is_broken() {
            self.broken_for = Millis(self.broken_for.0 + tick.step.0);
            if self.broken_for > ENDURED {
                self.replace(tick.at);
            }
        }
    }

    /// The backup runs from one to four; people work by day; now and then something copies for an hour.
    fn load_of(&mut self, tick: &Tick) -> (f64, f64) {
        let hour = tick.local.minute / 60;
        let (requests, wait) = match hour {
            1..4 => (9_000.0, 3.0),
            _ if tick.busy => (1_500.0, 1.3),
            _ => (60.0, 1.0),
        };
        let copies = Random::new(tick.local.day as u64 * 24 + hour as u64).chance(0.02);
        let (requests, wait) = if copies { (requests + 12_000.0, wait * 3.5) } else { (requests, wait) };
        (requests * self.random.between(0.7, 1.3), wait)
    }

    fn replace(&mut self, at: Timestamp) {
        (self.slower, self.growth, self.timeouts, self.broken_for) = (1.0, 1.0, 0.0, Millis(0));
        self.next = at.plus(days(10.0 + self.random.exponential(self.mean_days)));
    }

    /// Without the load of the moment, which people are used to.
    pub(crate) fn is_broken(&self) -> bool {
        self.usual_ms * self.slower >= NOTICED_MS
    }

    pub(crate) fn needs_help(&self) -> bool {
        self.growth > 1.0
    }

    pub(crate) fn act(&mut self, at: Timestamp) -> Deed {
        self.replace(at);
        Deed::did("Moved everything to a new disk; the old one is sent back.", 150)
    }

    pub(crate) fn observe(&mut self) -> BlockDevice {
        let (requests, wait) = self.load;
        let ms = self.usual_ms * self.slower * wait * (0.15 * self.random.normal()).exp();
        BlockDevice {
            device: self.device.clone(),
            requests: requests as u64,
            read_bytes: requests as u64 * 16_384,
            written_bytes: requests as u64 * 16_384,
            await_us: Some((ms * 1e3) as u32),
            worst_await_us: Some((ms * 2.4e3) as u32),
            busy_pct: Some((requests * ms / 600.0).min(100.0) as u8),
            timeouts: Some(self.timeouts as u64),
        }
    }
}
