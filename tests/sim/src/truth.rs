//! What really happened in a world, and what would have happened without the work done.

use beforehand_core::{asset::AssetId, finding::FindingKind};
use beforehand_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// In the order of onset.
    pub incidents: Vec<Incident>,
    /// In the order of the action.
    pub averted: Vec<Averted>,
    /// In the order of their beginning.
    pub troubles: Vec<Trouble>,
}

/// Something that went wrong and that a person who looked would have found, whether or not it came to an incident.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trouble {
    pub asset: AssetId,
    pub kind: FindingKind,
    pub began: Timestamp,
    /// When what it leads to came, or would have come without work.
    pub onset: Option<Timestamp>,
    pub ended: Option<Timestamp>,
}

/// An interruption that users saw.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Incident {
    pub asset: AssetId,
    pub kind: FindingKind,
    pub onset: Timestamp,
    pub ended: Option<Timestamp>,
    /// When somebody told the provider, if anybody did.
    pub reported: Option<Timestamp>,
    /// Whether it announced itself: a jam does not, a filling volume does.
    pub foreseeable: bool,
}

/// An incident that the same world without this action would have had.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Averted {
    pub asset: AssetId,
    pub kind: FindingKind,
    pub acted_at: Timestamp,
    pub would_have_begun: Timestamp,
}
