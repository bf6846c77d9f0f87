//! Whether the always-on server runs: rarely, it stops without a goodbye.

use super::{Deed, Tick};
use crate::random::Random;
use beforehand_core::asset::AssetId;
use beforehand_shared::{
    ids::HostId,
    time::{Millis, Timestamp},
};

#[derive(Debug, Clone)]
pub struct Power {
    host: HostId,
    next: Timestamp,
    mean_days: f64,
    off_until: Option<Timestamp>,
    random: Random,
}

impl Power {
    pub(crate) fn new(host: HostId, mean_days: f64, start: Timestamp, mut random: Random) -> Self {
        let next = start.plus(Millis((random.exponential(mean_days) * Millis::DAY.0 as f64) as i64));
        Self { host, next, mean_days, off_until: None, random }
    }

    pub(crate) fn asset(&self) -> AssetId {
        AssetId::of_host(self.host)
    }

    pub(crate) const fn is_off(&self) -> bool {
        self.off_until.is_some()
    }

    pub(crate) fn advance(&mut self, tick: &Tick) {
        if self.off_until.is_some_and(|until| tick.at >= until) {
            self.off_until = None;
        }
        if tick.at >= self.next {
            self.off_until = Some(tick.at.plus(Millis::hours(self.random.whole(3, 14) as i64)));
            let days = 5.0 + self.random.exponential(self.mean_days);
            self.next = tick.at.plus(Millis((days * Millis::DAY.0 as f64) as i64));
        }
    }

    pub(crate) const fn is_broken(&self) -> bool {
        self.is_off()
    }

    pub(crate) const fn needs_help(&self) -> bool {
        self.is_off()
    }

    pub(crate) fn act(&mut self) -> Deed {
        self.off_until = None;
        Deed::did("Drove there and started the server again; the power supply was replaced.", 75)
    }
}
