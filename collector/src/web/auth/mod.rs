//! Who is asking: sessions, passwords, roles, and the first administrator.
//!
//! Pages call [`login::login`], [`login::logout`], [`setup::create_owner`] and [`password::change`];
//! each gives back the cookie to set.

pub mod cookie;
pub mod login;
pub mod password;
pub mod session;
pub mod setup;

pub use session::{RequireOwner, RequireTechnician, Session};
