//! The provider's own particulars, and small settings.

use crate::{
    Store,
    error::Result,
    sql::statements,
    value::{args, json, parse_json},
};
use beforehand_core::month::Provider;

/// The flag that holds the provider's particulars.
const PROVIDER: &str = "provider";

statements! {
    SCHEMA_VERSION = "SELECT MAX(version) FROM _sqlx_migrations";
    FLAG = "SELECT value FROM flags WHERE key = $1";
    SET_FLAG = "INSERT INTO flags (key, value) VALUES ($1, $2) ON CONFLICT (key) DO UPDATE SET value = excluded.value";
}

impl Store {
    /// The default while nothing was set.
    pub async fn provider(&self) -> Result<Provider> {
        match self.flag(PROVIDER).await? {
            Some(text) => parse_json(&text),
            None => Ok(Provider::default()),
        }
    }

    pub async fn set_provider(&self, provider: &Provider) -> Result<()> {
        self.set_flag(PROVIDER, &json(provider)?).await
    }

    /// A small setting of the program itself, such as when a task last ran.
    pub async fn flag(&self, key: &str) -> Result<Option<String>> {
        self.find(&FLAG, args![key], |row| row.get(0)).await
    }

    pub async fn set_flag(&self, key: &str, value: &str) -> Result<()> {
        self.db.execute(&SET_FLAG, args![key, value]).await.map(drop)
    }
}
