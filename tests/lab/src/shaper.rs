//! What one direction of a link does to packets. Pure: the same seed and the same arrivals give the same departures.

use beforehand_sim::random::Random;
use serde::{Deserialize, Serialize};

/// How a link does.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weather {
    /// One way.
    pub delay_ms: f64,
    /// Added to the delay, evenly from nothing to this.
    pub jitter_ms: f64,
    pub loss_pct: f64,
    /// Packets that overtake those before them: they are not delayed.
    pub reorder_pct: f64,
    /// 0 for no limit.
    pub rate_kbit: f64,
    /// What the queue in front of the limit holds, as the time that it takes to send; more is dropped.
    pub queue_ms: f64,
}

#[derive(Debug)]
pub struct Shaper {
    random: Random,
    /// When the last packet accepted will have been sent.
    free_at_us: u64,
    last_due_us: u64,
}

impl Shaper {
    pub fn new(seed: u64, name: &str) -> Self {
        Self { random: Random::named(seed, name), free_at_us: 0, last_due_us: 0 }
    }

    /// When a packet of `bytes` that arrives `now_us` comes out at the other end; nothing when it is lost.
    pub fn pass(&mut self, now_us: u64, bytes: usize, weather: &Weather) -> Option<u64> {
        let sent_us = self.send(now_us, bytes, weather)?;
        if self.random.chance(weather.loss_pct / 100.0) {
            return None;
        }
        if self.random.chance(weather.reorder_pct / 100.0) {
            return Some(sent_us);
        }
        let delay_ms = self.random.between(0.0, 1.0).mul_add(weather.jitter_ms, weather.delay_ms);
        self.last_due_us = self.last_due_us.max(sent_us + micros(delay_ms));
        Some(self.last_due_us)
    }

    /// When it has left the queue.
    fn send(&mut self, now_us: u64, bytes: usize, weather: &Weather) -> Option<u64> {
        if weather.rate_kbit <= 0.0 {
            return Some(now_us);
        }
        let took_us = micros(bytes as f64 * 8.0 / weather.rate_kbit);
        let free_at_us = self.free_at_us.max(now_us) + took_us;
        if free_at_us - now_us > micros(weather.queue_ms) + took_us {
            return None;
        }
        self.free_at_us = free_at_us;
        Some(free_at_us)
    }
}

fn micros(ms: f64) -> u64 {
    (ms * 1_000.0).max(0.0) as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn through(weather: Weather, every_us: u64) -> Vec<Option<u64>> {
        let mut shaper = Shaper::new(7, "up");
        (0..1_000).map(|n| shaper.pass(n * every_us, 1_000, &weather).map(|due| due - n * every_us)).collect()
    }

    fn lost(took: &[Option<u64>]) -> usize {
        took.iter().filter(|took| took.is_none()).count()
    }

    #[test]
    fn packets_are_late_by_delay_and_jitter_and_lost_at_the_rate_that_is_set() {
        let took = through(Weather { delay_ms: 5.0, jitter_ms: 2.0, loss_pct: 10.0, ..Weather::default() }, 5_000);
        assert!(took.iter().flatten().all(|us| (5_000..=7_000).contains(us)));
        assert!((70..130).contains(&lost(&took)), "{} of 1000", lost(&took));
    }

    #[test]
    fn the_same_seed_gives_the_same_losses() {
        let weather = Weather { loss_pct: 30.0, jitter_ms: 3.0, ..Weather::default() };
        assert_eq!(through(weather, 1_000), through(weather, 1_000));
    }

    #[test]
    fn more_than_the_rate_fills_the_queue_and_then_drops() {
        // 1,000 bytes at 1 Mbit/s take 8 ms; they come every 4 ms.
        let took = through(Weather { rate_kbit: 1_000.0, queue_ms: 100.0, ..Weather::default() }, 4_000);
        let full = took[500..].iter().flatten().all(|us| (90_000..=108_000).contains(us));
        assert!(full && (450..520).contains(&lost(&took)), "{} lost, {:?}", lost(&took), &took[500..510]);
    }

    #[test]
    fn packets_keep_their_order_unless_they_are_to_lose_it() {
        let departures = |reorder_pct| {
            let mut shaper = Shaper::new(7, "up");
            let weather = Weather { delay_ms: 5.0, jitter_ms: 5.0, reorder_pct, ..Weather::default() };
            (0..1_000).filter_map(|n| shaper.pass(n * 1_000, 100, &weather)).collect::<Vec<u64>>()
        };
        assert!(departures(0.0).is_sorted());
        assert!(!departures(5.0).is_sorted());
    }
}
