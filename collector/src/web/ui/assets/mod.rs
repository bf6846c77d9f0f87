//! Whatever is watched.

pub(crate) mod get;
pub(crate) mod post;
pub(crate) mod words;
