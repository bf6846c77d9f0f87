//! People who may sign in. Owners only.

pub(crate) mod list;
pub(crate) mod post;
