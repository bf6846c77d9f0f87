//! Announced work.

pub(crate) mod list;
pub(crate) mod new;
