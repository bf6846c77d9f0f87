//! What is foreseen of one gauge, by the method that its past allows.

use super::{
    blocks::Past,
    bootstrap::{self, Futures, HORIZONS, LEAST_DAYS, MEMORY_DAYS},
    calibrate::Hindcast,
    cold_start::ColdStart,
    gauge::Gauge,
    runaway::{self, Burst, Lasting},
};
use crate::forecast::{Chance, Outlook};
use beforehand_shared::time::Millis;

/// What is foreseen; chances first, as dates and fan are wanted only where there is something to say.
pub struct Foresight {
    /// Days of the past that say something.
    pub known_days: usize,
    /// Of [`bootstrap::HORIZONS`].
    chances: [f64; 3],
    pub(super) past: Past,
    pub(super) burst: Option<Burst>,
    /// The chance that the burst is a weekly job which was not seen yet.
    pub(super) weekly: f64,
    method: Method,
}

enum Method {
    /// With the record of the longest horizon, by which the dates go.
    Bootstrap(Futures, Hindcast),
    ColdStart(ColdStart),
}

/// Looks into the future of a gauge. `seed` decides what is drawn; `weekday` (0 is Monday) is
/// today's in local time.
pub fn foresee(gauge: &Gauge, seed: &str, weekday: usize) -> Foresight {
    let past = Past::of(gauge);
    let burst = runaway::burst(gauge, &past);
    let known_days = past.known_days();
    if known_days < LEAST_DAYS && burst.is_none() {
        let cold = ColdStart::new(gauge, &past.drops());
        let chances = HORIZONS.map(|within| cold.chance(within.as_days()));
        return Foresight { known_days, chances, past, burst, weekly: 0.0, method: Method::ColdStart(cold) };
    }
    let left = (gauge.free - gauge.limit).max(0.0);
    let lasting = burst.map(|burst| Lasting::of(burst, &past, left));
    let weekly = lasting.as_ref().map_or(0.0, Lasting::weekly);
    let futures = bootstrap::futures(gauge, &past, burst.zip(lasting.as_ref()), (seed, weekday));
    let room = past.start - gauge.limit;
    let records = HORIZONS.map(|within| match burst {
        // Its like was never seen before, so the past cannot correct it.
        Some(_) => Hindcast::default(),
        None if futures.chance(within) == 0.0 => Hindcast::default(),
        None => Hindcast::of(&past.blocks, room, within, MEMORY_DAYS),
    });
    let chances = [0, 1, 2].map(|place| records[place].apply(futures.chance(HORIZONS[place])));
    Foresight { known_days, chances, past, burst, weekly, method: Method::Bootstrap(futures, records[2]) }
}

impl Foresight {
    /// The chance to reach the limit within the nearest horizon not shorter than `within`.
    pub fn chance(&self, within: Millis) -> f64 {
        let place = HORIZONS.iter().position(|horizon| *horizon >= within);
        place.map_or(0.0, |place| self.chances[place])
    }

    /// With dates and the fan.
    pub fn outlook(self, gauge: &Gauge) -> Outlook {
        let mut outlook = match self.method {
            Method::Bootstrap(futures, record) => futures.outlook(gauge, |chance| record.undo(chance)),
            Method::ColdStart(cold) => cold.outlook(gauge),
        };
        let chances = HORIZONS.into_iter().zip(self.chances);
        outlook.chances = chances.map(|(within, p)| Chance { within, p }).collect();
        outlook
    }
}
