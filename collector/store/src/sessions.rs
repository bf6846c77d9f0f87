//! Sessions and the one-time link of the first administrator. Only hashes of tokens are stored.

use crate::{Store, error::Result, users::UserRow};
use beforehand_shared::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub user: UserRow,
    pub started_at: Timestamp,
    pub expires_at: Timestamp,
}

impl Store {
    pub async fn insert_setup_token(&self, token_sha256: &str, expires_at: Timestamp) -> Result<()> {
        crate::later().await
    }

    /// Uses the token up. True at most once, and only while there is no user.
    pub async fn take_setup_token(&self, token_sha256: &str, now: Timestamp) -> Result<bool> {
        crate::later().await
    }

    /// Whether the token would be taken, without using it up.
    pub async fn setup_token_valid(&self, token_sha256: &str, now: Timestamp) -> Result<bool> {
        crate::later().await
    }

    pub async fn insert_session(
        &self,
        token_sha256: &str,
        user: i64,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        crate::later().await
    }

    /// The session, unless it expired.
    pub async fn session(&self, token_sha256: &str, now: Timestamp) -> Result<Option<SessionRow>> {
        crate::later().await
    }

    pub async fn end_session(&self, token_sha256: &str) -> Result<()> {
        crate::later().await
    }
}
