//! `[server]`: where the collector listens and how it is reached.

use super::{ConfigError, platform};
use serde::Deserialize;
use std::{net::SocketAddr, path::PathBuf};

#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Server {
    pub listen: SocketAddr,
    /// HTTPS with a certificate of the collector's own CA. Plain HTTP is for a reverse proxy on
    /// the same machine, and is refused on any other address than loopback.
    pub https: bool,
    /// Names and addresses that agents and people use; they go into the certificate.
    pub names: Vec<String>,
    /// How the collector is reached from outside, for links in mails and the install command.
    /// Empty: `https://` with the first name and the port.
    pub public_url: String,
    /// Directory for keys, certificates and the SQLite file.
    pub state: PathBuf,
    /// Directory of the agent's packages that are handed to machines to be enrolled.
    pub packages: PathBuf,
    /// How long requests under way may take at shutdown, in seconds.
    pub shutdown_seconds: u32,
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8443)),
            https: true,
            names: vec!["localhost".to_owned(), "127.0.0.1".to_owned()],
            public_url: String::new(),
            state: platform::state_dir(),
            packages: platform::packages_dir(),
            shutdown_seconds: 20,
        }
    }
}

impl Server {
    pub(super) fn check(&self) -> Result<(), ConfigError> {
        if !self.https && !self.listen.ip().is_loopback() {
            return Err(ConfigError::Wrong {
                setting: "server.listen",
                problem: format!("plain HTTP on {} would send passwords and secrets in the clear", self.listen),
                remedy: "Set https = true, or listen on 127.0.0.1 behind a proxy on this machine",
            });
        }
        if self.names.iter().all(|name| name.trim().is_empty()) {
            return Err(ConfigError::Wrong {
                setting: "server.names",
                problem: "no name is given".to_owned(),
                remedy: "Give the name or address by which agents reach this machine",
            });
        }
        if let Some(odd) = self.names.iter().find(|name| !name.chars().all(is_of_a_name)) {
            return Err(ConfigError::Wrong {
                setting: "server.names",
                problem: format!("{odd:?} is neither a name nor an address"),
                remedy: "Give names as watch.example.net and addresses as 192.0.2.7 or 2001:db8::7",
            });
        }
        if !self.public_url.is_empty() && origin(&self.public_url).is_none() {
            return Err(ConfigError::Wrong {
                setting: "server.public_url",
                problem: format!("{:?} is not like https://watch.example.net:8443", self.public_url),
                remedy: "Give scheme, name and port without a path, or leave it empty",
            });
        }
        super::within("server.shutdown_seconds", &self.shutdown_seconds, 1..=300)
    }

    /// Base of every link, without a slash at the end.
    pub fn base_url(&self) -> String {
        if let Some(origin) = origin(&self.public_url) {
            return origin.to_owned();
        }
        let scheme = if self.https { "https" } else { "http" };
        let name = self.names.first().map_or("localhost", String::as_str);
        let host = if name.contains(':') { format!("[{name}]") } else { name.to_owned() };
        format!("{scheme}://{host}:{}", self.listen.port())
    }
}

/// Names stand in commands that people paste as root.
fn is_of_a_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-._:".contains(c)
}

fn origin(url: &str) -> Option<&str> {
    let url = url.strip_suffix('/').unwrap_or(url);
    let authority = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"))?;
    let plain = !authority.is_empty() && authority.chars().all(|c| is_of_a_name(c) || "[]".contains(c));
    plain.then_some(url)
}
