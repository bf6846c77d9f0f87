//! How well trouble is foreseen, measured on public data beside what other tools do on the same data
//! in the same run: `cargo xtask bench foresight`.
//!
//! Reading order: [`tasks`] lists what is measured; [`report`] is what a run says; [`page`] and
//! [`table`] write it for people.

pub mod data;
pub mod online;
pub mod page;
pub mod report;
pub mod score;
pub mod table;
pub mod tasks;
