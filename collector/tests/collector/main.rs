//! The collector as agents and people meet it, in one process.
#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure is what a test is for")]

mod common;
mod enrol;
mod install;
mod offices;
mod pipeline;
mod printers;
mod reports;
mod roles;
mod sessions;
mod setup;
mod sight;
mod statements;
mod tls;
mod updates;
