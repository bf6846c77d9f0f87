//! The one way in which a new program reaches an agent: a signed index of packages. Here is what
//! travels and how it is verified; nothing here fetches or writes.

mod index;
mod key;
mod version;

pub use index::{FORMAT, Index, IndexError, Package};
pub use key::{KeyError, UpdateKey};
pub use version::{NotAVersion, Version};

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// `GET` with the host's secret: what is offered to this host, or nothing.
pub const OFFER_PATH: &str = "/api/v1/update";
/// `GET` of one file that the present index names.
pub const FILES_PATH: &str = "/api/v1/update/files/";
/// Names of the two files in every place where an index lies.
pub const INDEX_FILE: &str = "index.json";
pub const SIGNATURE_FILE: &str = "index.json.minisig";

/// What the collector hands on. It cannot make such a thing, only withhold it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The index, byte for byte as it was signed.
    pub index: String,
    /// Its minisign signature.
    pub signature: String,
}

/// What an agent says about updates of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Updates {
    /// The packages that fit, such as `linux-x86_64`.
    pub platform: String,
    pub able: Able,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last: Option<Attempt>,
}

/// Whether this agent asks for updates at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Able {
    Yes,
    /// The owner of the machine does not want it.
    Forbidden,
    /// The build has no key to verify packages with.
    NoKey,
    #[serde(other)]
    Unknown,
}

/// The latest thing that was tried.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// By the host's wall clock.
    pub at: Timestamp,
    /// The version that was to come, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    #[serde(flatten)]
    pub came_to: CameTo,
}

/// What came of an attempt. The reasons are sentences for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "came_to", rename_all = "snake_case")]
pub enum CameTo {
    /// Fetched and verified; the privileged step has not taken it yet.
    Waiting,
    /// Runs, and has reported.
    Updated { from: Version },
    /// Did not become healthy: the version before runs again.
    Returned { to: Version, why: String },
    /// What was offered is not what it should be.
    Refused { why: String },
    /// Could not be fetched or put in place; will be tried again.
    Failed { why: String },
    #[serde(other)]
    Unknown,
}
