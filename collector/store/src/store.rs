//! The handle on the database.

use crate::error::Result;
use std::path::Path;

/// Which database engine holds the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

/// A handle on the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {}

impl Store {
    /// Opens `sqlite:///path/file.db` (made if absent), `sqlite::memory:` or `postgres://…`. Does
    /// not migrate.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached, `Other` for a URL of another kind.
    pub async fn open(url: &str) -> Result<Self> {
        crate::later().await
    }

    pub fn engine(&self) -> Engine {
        Engine::Sqlite
    }

    /// Brings the schema up to date. Safe to call from several processes at once.
    pub async fn migrate(&self) -> Result<()> {
        crate::later().await
    }

    /// Version of the schema; 0 before the first migration.
    pub async fn schema_version(&self) -> Result<i64> {
        crate::later().await
    }

    /// Copies the whole database to a new file while others go on working.
    ///
    /// # Errors
    /// `Other` on PostgreSQL, which says how it is done there; `Conflict` if the file exists.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        crate::later().await
    }
}
