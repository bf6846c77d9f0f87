//! What an agent says about the machine it runs on.

use crate::{time::Timestamp, update::Updates};
use serde::{Deserialize, Serialize};

/// The machine itself, sent with the first report after a start and once a day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Host {
    /// Host name as the system gives it.
    pub name: String,
    /// Name and version of the operating system, for people.
    pub os: String,
    /// Version of the agent.
    pub agent: String,
    /// When the machine started.
    pub booted_at: Timestamp,
    /// When the agent started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// Whether it is made for somebody to sit at: it starts with a desktop to log in to, and is no server.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub desktop: Option<bool>,
    /// Whether the agent can be updated, and what came of the last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub updates: Option<Updates>,
}
