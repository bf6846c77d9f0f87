//! Identifiers as distinct types, so that a host is never passed where a client is meant.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }
    };
}

id!(
    /// A business that pays the fixed fee: the tenant, first in every key.
    ClientId
);
id!(
    /// One location of a client: one LAN behind one internet line.
    SiteId
);
id!(
    /// A machine with an agent.
    HostId
);
id!(
    /// One life of an agent's spool. New at every enrolment and after a detected rollback, so that
    /// `(incarnation, seq)` never names two different reports.
    Incarnation
);
id!(
    /// One boot of a machine. Monotonic times compare only within a boot.
    BootId
);
