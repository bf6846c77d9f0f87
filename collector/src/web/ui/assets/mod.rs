//! Whatever is watched.

mod array_words;
mod drive_words;
pub(crate) mod get;
pub(crate) mod post;
pub(crate) mod retire;
pub(crate) mod words;
