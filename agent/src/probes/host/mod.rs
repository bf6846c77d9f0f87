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
    config::Config,
    platform,
    probe::{Blocking, Looking, Probe},
    time::Reading,
    update::note,
};
use beforehand_shared::{
    host::Host,
    limits,
    observation::Observation,
    text,
    time::{Millis, Timestamp},
};
use std::{
    sync::{Arc, OnceLock},
    time::Duration,
};

pub const NAME: &str = "host";

pub struct HostProbe {
    config: Arc<Config>,
    blocking: Blocking,
    /// Milliseconds since boot at the first run, which is right after the agent's start.
    started_ms: OnceLock<u64>,
}

impl HostProbe {
    pub fn new(config: &Config) -> Self {
        Self { config: Arc::new(config.clone()), blocking: Blocking::default(), started_ms: OnceLock::new() }
    }
}

impl Probe for HostProbe {
    fn name(&self) -> &'static str {
        NAME
    }

    fn every(&self) -> Duration {
        self.config.host.every.get()
    }

    fn deadline(&self) -> Duration {
        Duration::from_secs(10)
    }

    fn run(&self, now: Reading) -> Looking<'_> {
        let config = self.config.clone();
        let started_ms = *self.started_ms.get_or_init(|| now.mono_ms);
        Box::pin(self.blocking.run(move || {
            Ok(vec![Observation::Host(Host {
                name: text::clean(&platform::host_name(), limits::TEXT_CHARS),
                os: os_name(),
                agent: config.build.version.to_owned(),
                booted_at: to_the_minute(now, now.mono_ms),
                started_at: Some(to_the_minute(now, now.mono_ms.saturating_sub(started_ms))),
                desktop: Some(system::has_desktop()),
                updates: Some(note::updates(&config)),
            })])
        }))
    }
}

/// Name and version of the operating system, for people.
pub fn os_name() -> String {
    text::clean(&system::os_name(), limits::TEXT_CHARS)
}

/// The instant `up_ms` ago, rounded to the minute, or the two clocks' drift would make every day look
/// like a new start.
fn to_the_minute(now: Reading, up_ms: u64) -> Timestamp {
    let up = Millis(i64::try_from(up_ms).unwrap_or(i64::MAX));
    let boot = now.wall.minus(up).plus(Millis::seconds(30));
    Timestamp(boot.0.div_euclid(Millis::MINUTE.0).saturating_mul(Millis::MINUTE.0))
}
