//! What users noticed: without it *late* and *missed* cannot be counted.

pub(crate) mod list;
pub(crate) mod new;
