//! The append-only list of outcomes. Each entry names the hash of the one before it, so that a
//! change of the past shows; a correction is a new entry that names the old one.

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
    pub expected_from: Option<Timestamp>,
    pub expected_to: Option<Timestamp>,
    /// Who did what.
    pub work: Vec<Work>,
    pub minutes_worked: u32,
    /// What happened after.
    pub after: String,
    pub events: Vec<CaseEvent>,
    /// The measurements and the forecast as it was made, for the chart.
    pub chart: Option<StoryChart>,
    /// People held up and for how long, for what users noticed.
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
    pub measured: Vec<crate::series::Sample>,
}
