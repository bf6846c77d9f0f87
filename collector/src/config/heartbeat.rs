//! `[heartbeat]`: what watches the collector from outside.

use super::ConfigError;
use serde::Deserialize;

/// Who watches the collector from outside.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Heartbeat {
    /// Asked for every minute while the collector works; empty for none.
    pub url: String,
}

impl Heartbeat {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        let is_web = |url: &str| reqwest::Url::parse(url).is_ok_and(|url| ["http", "https"].contains(&url.scheme()));
        if self.url.is_empty() || is_web(&self.url) {
            return Ok(());
        }
        Err(ConfigError::Wrong {
            setting: "heartbeat.url",
            problem: format!("{:?} is not a web address", self.url),
            remedy: "Write it as https://ping.example.net/your-check, or leave it empty",
        })
    }
}
