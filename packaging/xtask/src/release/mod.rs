//! `cargo xtask release-key`, `cargo xtask sign-index`: what only the maker of packages can do. The
//! private key never comes near the repository.

mod key;
mod sign;

pub(crate) use key::ReleaseKey;
pub(crate) use sign::SignIndex;
