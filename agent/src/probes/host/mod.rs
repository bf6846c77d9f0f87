//! The machine itself.

pub mod parse;

#[cfg(unix)]
mod linux;
#[cfg(unix)]
use linux as system;
#[cfg(windows)]
mod windows;
#[cfg(windows)]
use windows as system;

use crate::{
    VERSION, config, platform,
    probe::{Blocking, Looking, Probe},
    time::Reading,
};
use beforehand_shared::{
    host::Host,
    limits,
    observation::Observation,
    text,
    time::{Millis, Timestamp},
};
use std::time::Duration;

pub struct HostProbe {
    every: Duration,
    blocking: Blocking,
}

impl HostProbe {
    pub fn new(settings: &config::Host) -> Self {
        Self { every: settings.every.get(), blocking: Blocking::default() }
    }
}

impl Probe for HostProbe {
    fn name(&self) -> &'static str {
        "host"
    }

    fn every(&self) -> Duration {
        self.every
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn run(&self, now: Reading) -> Looking<'_> {
        Box::pin(self.blocking.run(move || {
            Ok(vec![Observation::Host(Host {
                name: text::clean(&platform::host_name(), limits::TEXT_CHARS),
                os: os_name(),
                agent: VERSION.to_owned(),
                booted_at: booted_at(now),
                updates: None,
            })])
        }))
    }
}

/// Name and version of the operating system, for people.
pub fn os_name() -> String {
    text::clean(&system::os_name(), limits::TEXT_CHARS)
}

/// Rounded to the minute, or the two clocks' drift would make every day look like a new start.
fn booted_at(now: Reading) -> Timestamp {
    let up = Millis(i64::try_from(now.mono_ms).unwrap_or(i64::MAX));
    let boot = now.wall.minus(up).plus(Millis::seconds(30));
    Timestamp(boot.0.div_euclid(Millis::MINUTE.0).saturating_mul(Millis::MINUTE.0))
}
