//! The parts at which a connection can break, for simulated offices and for those of the lab.

use serde::{Deserialize, Serialize};

/// Where a fault can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Segment {
    /// Nothing is broken.
    None,
    /// One machine, its cable or its port.
    Own,
    Lan,
    Gateway,
    AccessLine,
    Isp,
    Dns,
    RemoteService,
    Saturated,
    /// Our own collector: no fault of the office.
    Collector,
}

impl Segment {
    pub const ALL: [Self; 10] = [
        Self::None,
        Self::Own,
        Self::Lan,
        Self::Gateway,
        Self::AccessLine,
        Self::Isp,
        Self::Dns,
        Self::RemoteService,
        Self::Saturated,
        Self::Collector,
    ];

    pub const fn word(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Own => "self",
            Self::Lan => "lan",
            Self::Gateway => "gateway",
            Self::AccessLine => "access",
            Self::Isp => "isp",
            Self::Dns => "dns",
            Self::RemoteService => "service",
            Self::Saturated => "saturated",
            Self::Collector => "collector",
        }
    }
}
