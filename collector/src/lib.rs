//! TALKS: the web, the tasks, mail and notifications. Nothing is decided here and no SQL is
//! written here: handlers and tasks call `beforehand-core` and `beforehand-store`.
//!
//! Reading order: [`app`] is what everything shares; [`web`] answers agents and people; [`ingest`]
//! makes reports durable; [`closed_days`] reads holidays; [`tasks`] do the rest of the work; [`mail`] delivers; [`vault`] seals what is secret; [`installers`]
//! and [`releases`] hand agents on; [`cli`] starts it; [`supervisor`] tells the service manager how it is.

pub mod app;
pub mod cli;
pub mod closed_days;
pub mod config;
pub mod history;
pub mod http;
pub mod ingest;
pub mod installers;
pub mod mail;
pub mod random;
pub mod releases;
pub mod supervisor;
pub mod tasks;
pub mod time;
pub mod tls;
pub mod vault;
pub mod web;
