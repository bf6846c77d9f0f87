//! Naming the things that are watched.

use serde::{Deserialize, Serialize};

/// What kind of thing an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    Host,
    Volume,
    Link,
    /// By which a machine is on the network.
    Interface,
    /// The routers between a machine and a public address.
    Route,
    Resolver,
    Endpoint,
    Printer,
    /// A cartridge, waste box or other part of a printer that runs out.
    Supply,
    Queue,
    Drive,
    /// A drive as the system uses it.
    BlockDevice,
    Array,
}

impl AssetKind {
    pub const ALL: [Self; 13] = [
        Self::Host,
        Self::Volume,
        Self::Link,
        Self::Interface,
        Self::Route,
        Self::Resolver,
        Self::Endpoint,
        Self::Printer,
        Self::Supply,
        Self::Queue,
        Self::Drive,
        Self::BlockDevice,
        Self::Array,
    ];

    /// The word used in keys, URLs and columns.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Volume => "volume",
            Self::Link => "link",
            Self::Interface => "interface",
            Self::Route => "route",
            Self::Resolver => "resolver",
            Self::Endpoint => "endpoint",
            Self::Printer => "printer",
            Self::Supply => "supply",
            Self::Queue => "queue",
            Self::Drive => "drive",
            Self::BlockDevice => "block_device",
            Self::Array => "array",
        }
    }

    /// Whether two agents of a site that see the same key see the same thing. A printer is one
    /// printer whoever asks it, and so are its supplies; a volume `/` exists on every host.
    pub const fn shared_by_site(self) -> bool {
        matches!(self, Self::Printer | Self::Supply)
    }
}
