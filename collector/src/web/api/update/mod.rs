//! Updates of agents.

pub(super) mod files;
pub(super) mod get;
