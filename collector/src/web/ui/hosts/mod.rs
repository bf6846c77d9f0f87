//! Machines with an agent.

pub(crate) mod agents;
pub(crate) mod always_on;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod retire;
pub(crate) mod state;
mod updates;
