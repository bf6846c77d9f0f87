//! Worlds with known truth: a small office whose machines, volumes, printer, queue, line and
//! certificate go wrong on dates that only the world knows, seen through real reports.
//!
//! Reading order: [`plan`] says what world to make; [`world`] steps it and hands out events;
//! [`things`] are what can break; [`technician`] acts on tickets and so changes the world;
//! [`truth`] is what really happened and what was averted; [`score`] compares a tally with it, [`foresight`] the tickets;
//! [`watched`] is a collector in memory that makes them.
//!
//! Pure: the seed decides everything, no clock is read.

pub mod calendar;
mod disks;
pub mod foresight;
pub mod machine;
pub mod office;
pub mod paths;
pub mod plan;
pub mod presence;
pub mod random;
pub mod score;
pub mod side_by_side;
pub mod supplies;
pub mod technician;
pub mod things;
pub mod truth;
pub mod watched;
pub mod wearing;
pub mod world;
