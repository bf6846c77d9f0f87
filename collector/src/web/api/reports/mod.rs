//! Reports of agents.

pub(super) mod post;
