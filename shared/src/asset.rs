//! Naming the things that are watched.

use serde::{Deserialize, Serialize};

/// What kind of thing an asset is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AssetKind {
    Host,
    Volume,
    Link,
    Resolver,
    Endpoint,
    Printer,
    Queue,
    Drive,
    /// A drive as the system uses it.
    BlockDevice,
}

impl AssetKind {
    pub const ALL: [Self; 9] = [
        Self::Host,
        Self::Volume,
        Self::Link,
        Self::Resolver,
        Self::Endpoint,
        Self::Printer,
        Self::Queue,
        Self::Drive,
        Self::BlockDevice,
    ];

    /// The word used in keys, URLs and columns.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Host => "host",
            Self::Volume => "volume",
            Self::Link => "link",
            Self::Resolver => "resolver",
            Self::Endpoint => "endpoint",
            Self::Printer => "printer",
            Self::Queue => "queue",
            Self::Drive => "drive",
            Self::BlockDevice => "block_device",
        }
    }

    /// Whether two agents of a site that see the same key see the same thing. A printer is one
    /// printer whoever asks it; a volume `/` exists on every host.
    pub const fn shared_by_site(self) -> bool {
        matches!(self, Self::Printer)
    }
}
