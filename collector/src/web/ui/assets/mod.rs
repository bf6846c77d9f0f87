//! Whatever is watched.

mod array_part;
mod array_words;
mod drive_part;
mod drive_words;
mod foreseen;
pub(crate) mod get;
mod network_words;
mod part;
pub(crate) mod post;
mod printer_part;
pub(crate) mod retire;
mod volume_part;
pub(crate) mod words;
