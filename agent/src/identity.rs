//! Who this agent is: what enrolment gave it, kept in the state directory and read by nobody else.

use crate::platform;
use beforehand_shared::ids::{ClientId, HostId, Incarnation, SiteId};
use serde::{Deserialize, Serialize};
use std::{
    io::{self, Write},
    path::Path,
};

const FILE: &str = "identity.toml";

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// The collector's address, such as `https://collector.example:8443`.
    pub server: String,
    /// The only certificate authority trusted for it, DER in hexadecimal; absent for plain HTTP to
    /// this machine itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ca: Option<String>,
    pub client: ClientId,
    pub site: SiteId,
    pub host: HostId,
    pub incarnation: Incarnation,
    /// Lower-case hexadecimal; made on this machine, and sent only to the collector.
    pub secret: String,
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Identity").field("server", &self.server).field("host", &self.host).finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum IdentityError {
    #[error("this machine is not enrolled: there is no {path}. Run: beforehand-agent enrol --help")]
    NotEnrolled { path: String },
    #[error("{path} cannot be read: {error}. The agent must run as the user that enrolled it")]
    Unreadable { path: String, error: io::Error },
    #[error("{path} is damaged: {error}. Enrol this machine again")]
    Damaged { path: String, error: String },
    #[error("{path} cannot be written: {error}")]
    Unwritable { path: String, error: io::Error },
}

impl Identity {
    pub fn load(state: &Path) -> Result<Self, IdentityError> {
        let file = state.join(FILE);
        let path = file.display().to_string();
        let text = match std::fs::read_to_string(&file) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(IdentityError::NotEnrolled { path }),
            Err(error) => return Err(IdentityError::Unreadable { path, error }),
        };
        toml::from_str(&text).map_err(|error| IdentityError::Damaged { path, error: error.message().to_owned() })
    }

    /// Writes the file whole or not at all, readable only for this user.
    pub fn save(&self, state: &Path) -> Result<(), IdentityError> {
        let file = state.join(FILE);
        self.write(state, &file).map_err(|error| IdentityError::Unwritable { path: file.display().to_string(), error })
    }

    fn write(&self, state: &Path, file: &Path) -> io::Result<()> {
        platform::create_private_dir(state)?;
        let text = toml::to_string(self).map_err(io::Error::other)?;
        let new = state.join("identity.new");
        let mut out = platform::create_private(&new)?;
        out.write_all(text.as_bytes())?;
        out.sync_all()?;
        std::fs::rename(&new, file)?;
        platform::sync_dir(state)
    }
}
