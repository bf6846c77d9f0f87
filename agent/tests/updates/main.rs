//! Updates of the agent itself: what is fetched, what is installed, and that it comes back.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

#[path = "../support/mod.rs"]
mod support;

mod applying;
mod fetching;
mod maker;
