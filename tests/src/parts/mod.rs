//! Real programs, started for a test and ended with it.

pub mod agent;
pub mod browser;
pub mod collector;
pub mod mail_server;
pub mod place;
pub mod printer;
pub mod volume;
pub mod wine;
