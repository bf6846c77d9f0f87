//! The agent looks at one machine and tells the collector what it sees. It changes nothing, listens
//! on no port and obeys no command.
//!
//! Reading order: [`probe`] is what one look is, [`probes`] the list of them, [`schedule`] says when,
//! [`run`] is the only loop, [`spool`] keeps reports until they are acknowledged, [`transport`] sends
//! one, [`sender`] decides what its answer means, [`handed`] keeps what the collector handed. [`enrol`] makes a machine known, [`cli`] is the
//! command line; on Windows, `service` speaks with the service manager. [`update`] replaces this
//! program by a newer one, where its owner wants that. [`time`], [`random`], [`http`], [`tool`] and
//! [`platform`] are the only doors to clock, chance, network clients, child processes and operating
//! system.

pub mod cli;
pub mod config;
pub mod enrol;
mod files;
pub mod handed;
pub mod http;
pub mod identity;
pub mod platform;
pub mod print;
pub mod probe;
pub mod probes;
pub mod questions;
pub mod random;
pub mod report;
pub mod route;
pub mod run;
pub mod schedule;
pub mod sender;
#[cfg(windows)]
pub mod service;
pub mod spool;
pub mod time;
pub mod tls;
pub mod tool;
pub mod transport;
pub mod update;
pub mod why_full;

use std::time::Duration;

/// Version of this build.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What differs between programs made of this library.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Build {
    /// As it stands in every `Host` observation.
    pub version: &'static str,
    /// The minisign key that packages are verified with. Without one the program is never replaced.
    pub update_key: Option<&'static str>,
    /// How long a newer version may take to send its first report before this one comes back.
    pub healthy_within: Duration,
}

impl Default for Build {
    fn default() -> Self {
        Self { version: VERSION, update_key: None, healthy_within: update::apply::HEALTHY_WITHIN }
    }
}
