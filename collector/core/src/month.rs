//! A month of one client, counted for its statement. What goes in is stored with the statement,
//! so that the same month gives the same figures a year later.

mod count;
mod interval;
mod tally;
mod trend;
mod words;

pub use count::figures;
pub use words::{headline, summary};

use crate::{
    finding::FindingKind, forecast::Forecast, ledger::Entry, outcome::Outcome, record::RuleRecord, site::Client,
    ticket::UserReport,
};
use beforehand_shared::time::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Version of the definitions printed on the statement.
pub const DEFINITIONS: &str = "1";

/// A calendar month in the client's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Month {
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
}

/// All that a statement is computed from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthInput {
    pub client: Client,
    pub provider: Provider,
    pub month: Month,
    /// When the input was taken.
    pub taken_at: Timestamp,
    /// The client's whole ledger up to then, corrections included.
    pub ledger: Vec<Entry>,
    /// Of the twelve months up to the end of this one.
    pub user_reports: Vec<UserReport>,
    /// Work logged in the month, by what it was for.
    pub effort: Effort,
    /// The same for the eleven months before, where there was any.
    #[serde(default)]
    pub past_effort: BTreeMap<Month, Effort>,
    /// When the input of the statement before this one was taken.
    #[serde(default)]
    pub previous_taken_at: Option<Timestamp>,
    /// Forecasts with a result in the month, and those still open.
    pub scored: Vec<NamedForecast>,
    pub open: Vec<NamedForecast>,
    pub blind: Vec<BlindSpot>,
    /// Machines, volumes, printers … in service.
    pub watched: BTreeMap<String, u32>,
    pub records: BTreeMap<FindingKind, RuleRecord>,
}

/// Who sends the statement.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Provider {
    pub name: String,
    /// The person who signs.
    pub signed_by: String,
    pub phone: String,
    pub email: String,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct Effort {
    pub proactive_minutes: u32,
    pub reactive_minutes: u32,
    pub false_alarm_minutes: u32,
}

/// A forecast with the name of its asset.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedForecast {
    pub asset_name: String,
    pub forecast: Forecast,
}

/// What could not be seen, and for how long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlindSpot {
    pub what: String,
    pub why: String,
    pub minutes: Option<u32>,
}

/// The statement's figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MonthFigures {
    pub month: Month,
    pub tally: Tally,
    pub worth: Worth,
    /// Twelve months up to this one, oldest first.
    pub trend: Vec<TrendMonth>,
    /// The lines of the month that stand after corrections, in the order of `counted_at`.
    pub lines: Vec<Entry>,
    /// `seq` of lines that say *prevented* but do not count: the same cause on the same asset
    /// counts once a month.
    #[serde(default)]
    pub repeats: Vec<u64>,
    /// Lines of earlier months that were written or corrected since the last statement.
    #[serde(default)]
    pub since_last: Vec<Amendment>,
    pub forecast_hits: u32,
    pub forecast_misses: u32,
    pub forecast_treated: u32,
    /// The `p` used for each kind, with its interval and where it comes from.
    pub chances: Vec<KindChance>,
    pub effort: Effort,
    /// SHA-256 of the input.
    pub input_hash: String,
    /// The latest entry of the ledger when the input was taken: who keeps the statement can tell
    /// whether the ledger was rewritten later.
    #[serde(default)]
    pub ledger_head: Option<LedgerHead>,
}

/// A line of an earlier month that its own statement did not show like this.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Amendment {
    /// The month it counts in.
    pub month: Month,
    pub entry: Entry,
    /// What stood there before; none for a line that is new.
    pub was: Option<Outcome>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LedgerHead {
    pub seq: u64,
    pub hash: String,
}

/// "N proven + Σp likely", never one bare number.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Tally {
    pub proven: u32,
    pub likely_cases: u32,
    /// Σp.
    pub likely: f64,
    /// 90 % interval of proven + likely.
    pub low: f64,
    pub high: f64,
    pub by_outcome: BTreeMap<Outcome, u32>,
    /// Incidents that users saw: shortened, late and missed.
    pub user_visible: u32,
    pub hours_lost: f64,
}

/// In minor units of the client's currency.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    pub low: i64,
    pub likely: i64,
    pub high: i64,
    pub fee: i64,
    /// Support hours used, at list price.
    pub included_support: i64,
    /// Every figure that went in: what, value, and where it comes from.
    pub inputs: Vec<WorthInput>,
    /// Sums of twelve months, worth against fee.
    pub year_likely: i64,
    pub year_support: i64,
    pub year_fee: i64,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WorthInput {
    pub what: String,
    pub value: String,
    pub source: String,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrendMonth {
    pub month: Month,
    pub proven: u32,
    pub likely: f64,
    pub user_visible: u32,
    pub hours_lost: f64,
    pub false_alarms: u32,
    pub fee: i64,
    pub worth_likely: i64,
    /// False for months before the client was watched: they are empty, not quiet.
    #[serde(default)]
    pub watched: bool,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindChance {
    pub kind: FindingKind,
    pub p: f64,
    pub low: f64,
    pub high: f64,
    /// Such as `prior 2 of 4; own record 3 of 5`.
    pub source: String,
}

/// Text that is not a month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not a month like 2026-11")]
pub struct NotAMonth(pub String);

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

impl std::str::FromStr for Month {
    type Err = NotAMonth;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text
            .split_once('-')
            .and_then(|(year, month)| Some(Self { year: year.parse().ok()?, month: month.parse().ok()? }));
        parsed
            .filter(|month| (1..=12).contains(&month.month) && (1970..=9999).contains(&month.year))
            .ok_or_else(|| NotAMonth(text.to_owned()))
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = NotAMonth;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}
