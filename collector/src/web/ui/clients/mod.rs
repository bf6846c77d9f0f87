//! Businesses that pay the fixed fee.

pub(crate) mod closed_days;
pub(crate) mod edit;
mod fields;
pub(crate) mod figures;
pub(crate) mod get;
pub(crate) mod list;
pub(crate) mod new;
pub(crate) mod sites;
