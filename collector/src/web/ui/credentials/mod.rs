//! How a client's devices let themselves be asked. Written once, sealed, and never shown again.

pub(super) mod delete;
pub(super) mod list;
pub(super) mod post;
mod typed;
