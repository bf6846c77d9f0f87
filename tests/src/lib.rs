//! End to end: what the tests and the project's own commands share.
//!
//! [`replay`] drives a collector through the history of simulated offices; [`offices`] are the
//! three of the demonstration; [`parts`] start real programs: collector, agent, mail server,
//! printer, print service, browser, booted machine, wine; [`stored`] reads what arrived.

pub mod http;
pub mod offices;
pub mod parts;
pub mod progress;
pub mod random;
pub mod replay;
pub mod stored;
pub mod time;
pub mod tool;
