//! The network of an office as its agents tell it: how they share the work of watching it, and what changes in it.

pub mod change;
pub mod sharing;
