//! What each client costs and brings, from the same ledger as its statement.

use crate::{
    month::{Effort, MonthFigures},
    site::Client,
};
use serde::{Deserialize, Serialize};

/// One client's month.
#[derive(Debug, Clone, PartialEq)]
pub struct ClientMonth<'a> {
    pub client: &'a Client,
    pub figures: &'a MonthFigures,
    /// Machines with an agent.
    pub hosts: u32,
}

/// Amounts in minor units of the client's currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClientLine {
    pub name: String,
    pub currency: String,
    pub fee: i64,
    pub effort: Effort,
    /// Fee by hours worked; none when nobody worked.
    pub effective_rate: Option<i64>,
    pub list_rate: i64,
    /// Hours of help per machine; none without machines.
    pub reactive_hours_per_host: Option<f64>,
    pub user_visible_per_10_hosts: Option<f64>,
    /// At most five, worst first.
    pub noisiest: Vec<NoisyAsset>,
    /// Why the client may ask what he pays for.
    pub thin: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoisyAsset {
    pub name: String,
    pub lines: u32,
    pub minutes: u32,
}

/// One line per client, those at risk first, then by effective rate, lowest first.
pub fn provider_page(_clients: &[ClientMonth<'_>]) -> Vec<ClientLine> {
    Vec::new()
}
