//! Packages of the agent, for machines that are about to be enrolled.

pub(in crate::web::api) mod get;
