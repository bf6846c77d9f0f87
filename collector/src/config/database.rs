//! `[database]`: where everything is remembered.

use super::ConfigError;
use serde::Deserialize;

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Database {
    /// `sqlite:///path/to/file.db` or `postgres://user:password@host/name`. Empty: a SQLite file
    /// in the state directory.
    pub url: String,
}

impl Database {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let known = ["sqlite:", "postgres://", "postgresql://"];
        if self.url.is_empty() || known.iter().any(|scheme| self.url.starts_with(scheme)) {
            return Ok(());
        }
        Err(ConfigError::Wrong {
            setting: "database.url",
            problem: "the scheme is neither sqlite nor postgres".to_owned(),
            remedy: "Use sqlite:///path/to/file.db or postgres://user@host/name",
        })
    }
}
