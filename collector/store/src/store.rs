//! The handle on the database.

use crate::{
    engine::{Db, Engine, Row, Tx},
    error::{Result, StoreError},
    sql::Sql,
    value::Value,
};
use std::path::Path;

/// A handle on the database; cheap to clone.
#[derive(Debug, Clone)]
pub struct Store {
    pub(crate) db: Db,
}

impl Store {
    /// Opens `sqlite:///path/file.db` (made if absent), `sqlite::memory:` or `postgres://…`. Does
    /// not migrate.
    ///
    /// # Errors
    /// `Unavailable` when the database cannot be reached, `Other` for a URL of another kind.
    pub async fn open(url: &str) -> Result<Self> {
        Ok(Self { db: Db::open(url).await? })
    }

    pub const fn engine(&self) -> Engine {
        self.db.engine()
    }

    /// Brings the schema up to date. Safe to call from several processes at once.
    pub async fn migrate(&self) -> Result<()> {
        self.db.migrate().await
    }

    /// Version of the schema; 0 before the first migration.
    pub async fn schema_version(&self) -> Result<i64> {
        match self.one(&crate::provider::SCHEMA_VERSION, vec![]).await {
            Ok(row) => row.map_or(Ok(0), |row| row.get(0)),
            Err(StoreError::Other(_)) => Ok(0),
            Err(error) => Err(error),
        }
    }

    /// Copies the whole database to a new file while others go on working.
    ///
    /// # Errors
    /// `Other` on PostgreSQL, which says how it is done there; `Conflict` if the file exists.
    pub async fn backup(&self, to: &Path) -> Result<()> {
        self.db.backup(to).await
    }

    /// Whether the engine accepts the statement as it stands.
    pub async fn prepare(&self, sql: Sql) -> Result<()> {
        self.db.prepare(sql).await
    }

    /// Waits for what runs and closes all connections.
    pub async fn close(&self) {
        self.db.close().await;
    }

    pub(crate) async fn begin(&self) -> Result<Tx> {
        self.db.begin().await
    }

    pub(crate) async fn one(&self, sql: &Sql, args: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.db.all(sql, args).await?.into_iter().next())
    }

    /// Every row, as `read` makes it.
    pub(crate) async fn list<T>(&self, sql: &Sql, args: Vec<Value>, read: fn(&Row) -> Result<T>) -> Result<Vec<T>> {
        self.db.all(sql, args).await?.iter().map(read).collect()
    }

    pub(crate) async fn find<T>(&self, sql: &Sql, args: Vec<Value>, read: fn(&Row) -> Result<T>) -> Result<Option<T>> {
        self.one(sql, args).await?.as_ref().map(read).transpose()
    }

    /// Changes the one row that `args` name.
    pub(crate) async fn change(&self, sql: &Sql, args: Vec<Value>, what: &'static str) -> Result<()> {
        match self.db.execute(sql, args).await? {
            0 => Err(StoreError::NotFound(what)),
            _ => Ok(()),
        }
    }

    /// Adds a row whose key must be new.
    pub(crate) async fn add(&self, sql: &Sql, args: Vec<Value>, what: &'static str) -> Result<()> {
        match self.db.execute(sql, args).await {
            Err(StoreError::Conflict(_)) => Err(StoreError::Conflict(what)),
            other => other.map(drop),
        }
    }
}

impl Tx {
    pub(crate) async fn one(&mut self, sql: &Sql, args: Vec<Value>) -> Result<Option<Row>> {
        Ok(self.all(sql, args).await?.into_iter().next())
    }

    pub(crate) async fn list<T>(&mut self, sql: &Sql, args: Vec<Value>, read: fn(&Row) -> Result<T>) -> Result<Vec<T>> {
        self.all(sql, args).await?.iter().map(read).collect()
    }

    /// The next number of a counter in the client's row, which stays locked until the end.
    pub(crate) async fn next(&mut self, counter: &Sql, args: Vec<Value>) -> Result<i64> {
        self.one(counter, args).await?.ok_or(StoreError::NotFound("client"))?.get(0)
    }
}
