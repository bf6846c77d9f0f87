//! What is taken on at once: requests per address, and requests under way. Asked before anything
//! about a caller is known or read.

use crate::config::Limits;
use beforehand_shared::time::Timestamp;
use std::{
    collections::BTreeMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Addresses remembered at most; beyond that those are forgotten that have their full burst again.
const ADDRESSES: usize = 50_000;
/// Files handed out at one time, however many requests may be under way: to agents, and to whoever
/// asks. The latter cannot hold up the former.
const TO_AGENTS: usize = 64;
const TO_ANYBODY: usize = 16;

#[derive(Debug, Clone)]
pub struct Gate {
    buckets: Arc<Mutex<BTreeMap<IpAddr, Bucket>>>,
    under_way: Arc<Semaphore>,
    to_agents: Arc<Semaphore>,
    to_anybody: Arc<Semaphore>,
    per_second: f64,
    burst: f64,
}

/// Requests that an address may still make, as of an instant.
#[derive(Debug, Clone, Copy)]
struct Bucket {
    left: f64,
    at: Timestamp,
}

/// Why a request is turned away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closed {
    /// This address sends too much; it may come back after so many seconds.
    Address { retry_after_s: u32 },
    /// Too much is under way.
    Full,
}

/// Who fetches a file, from where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Downloader {
    /// It has shown its secret.
    Agent(IpAddr),
    Anybody(IpAddr),
}

impl Gate {
    pub fn new(limits: &Limits) -> Self {
        Self {
            buckets: Arc::default(),
            under_way: Arc::new(Semaphore::new(limits.in_flight as usize)),
            to_agents: Arc::new(Semaphore::new(TO_AGENTS)),
            to_anybody: Arc::new(Semaphore::new(TO_ANYBODY)),
            per_second: f64::from(limits.requests_per_second),
            burst: f64::from(limits.burst),
        }
    }

    /// Lets one request of `address` in. What is returned is held until it is answered.
    ///
    /// # Errors
    /// Says which limit it met.
    pub fn enter(&self, address: IpAddr, now: Timestamp) -> Result<OwnedSemaphorePermit, Closed> {
        self.take(address, now)?;
        self.under_way.clone().try_acquire_owned().map_err(|_| Closed::Full)
    }

    /// Lets one download begin. What is returned is held until it has ended.
    ///
    /// # Errors
    /// Says which limit it met.
    pub fn download(&self, of: &Downloader, now: Timestamp) -> Result<OwnedSemaphorePermit, Closed> {
        let (address, places) = match of {
            Downloader::Agent(address) => (address, &self.to_agents),
            Downloader::Anybody(address) => (address, &self.to_anybody),
        };
        self.take(*address, now)?;
        places.clone().try_acquire_owned().map_err(|_| Closed::Full)
    }

    fn take(&self, address: IpAddr, now: Timestamp) -> Result<(), Closed> {
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= ADDRESSES {
            buckets.retain(|_, bucket| self.refilled(*bucket, now) < self.burst);
        }
        let bucket = buckets.entry(address).or_insert(Bucket { left: self.burst, at: now });
        let left = self.refilled(*bucket, now);
        if left < 1.0 {
            let seconds = ((1.0 - left) / self.per_second).ceil().max(1.0);
            return Err(Closed::Address { retry_after_s: seconds as u32 });
        }
        *bucket = Bucket { left: left - 1.0, at: now };
        Ok(())
    }

    fn refilled(&self, bucket: Bucket, now: Timestamp) -> f64 {
        let seconds = now.since(bucket.at).0.max(0) as f64 / 1_000.0;
        (bucket.left + seconds * self.per_second).min(self.burst)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::time::Millis;

    const NOW: Timestamp = Timestamp(1_795_424_400_000);

    fn gate() -> Gate {
        Gate::new(&Limits { burst: 2, requests_per_second: 1, in_flight: 10, ..Limits::default() })
    }

    #[test]
    fn an_address_that_sends_too_much_is_told_when_to_come_back() {
        let gate = gate();
        let address = IpAddr::from([192, 0, 2, 1]);
        let entered: Vec<_> = (0..3).map(|_| gate.enter(address, NOW).map(drop)).collect();
        assert_eq!(entered, [Ok(()), Ok(()), Err(Closed::Address { retry_after_s: 1 })]);
        assert!(gate.enter(IpAddr::from([192, 0, 2, 2]), NOW).is_ok(), "others are not held up");
        assert!(gate.enter(address, NOW.plus(Millis::SECOND)).is_ok());
    }

    #[test]
    fn downloads_are_bounded_and_hold_up_no_report_and_no_update() {
        let (gate, address) = (Gate::new(&Limits::default()), IpAddr::from([192, 0, 2, 1]));
        let (anybody, agent) = (Downloader::Anybody(address), Downloader::Agent(address));
        let running: Vec<_> = (0..TO_ANYBODY).map(|_| gate.download(&anybody, NOW).unwrap()).collect();
        assert_eq!(gate.download(&anybody, NOW).map(drop), Err(Closed::Full));
        assert!(gate.enter(address, NOW).is_ok() && gate.download(&agent, NOW).is_ok());
        drop(running);
        assert!(gate.download(&anybody, NOW).is_ok());
    }

    #[test]
    fn what_is_under_way_is_bounded() {
        let gate = Gate::new(&Limits { in_flight: 1, ..Limits::default() });
        let first = gate.enter(IpAddr::from([192, 0, 2, 1]), NOW).unwrap();
        assert_eq!(gate.enter(IpAddr::from([192, 0, 2, 1]), NOW).map(drop), Err(Closed::Full));
        drop(first);
        assert!(gate.enter(IpAddr::from([192, 0, 2, 1]), NOW).is_ok());
    }
}
