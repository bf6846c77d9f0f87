//! People who may log in.

use crate::{Store, error::Result};
use beforehand_shared::{ids::ClientId, time::Timestamp};

/// What a person may do. A client owner sees the portal of one client.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Role {
    Owner,
    Technician,
    Viewer,
    ClientOwner(ClientId),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewUser {
    /// Compared without regard to case.
    pub email: String,
    pub name: String,
    pub role: Role,
    /// PHC string of the password's hash.
    pub password_phc: String,
    pub made_at: Timestamp,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserRow {
    /// Counts from 1.
    pub id: i64,
    pub email: String,
    pub name: String,
    pub role: Role,
    pub password_phc: String,
    pub made_at: Timestamp,
}

impl Store {
    /// By e-mail address.
    pub async fn users(&self) -> Result<Vec<UserRow>> {
        crate::later().await
    }

    /// # Errors
    /// `Conflict` when the address is taken.
    pub async fn insert_user(&self, user: &NewUser) -> Result<i64> {
        crate::later().await
    }

    pub async fn user_by_email(&self, email: &str) -> Result<Option<UserRow>> {
        crate::later().await
    }

    /// Ends all sessions of the user.
    pub async fn set_password(&self, user: i64, password_phc: &str) -> Result<()> {
        crate::later().await
    }

    pub async fn record_login_failure(&self, email: &str, now: Timestamp) -> Result<()> {
        crate::later().await
    }

    /// Failures of the address since then.
    pub async fn recent_login_failures(&self, email: &str, since: Timestamp) -> Result<u32> {
        crate::later().await
    }
}
