//! What must not be forgotten about updates. Only the privileged step writes it; the agent reads it,
//! to tell the collector and to leave alone what would be refused.

use crate::files;
use beforehand_shared::update::{Attempt, Version};
use serde::{Deserialize, Serialize};
use std::{io, path::Path};

const FILE: &str = "memory.json";
const BYTES: u64 = 64 * 1024;
/// Versions that failed; more than these few there will hardly be.
const REFUSED: usize = 100;

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Memory {
    /// The highest version that was ever put in place and became healthy.
    pub highest: Option<Version>,
    /// The highest serial number of an index that was verified.
    pub serial: u64,
    /// Versions that did not become healthy here.
    pub refused: Vec<Version>,
    /// What the privileged step did last.
    pub last: Option<Attempt>,
}

impl Memory {
    /// What is remembered in `work`; an empty memory where nothing ever was.
    ///
    /// # Errors
    /// A damaged memory is not an empty one: without it an old version might come back.
    pub fn load(work: &Path) -> io::Result<Self> {
        match files::read(&work.join(FILE), BYTES)? {
            Some(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::other),
            None => Ok(Self::default()),
        }
    }

    pub(super) fn save(&self, work: &Path) -> io::Result<()> {
        files::write(work, FILE, &serde_json::to_vec(self).map_err(io::Error::other)?, files::Readers::All)
    }

    pub(super) fn refuse(&mut self, version: Version) {
        if !self.refused.contains(&version) {
            self.refused.push(version);
        }
        let over = self.refused.len().saturating_sub(REFUSED);
        self.refused.drain(..over);
    }
}
