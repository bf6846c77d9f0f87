//! A client's printers: what they say, what runs out and when, and which of them are watched over the network.

pub(super) mod adopt;
pub(super) mod change;
mod credential;
mod gather;
pub(super) mod list;
pub(super) mod orders;
mod supply;

pub(super) use list::href;
