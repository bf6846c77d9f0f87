//! Router by router to a public address.

use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// One trace: echo requests that one, two, three routers pass on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// When it is made; the key of the asset within its host.
    pub occasion: Occasion,
    /// The address towards which it goes.
    pub target: String,
    /// The routers in their order, the gateway first; nothing for one that did not answer.
    pub hops: Vec<Option<IpAddr>>,
    /// Whether the target itself answered at the end.
    pub reached: bool,
    /// Bytes of the largest packet that gets there in one piece (path MTU, RFC 1191), up to those of Ethernet.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mtu: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// All is well: how the way usually is.
    Usual,
    /// Most public addresses lose packets.
    Fault,
    #[serde(other)]
    Other,
}

impl Occasion {
    pub const fn word(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::Fault => "fault",
            Self::Other => "other",
        }
    }
}
