//! Sessions and the one-time link of the first administrator. Only hashes of tokens are stored.

use crate::{Store, error::Result, sql::statements, users::UserRow, value::args};
use beforehand_shared::time::Timestamp;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionRow {
    pub user: UserRow,
    pub started_at: Timestamp,
    pub expires_at: Timestamp,
}

statements! {
    INSERT_SETUP = "INSERT INTO setup_tokens (token_sha256, expires_at) VALUES ($1, $2)";
    TAKE_SETUP = "DELETE FROM setup_tokens WHERE token_sha256 = $1 AND expires_at > $2
        AND NOT EXISTS (SELECT 1 FROM users)";
    SETUP_VALID = "SELECT 1 FROM setup_tokens WHERE token_sha256 = $1 AND expires_at > $2
        AND NOT EXISTS (SELECT 1 FROM users)";
    INSERT = "INSERT INTO sessions (token_sha256, user_id, started_at, expires_at) VALUES ($1, $2, $3, $4)";
    ONE = "SELECT s.started_at, s.expires_at, u.user_id, u.email, u.name, u.role, u.client_id, u.password_phc, u.made_at
        FROM sessions AS s JOIN users AS u ON u.user_id = s.user_id
        WHERE s.token_sha256 = $1 AND s.expires_at > $2";
    EXTEND = "UPDATE sessions SET expires_at = $2 WHERE token_sha256 = $1 AND expires_at < $2";
    END = "DELETE FROM sessions WHERE token_sha256 = $1";
}

impl Store {
    pub async fn insert_setup_token(&self, token_sha256: &str, expires_at: Timestamp) -> Result<()> {
        self.add(&INSERT_SETUP, args![token_sha256, expires_at], "token").await
    }

    /// Uses the token up. True at most once, and only while there is no user.
    pub async fn take_setup_token(&self, token_sha256: &str, now: Timestamp) -> Result<bool> {
        Ok(self.db.execute(&TAKE_SETUP, args![token_sha256, now]).await? == 1)
    }

    /// Whether the token would be taken, without using it up.
    pub async fn setup_token_valid(&self, token_sha256: &str, now: Timestamp) -> Result<bool> {
        Ok(self.one(&SETUP_VALID, args![token_sha256, now]).await?.is_some())
    }

    pub async fn insert_session(
        &self,
        token_sha256: &str,
        user: i64,
        now: Timestamp,
        expires_at: Timestamp,
    ) -> Result<()> {
        self.add(&INSERT, args![token_sha256, user, now, expires_at], "session").await
    }

    /// The session, unless it expired.
    pub async fn session(&self, token_sha256: &str, now: Timestamp) -> Result<Option<SessionRow>> {
        self.find(&ONE, args![token_sha256, now], |row| {
            Ok(SessionRow { started_at: row.get(0)?, expires_at: row.get(1)?, user: crate::users::read(row, 2)? })
        })
        .await
    }

    /// Moves the end of a session that is used; never to an earlier time.
    pub async fn extend_session(&self, token_sha256: &str, expires_at: Timestamp) -> Result<()> {
        self.db.execute(&EXTEND, args![token_sha256, expires_at]).await.map(drop)
    }

    pub async fn end_session(&self, token_sha256: &str) -> Result<()> {
        self.db.execute(&END, args![token_sha256]).await.map(drop)
    }
}
