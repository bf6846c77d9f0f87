//! The append-only list of outcomes. Each entry names the hash of the one before it, so that a
//! change of the past shows; a correction is a new entry that names the old one.

mod canonical;
mod chain;

pub use canonical::{canonical_json, fingerprint};
pub use chain::{Broken, START, admit, chain, standing, verify};

use crate::{
    asset::AssetId,
    case::{Case, CaseEvent},
    finding::FindingKind,
    outcome::Outcome,
    ticket::Work,
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::Timestamp,
};
use serde::{Deserialize, Serialize};

/// One outcome. `seq` counts the entries of a client from 1.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub client: ClientId,
    pub seq: u64,
    /// When the entry was written.
    pub at: Timestamp,
    pub subject: Subject,
    pub site: SiteId,
    pub asset: Option<AssetId>,
    /// Name of the asset at that time, for people.
    pub asset_name: String,
    pub kind: Option<FindingKind>,
    pub outcome: Outcome,
    /// When it belongs to the count: the action for what was prevented, the onset for what was
    /// not, the closing for the rest.
    pub counted_at: Timestamp,
    pub onset: Option<Timestamp>,
    pub ticketed_at: Option<Timestamp>,
    /// Chance that the incident would have happened, for *prevented, likely*.
    pub p: Option<Chance>,
    /// The rule's text and the figures it was applied to: why this outcome.
    pub because: String,
    /// The evidence as it was.
    pub evidence: Story,
    /// The entry this one replaces.
    pub corrects: Option<u64>,
    /// `analysis`, or who decided.
    pub by: String,
    pub prev_hash: String,
    pub hash: String,
}

impl Entry {
    /// What it adds to the count of the headline: 1 when proven, its chance when likely.
    pub fn counts_as(&self) -> f64 {
        match self.outcome {
            Outcome::PreventedProven => 1.0,
            Outcome::PreventedLikely => self.p.map_or(0.0, |chance| chance.p),
            _ => 0.0,
        }
    }
}

/// An outcome before it has its place in the ledger; [`chain`] makes it an [`Entry`]. The fields
/// are those of the entry.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    pub at: Timestamp,
    pub subject: Subject,
    pub site: SiteId,
    pub asset: Option<AssetId>,
    pub asset_name: String,
    pub kind: Option<FindingKind>,
    pub outcome: Outcome,
    pub counted_at: Timestamp,
    pub onset: Option<Timestamp>,
    pub ticketed_at: Option<Timestamp>,
    pub p: Option<Chance>,
    pub because: String,
    pub evidence: Story,
    pub corrects: Option<u64>,
    pub by: String,
}

/// What an entry is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(tag = "of", rename_all = "snake_case")]
pub enum Subject {
    Case { id: crate::case::CaseId },
    UserReport { number: i64 },
}

/// A Beta posterior: `hits + a` against `misses + b`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Chance {
    pub p: f64,
    pub alpha: f64,
    pub beta: f64,
}

/// What a sceptical reader needs to check an entry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Story {
    /// What we saw first, as it was said then.
    pub saw: String,
    pub saw_at: Option<Timestamp>,
    /// What would have happened by when, as it was forecast.
    pub expected: Option<String>,
    /// The 10, 50 and 90 % dates of onset, as forecast when the ticket opened.
    pub expected_from: Option<Timestamp>,
    #[serde(default)]
    pub expected_at: Option<Timestamp>,
    pub expected_to: Option<Timestamp>,
    /// Who did what.
    pub work: Vec<Work>,
    pub minutes_worked: u32,
    /// What happened after.
    pub after: String,
    pub events: Vec<CaseEvent>,
    /// The measurements and the forecast as it was made, for the chart.
    pub chart: Option<StoryChart>,
    /// When the work that removed the condition was done.
    #[serde(default)]
    pub acted_at: Option<Timestamp>,
    /// People who work with the asset, where the provider has entered it.
    #[serde(default)]
    pub users: Option<u32>,
    /// People held up and for how long, for what users noticed: the longest of their reports.
    pub people: u32,
    pub minutes_lost: u32,
}

/// A small chart kept with the entry: it must look the same a year later.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StoryChart {
    /// What is drawn, with its unit: `Free space of C: (GB)`.
    pub title: String,
    pub measured: Vec<crate::series::Sample>,
    pub fan: Vec<crate::forecast::FanPoint>,
    pub limit: Option<f64>,
    pub acted_at: Option<Timestamp>,
    pub onset: Option<Timestamp>,
}

/// Everything that is known of a closed case when its outcome is decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ClosedCase {
    pub case: Case,
    pub asset_name: String,
    pub in_scope: bool,
    pub events: Vec<CaseEvent>,
    pub ticket: Option<crate::ticket::Ticket>,
    pub work: Vec<Work>,
    /// Users' reports on the asset, or without one on the site, from a day before the case opened
    /// until it closed.
    pub user_reports: Vec<crate::ticket::UserReport>,
    /// In the order they were made.
    pub forecasts: Vec<crate::forecast::Forecast>,
    /// Ascending, as far back as there are samples: what a recognised change is told apart from.
    pub measured: Vec<crate::series::Sample>,
    /// People who work with the asset, where the provider has entered it.
    #[serde(default)]
    pub users: Option<u32>,
    /// Set when the failure did happen and something took its place: `the second internet line
    /// carried the office`.
    #[serde(default)]
    pub absorbed: Option<String>,
    /// IANA name of the client's time zone, for the dates in sentences; UTC when empty.
    #[serde(default)]
    pub time_zone: String,
}
