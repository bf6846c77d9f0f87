//! How this program is replaced by a newer one, and how it comes back.
//!
//! Two halves that trust each other in one direction only. The agent's own user asks ([`fetch`]),
//! verifies and lays ready ([`stage`]); it cannot write its own executable. A privileged step
//! ([`apply`]) takes copies, verifies them again, swaps, watches and returns if need be, each step
//! in a [`journal`], so that it may be interrupted anywhere. [`choose`] decides for both what may be
//! installed. [`note`] is what the collector is told.

pub mod apply;
mod ask;
pub mod choose;
pub mod fetch;
pub mod health;
pub mod journal;
pub mod memory;
pub mod note;
pub mod stage;
mod steps;
pub(crate) mod tool;

#[cfg(unix)]
pub mod unix;
#[cfg(unix)]
pub use unix as system;
#[cfg(windows)]
pub mod windows;
#[cfg(windows)]
pub use windows as system;

pub use ask::Updater;

/// The packages that fit this build, such as `linux-x86_64`.
pub fn platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}
