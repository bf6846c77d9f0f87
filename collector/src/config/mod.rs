//! The collector's configuration: one TOML file, one file here per section. What the file leaves
//! out has the default that `config/collector.example.toml` shows.

mod database;
mod heartbeat;
mod limits;
mod log;
mod mail;
pub(crate) mod platform;
mod retention;
mod server;
mod sessions;

pub use database::Database;
pub use heartbeat::Heartbeat;
pub use limits::Limits;
pub use log::Log;
pub use mail::{Mail, MailMode, Security, Smtp};
pub use retention::Keep;
pub use server::Server;
pub use sessions::Sessions;

use serde::Deserialize;
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    pub server: Server,
    pub database: Database,
    pub mail: Mail,
    pub limits: Limits,
    pub sessions: Sessions,
    pub retention: Keep,
    pub heartbeat: Heartbeat,
    pub log: Log,
}

/// Why the configuration cannot be used. The text names the line or the setting, and the remedy.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("cannot read {}: {why}", file.display())]
    Unreadable { file: PathBuf, why: std::io::Error },
    #[error("{}: {why}", file.display())]
    NotToml { file: PathBuf, why: Box<toml::de::Error> },
    #[error("{setting}: {problem}. {remedy}")]
    Wrong { setting: &'static str, problem: String, remedy: &'static str },
}

impl Config {
    /// The configuration of `file`, or of the packaged file, or the defaults without one; not yet
    /// checked.
    ///
    /// # Errors
    /// When the file cannot be read, is not TOML, or has a setting that does not exist.
    pub fn load(file: Option<&Path>) -> Result<Self, ConfigError> {
        let packaged = Path::new(platform::CONFIG_FILE);
        let Some(file) = file.or_else(|| packaged.exists().then_some(packaged)) else { return Ok(Self::default()) };
        let text =
            std::fs::read_to_string(file).map_err(|why| ConfigError::Unreadable { file: file.to_owned(), why })?;
        toml::from_str(&text).map_err(|why| ConfigError::NotToml { file: file.to_owned(), why: Box::new(why) })
    }

    /// # Errors
    /// Names the first setting that cannot work, and the remedy.
    pub fn check(&self) -> Result<(), ConfigError> {
        self.server.check()?;
        self.database.check()?;
        self.mail.check()?;
        self.limits.check()?;
        self.sessions.check()?;
        self.retention.check()?;
        self.heartbeat.check()
    }

    /// The database's URL: as set, else a SQLite file in the state directory.
    pub fn database_url(&self) -> String {
        match self.database.url.as_str() {
            "" => format!("sqlite://{}", self.server.state.join("collector.db").display()),
            url => url.to_owned(),
        }
    }
}

/// Refuses `value` outside of `range`.
fn within<T: PartialOrd + std::fmt::Display>(
    setting: &'static str,
    value: &T,
    range: std::ops::RangeInclusive<T>,
) -> Result<(), ConfigError> {
    if range.contains(value) {
        return Ok(());
    }
    let problem = format!("{value} is not between {} and {}", range.start(), range.end());
    Err(ConfigError::Wrong { setting, problem, remedy: "Choose a value in that range" })
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLE: &str = include_str!("../../../config/collector.example.toml");

    #[test]
    fn the_example_file_is_the_defaults() {
        let mut example: Config = toml::from_str(EXAMPLE).unwrap();
        example.server.state = Config::default().server.state;
        assert_eq!(example, Config::default());
    }

    #[test]
    fn the_example_file_shows_every_section() {
        for section in ["server", "database", "mail", "mail.smtp", "limits", "sessions", "retention", "log"] {
            assert!(EXAMPLE.contains(&format!("\n[{section}]\n")), "[{section}] is not in the example");
        }
    }

    #[test]
    fn the_defaults_can_be_used() {
        Config::default().check().unwrap();
    }

    #[test]
    fn a_setting_that_does_not_exist_is_named_with_its_line() {
        let wrong = toml::from_str::<Config>("[server]\nlisten = \"127.0.0.1:1\"\nlissten = 3\n").unwrap_err();
        let text = wrong.to_string();
        assert!(text.contains("line 3") && text.contains("lissten"), "{text}");
    }

    #[test]
    fn plain_http_off_loopback_is_refused_with_a_remedy() {
        let config: Config = toml::from_str("[server]\nlisten = \"0.0.0.0:8080\"\nhttps = false\n").unwrap();
        let text = config.check().unwrap_err().to_string();
        assert!(text.contains("0.0.0.0:8080") && text.contains("https = true"), "{text}");
    }
}
