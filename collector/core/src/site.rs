//! Clients and their sites, as the analysis and the statement need them.

use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// A business that pays the fixed fee. Amounts are in minor units (cents) of `currency`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Client {
    pub id: ClientId,
    pub name: String,
    /// IANA name of its time zone.
    pub time_zone: String,
    /// ISO 4217.
    pub currency: String,
    pub created_at: Timestamp,
    /// Made up for a demonstration; marked wherever it is shown.
    pub simulated: bool,
    pub contract: Contract,
    pub delivery: Delivery,
}

/// What was agreed, and the client's own figures from which worth is computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    pub fee_per_month: i64,
    /// What an hour of the provider costs without a contract.
    pub list_rate_per_hour: i64,
    /// Support hours that the fee includes.
    pub included_hours: f64,
    /// Loaded wage of one person and hour.
    pub wage_per_hour: i64,
    /// Upper bound of what an interruption of the whole business can cost in an hour.
    pub revenue_per_hour: i64,
    /// What one visit costs without a contract.
    pub call_out: i64,
    /// People who work there.
    pub people: u32,
}

/// How the statement reaches the client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    pub emails: Vec<String>,
    /// Day of the following month, 1 to 28, and hour in the client's time zone.
    pub day: u8,
    pub hour: u8,
    /// Wait for a person to look before it goes.
    pub hold_for_review: bool,
}

/// One location: one LAN behind one internet line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Site {
    pub client: ClientId,
    pub id: SiteId,
    pub name: String,
}
