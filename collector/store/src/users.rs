//! People who may log in.

use crate::{
    Store,
    engine::Row,
    error::{Result, StoreError},
    sql::statements,
    value::args,
};
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

statements! {
    ALL = "SELECT user_id, email, name, role, client_id, password_phc, made_at FROM users ORDER BY email";
    BY_EMAIL = "SELECT user_id, email, name, role, client_id, password_phc, made_at FROM users WHERE email = $1";
    INSERT = "INSERT INTO users (user_id, email, name, role, client_id, password_phc, made_at)
        SELECT COALESCE(MAX(user_id), 0) + 1, $1, $2, $3, $4, $5, $6 FROM users RETURNING user_id";
    SET_PASSWORD = "UPDATE users SET password_phc = $2 WHERE user_id = $1";
    END_SESSIONS = "DELETE FROM sessions WHERE user_id = $1";
    FAILED = "INSERT INTO login_failures (email, at) VALUES ($1, $2)";
    FAILURES = "SELECT COUNT(*) FROM login_failures WHERE email = $1 AND at >= $2";
}

impl Store {
    /// By e-mail address.
    pub async fn users(&self) -> Result<Vec<UserRow>> {
        self.list(&ALL, vec![], |row| read(row, 0)).await
    }

    /// # Errors
    /// `Conflict` when the address is taken.
    pub async fn insert_user(&self, user: &NewUser) -> Result<i64> {
        let (role, client) = user.role.stored();
        let email = user.email.to_lowercase();
        let mut tx = self.begin().await?;
        let values = args![email, &user.name, role, client, &user.password_phc, user.made_at];
        let row = tx.one(&INSERT, values).await.map_err(|error| match error {
            StoreError::Conflict(_) => StoreError::Conflict("user"),
            other => other,
        })?;
        let id = row.ok_or(StoreError::NotFound("user"))?.get(0)?;
        tx.commit().await?;
        Ok(id)
    }

    pub async fn user_by_email(&self, email: &str) -> Result<Option<UserRow>> {
        self.find(&BY_EMAIL, args![email.to_lowercase()], |row| read(row, 0)).await
    }

    /// Ends all sessions of the user.
    pub async fn set_password(&self, user: i64, password_phc: &str) -> Result<()> {
        let mut tx = self.begin().await?;
        if tx.execute(&SET_PASSWORD, args![user, password_phc]).await? == 0 {
            return Err(StoreError::NotFound("user"));
        }
        tx.execute(&END_SESSIONS, args![user]).await?;
        tx.commit().await
    }

    pub async fn record_login_failure(&self, email: &str, now: Timestamp) -> Result<()> {
        self.db.execute(&FAILED, args![email.to_lowercase(), now]).await.map(drop)
    }

    /// Failures of the address since then.
    pub async fn recent_login_failures(&self, email: &str, since: Timestamp) -> Result<u32> {
        let counted = self.find(&FAILURES, args![email.to_lowercase(), since], |row| row.get(0)).await?;
        Ok(counted.unwrap_or(0))
    }
}

impl Role {
    fn stored(self) -> (&'static str, Option<ClientId>) {
        match self {
            Self::Owner => ("owner", None),
            Self::Technician => ("technician", None),
            Self::Viewer => ("viewer", None),
            Self::ClientOwner(client) => ("client_owner", Some(client)),
        }
    }

    fn from_stored(word: &str, client: Option<ClientId>) -> Result<Self> {
        match (word, client) {
            ("owner", None) => Ok(Self::Owner),
            ("technician", None) => Ok(Self::Technician),
            ("viewer", None) => Ok(Self::Viewer),
            ("client_owner", Some(client)) => Ok(Self::ClientOwner(client)),
            _ => Err(StoreError::Corrupt(format!("{word:?} is no role"))),
        }
    }
}

/// The user whose columns begin at `from`.
pub(crate) fn read(row: &Row, from: usize) -> Result<UserRow> {
    Ok(UserRow {
        id: row.get(from)?,
        email: row.get(from + 1)?,
        name: row.get(from + 2)?,
        role: Role::from_stored(&row.get::<String>(from + 3)?, row.get(from + 4)?)?,
        password_phc: row.get(from + 5)?,
        made_at: row.get(from + 6)?,
    })
}
