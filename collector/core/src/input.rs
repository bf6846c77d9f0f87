//! Everything the analysis may know about one site at one instant.

use crate::{
    asset::AssetId,
    calendar::Calendar,
    case::Case,
    closed::{ClosedDays, Closing},
    elsewhere::Elsewhere,
    finding::FindingKind,
    forecast::Forecast,
    record::RuleRecord,
    series::{Metric, Series},
    sight::Blind,
    site::{Orders, Site},
};
use beforehand_shared::{
    ids::HostId,
    observation::Observation,
    report::Goodbye,
    time::{Millis, Timestamp},
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far back [`Series::recent`] reaches.
pub const RECENT: Millis = Millis::hours(26);
/// How far back [`Series::hours`] reaches.
pub const HISTORY: Millis = Millis::days(60);
/// How far back [`Series::hours`] reaches for what runs out over months.
pub const LIFE: Millis = Millis::days(400);

/// How far back the hours of a metric reach; nothing of one whose longer past no detector asks for. Whoever provides an
/// [`Input`] follows it, so that nothing is judged in a test that a collector would not know.
pub const fn history(metric: &Metric) -> Option<Millis> {
    match metric {
        Metric::SupplyPct(_) | Metric::Pages | Metric::Troubled => Some(LIFE),
        Metric::Present
        | Metric::FreeBytes
        | Metric::TotalBytes
        | Metric::InodesFree
        | Metric::LossPct
        | Metric::RttMs
        | Metric::WearPct
        | Metric::SparePct
        | Metric::MediaErrors
        | Metric::ReallocatedSectors
        | Metric::PendingSectors
        | Metric::UncorrectableSectors
        | Metric::CrcErrors
        | Metric::ReallocationEvents
        | Metric::CommandTimeouts
        | Metric::SpinRetries => Some(HISTORY),
        Metric::AwaitMs | Metric::Requests => Some(Millis::days(28)),
        Metric::ReceivedKbit | Metric::SentKbit => Some(Millis::days(15)),
        Metric::AnswerMs => Some(Millis::days(7)),
        _ => None,
    }
}

/// How far back closed cases are given, so that a condition that returns reopens its case.
pub const REOPEN_WITHIN: Millis = Millis::days(14);

/// A report that is sent as soon as it is made arrives within this.
const LIVE: Millis = Millis::seconds(15);

/// Built by [`InputBuilder`], which refuses to build while a part was not loaded: missing is not
/// empty.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Input {
    pub now: Timestamp,
    pub site: Site,
    /// IANA name.
    pub time_zone: String,
    /// When nobody is at the client.
    pub closed_days: ClosedDays,
    pub orders: Orders,
    pub hosts: BTreeMap<HostId, HostView>,
    pub assets: BTreeMap<AssetId, AssetView>,
    /// Open and suppressed.
    pub cases: Vec<Case>,
    /// Closed within [`REOPEN_WITHIN`].
    pub closed: Vec<Case>,
    /// Those without a result.
    pub forecasts: Vec<Forecast>,
    pub maintenance: Vec<Maintenance>,
    pub records: BTreeMap<FindingKind, RuleRecord>,
    /// Of cases with a ticket: when someone last acted (work logged as such).
    pub acted: BTreeMap<crate::case::CaseId, Timestamp>,
    /// When the collector could not see, as far as [`RECENT`] reaches.
    pub blind: Vec<Blind>,
    pub elsewhere: Elsewhere,
}

impl Input {
    /// The client's, which knows its closed days.
    pub fn calendar(&self) -> Calendar {
        Calendar::new(&self.time_zone).closed_on(&self.closed_days)
    }

    /// Whether what a machine said last had to wait in its spool: it tells how things were.
    pub fn has_waited(&self, host: HostId) -> bool {
        let arrived = self.hosts.get(&host).and_then(|view| view.last_report);
        let reports = self.assets.get(&AssetId::of_host(host)).and_then(|view| view.series.get(&Metric::Present));
        let made = reports.and_then(Series::last).map(|latest| latest.at);
        arrived.zip(made).is_some_and(|(arrived, made)| arrived.since(made) > LIVE)
    }

    /// Why nobody is there today, where the client is closed.
    pub fn closed_today(&self) -> Option<&Closing> {
        self.closed_days.on(Calendar::new(&self.time_zone).local(self.now).date())
    }

    /// The case of this asset and kind that is not closed.
    pub fn case_on(&self, asset: &AssetId, kind: FindingKind) -> Option<&Case> {
        self.cases.iter().find(|case| case.kind == kind && case.asset == *asset)
    }

    /// `Black Toner of Kyocera`; its key where it is no supply.
    fn name_of_supply(&self, asset: &AssetId) -> String {
        let printer = asset.printer().and_then(|printer| self.assets.get(&printer));
        let name = asset.fallback_name();
        printer.map_or_else(|| name.to_owned(), |printer| format!("{name} of {}", printer.name))
    }

    /// For people.
    pub fn name_of(&self, asset: &AssetId) -> String {
        match (self.assets.get(asset), asset.fixed_name()) {
            (Some(view), _) => view.name.clone(),
            (None, Some(name)) => format!("{name} of {}", self.site.name),
            (None, None) => asset
                .host()
                .and_then(|host| self.hosts.get(&host))
                .map_or_else(|| self.name_of_supply(asset), |host| host.name.clone()),
        }
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HostView {
    pub name: String,
    pub enrolled_at: Timestamp,
    /// When its latest report arrived.
    pub last_report: Option<Timestamp>,
    /// The goodbye in its latest report, if there was one.
    pub goodbye: Option<Goodbye>,
    /// Set by a person; learned from [`Metric::Present`] where not set.
    pub always_on: Option<bool>,
    /// Latest run of each probe: when, and what went wrong, if anything.
    pub probes: BTreeMap<String, ProbeHealth>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProbeHealth {
    pub at: Timestamp,
    pub took_ms: u32,
    /// `seen`, `unsupported`, `no_data`, `denied`, `timed_out` or `failed`.
    pub result: String,
    /// What went wrong; of a run that has seen things, what it could not tell apart.
    pub why: Option<String>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AssetView {
    /// For people: `C: on FRONTDESK`, `Kyocera M2540dn`.
    pub name: String,
    pub first_seen: Timestamp,
    /// When it was last observed.
    pub seen_at: Timestamp,
    /// The latest observation of it.
    pub facts: Observation,
    pub in_scope: bool,
    pub series: BTreeMap<Metric, Series>,
}

impl AssetView {
    /// What is old news: three intervals of the series, ten minutes at least.
    pub fn is_fresh(&self, metric: &Metric, now: Timestamp) -> bool {
        let spacing = self.series.get(metric).map_or(Millis::MINUTE, Series::spacing);
        now.since(self.seen_at) <= Millis::minutes(10).max(Millis(spacing.0.saturating_mul(3)))
    }
}

/// Announced work: findings inside it are kept, but nobody is called.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Maintenance {
    pub from: Timestamp,
    pub to: Timestamp,
    /// One asset, or the whole site.
    pub asset: Option<AssetId>,
    pub why: String,
}

/// A part of the input that was never loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the analysis was not given {0}")]
pub struct MissingInput(pub &'static str);

#[derive(Debug, Default)]
pub struct InputBuilder {
    pub hosts: Option<BTreeMap<HostId, HostView>>,
    pub assets: Option<BTreeMap<AssetId, AssetView>>,
    pub cases: Option<Vec<Case>>,
    pub closed: Option<Vec<Case>>,
    pub forecasts: Option<Vec<Forecast>>,
    pub maintenance: Option<Vec<Maintenance>>,
    pub records: Option<BTreeMap<FindingKind, RuleRecord>>,
    pub acted: Option<BTreeMap<crate::case::CaseId, Timestamp>>,
    pub orders: Option<Orders>,
    pub closed_days: Option<ClosedDays>,
    pub blind: Option<Vec<Blind>>,
    pub elsewhere: Option<Elsewhere>,
}

impl InputBuilder {
    /// # Errors
    /// Names the first part that was never set.
    pub fn build(self, now: Timestamp, site: Site, time_zone: String) -> Result<Input, MissingInput> {
        Ok(Input {
            now,
            site,
            time_zone,
            hosts: self.hosts.ok_or(MissingInput("the hosts"))?,
            assets: self.assets.ok_or(MissingInput("the assets"))?,
            cases: self.cases.ok_or(MissingInput("the open cases"))?,
            closed: self.closed.ok_or(MissingInput("the closed cases"))?,
            forecasts: self.forecasts.ok_or(MissingInput("the forecasts"))?,
            maintenance: self.maintenance.ok_or(MissingInput("the maintenance windows"))?,
            records: self.records.ok_or(MissingInput("the rules' records"))?,
            acted: self.acted.ok_or(MissingInput("the work done"))?,
            closed_days: self.closed_days.ok_or(MissingInput("the client's closed days"))?,
            orders: self.orders.ok_or(MissingInput("the client's orders"))?,
            blind: self.blind.ok_or(MissingInput("the collector's own blindness"))?,
            elsewhere: self.elsewhere.ok_or(MissingInput("what other sites see"))?,
        })
    }
}
