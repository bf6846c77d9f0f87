//! `[mail]`: how statements and tickets leave the collector.

use super::ConfigError;
use serde::Deserialize;
use std::path::PathBuf;

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Mail {
    pub mode: MailMode,
    /// Sender: `Name <address>`.
    pub from: String,
    /// Addresses of the provider that are told of new and worse tickets.
    pub tickets_to: Vec<String>,
    /// Directory for mode `files`.
    pub folder: PathBuf,
    pub smtp: Smtp,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailMode {
    /// Nothing is sent; mails wait in the outbox.
    #[default]
    Off,
    /// Each mail becomes a file `.eml`.
    Files,
    Smtp,
}

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Smtp {
    pub host: String,
    pub port: u16,
    pub security: Security,
    /// Empty: without authentication.
    pub user: String,
    /// File that holds the password, readable by the collector only.
    pub password_file: PathBuf,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Security {
    /// Plain at first, then TLS; refused when the server has none (RFC 3207).
    #[default]
    Starttls,
    /// TLS from the start (RFC 8314).
    Tls,
    /// No encryption: only to a relay on this machine.
    None,
}

impl Default for Mail {
    fn default() -> Self {
        Self {
            mode: MailMode::Off,
            from: "Beforehand <beforehand@localhost>".to_owned(),
            tickets_to: Vec::new(),
            folder: PathBuf::from("outgoing"),
            smtp: Smtp::default(),
        }
    }
}

impl Default for Smtp {
    fn default() -> Self {
        Self {
            host: "localhost".to_owned(),
            port: 587,
            security: Security::Starttls,
            user: String::new(),
            password_file: PathBuf::new(),
        }
    }
}

impl Mail {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        for (setting, address) in std::iter::once(("mail.from", &self.from))
            .chain(self.tickets_to.iter().map(|address| ("mail.tickets_to", address)))
        {
            if address.parse::<lettre::message::Mailbox>().is_err() {
                return Err(ConfigError::Wrong {
                    setting,
                    problem: format!("{address:?} is not a mail address"),
                    remedy: "Write it as name@example.net or Name <name@example.net>",
                });
            }
        }
        self.smtp.check()
    }
}

impl Smtp {
    fn check(&self) -> Result<(), ConfigError> {
        let local = ["localhost", "127.0.0.1", "::1"].contains(&self.host.as_str());
        if self.security == Security::None && !local {
            return Err(ConfigError::Wrong {
                setting: "mail.smtp.security",
                problem: format!("mail to {} would travel in the clear", self.host),
                remedy: "Use starttls or tls, or a relay on this machine",
            });
        }
        Ok(())
    }
}
