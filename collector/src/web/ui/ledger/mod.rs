//! The append-only list of outcomes.

pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod post;
