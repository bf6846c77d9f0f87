//! What an agent is handed.

pub(super) mod get;
