//! By which a machine is on the network: what it has counted, and whether its gateway is a neighbour that answers.

use serde::{Deserialize, Serialize};
use std::net::IpAddr;

/// The interface of the default route, or the one that had it last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interface {
    /// Name that the system gives it; the key of the asset within its host.
    pub name: String,
    pub state: InterfaceState,
    /// Of the connection, in Mbit/s.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_mbit: Option<u32>,
    /// Whether both sides may speak at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_duplex: Option<bool>,
    /// The machine's own IPv4 address there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<IpAddr>,
    /// The default gateway.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway: Option<IpAddr>,
    /// Hardware address of the radio's access point (BSSID), where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub access_point: Option<String>,
    /// Strength of the radio signal, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub signal_dbm: Option<i32>,
    /// Since the run before; absent in the first one, and where a counter began anew.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub traffic: Option<Traffic>,
    /// Whether the gateway has told its hardware address (ARP, RFC 826): absent where nobody asked lately.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gateway_known: Option<bool>,
}

/// What went over an interface in a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traffic {
    /// Length of the while in milliseconds.
    pub over_ms: u32,
    pub received_bytes: u64,
    pub sent_bytes: u64,
    /// Frames received damaged or not sent because of an error.
    pub errors: u64,
    /// Frames that the machine itself had no room for.
    pub dropped: u64,
    /// Frames that the radio gave up after many tries, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retries: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum InterfaceState {
    Up,
    /// Switched on, and nothing at the other end: no cable, no radio network.
    NoCarrier,
    /// Switched off, or gone.
    Off,
    /// A state that this build does not know.
    #[serde(other)]
    Unknown,
}
