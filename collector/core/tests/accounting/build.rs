//! Small closed cases, ledgers and months from a few figures in hours after a Monday morning.

use beforehand_core::{
    asset::AssetId,
    case::{Case, CaseEvent, CaseId, CaseState, Judgement, Reason},
    finding::{ChartRef, Evidence, FindingKind, Severity},
    forecast::{FanPoint, Forecast, ForecastId, Outlook},
    ledger::{self, ClosedCase, Draft, Entry},
    month::{Effort, Month, MonthInput, Provider},
    outcome::judge,
    record::RuleRecord,
    series::{Metric, Sample},
    site::{Client, Contract, Delivery},
    ticket::{Ticket, TicketState, UserReport, Verdict, Work},
};
use beforehand_shared::{
    ids::{ClientId, SiteId},
    time::{Millis, Timestamp},
};
use serde::Deserialize;
use std::collections::BTreeMap;

/// 2 November 2026, 08:00 UTC, a Monday.
pub(crate) const MONDAY: Timestamp = Timestamp(1_793_606_400_000);

pub(crate) fn hour(h: f64) -> Timestamp {
    MONDAY.plus(Millis((h * 3.6e6) as i64))
}

pub(crate) fn client_id() -> ClientId {
    "01890000-0000-7000-8000-000000000001".parse().unwrap()
}

pub(crate) fn site_id() -> SiteId {
    "01890000-0000-7000-8000-000000000002".parse().unwrap()
}

pub(crate) fn asset() -> AssetId {
    AssetId("volume:01890000-0000-7000-8000-000000000003:D:".to_owned())
}

/// `case.json`. Times are hours after [`MONDAY`]; what is not said is the plainest there is.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Told {
    pub(crate) kind: Option<FindingKind>,
    pub(crate) metric: Option<Metric>,
    /// None: it never called for a ticket.
    pub(crate) ticket_h: Option<f64>,
    /// None: it is still open.
    pub(crate) closed_h: Option<f64>,
    pub(crate) closed_because: Option<Reason>,
    pub(crate) onset_h: Option<f64>,
    pub(crate) not_in_contract: bool,
    pub(crate) absorbed: Option<String>,
    pub(crate) verdict: Option<Verdict>,
    pub(crate) resolved_h: Option<f64>,
    pub(crate) events: Vec<Reason>,
    pub(crate) forecasts: Vec<ToldForecast>,
    pub(crate) measured: Vec<Slope>,
    pub(crate) work: Vec<ToldWork>,
    pub(crate) user_reports: Vec<ToldReport>,
    pub(crate) record: RuleRecord,
    pub(crate) expect: Option<Expect>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct ToldForecast {
    pub(crate) made_h: f64,
    pub q10_h: Option<f64>,
    pub q50_h: Option<f64>,
    pub q90_h: Option<f64>,
    pub(crate) need: Option<f64>,
    /// Hour, 10 % value, 90 % value.
    pub(crate) band: Vec<(f64, f64, f64)>,
}

/// One value an hour on a straight line.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Slope {
    pub(crate) hours: (f64, f64),
    pub(crate) values: (f64, f64),
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToldWork {
    pub(crate) h: f64,
    pub(crate) minutes: u32,
    pub(crate) acted: bool,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ToldReport {
    pub(crate) h: f64,
    pub(crate) on: On,
    #[serde(default = "yes")]
    pub(crate) in_scope: bool,
}

const fn yes() -> bool {
    true
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum On {
    ThisAsset,
    AnotherAsset,
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expect {
    pub(crate) outcome: beforehand_core::outcome::Outcome,
    pub(crate) counted_h: f64,
    pub(crate) p: Option<f64>,
    /// What follows `Here: `.
    pub(crate) because: String,
}

impl Told {
    pub(crate) fn kind(&self) -> FindingKind {
        self.kind.unwrap_or(FindingKind::VolumeFull)
    }

    pub(crate) fn judged(&self) -> Option<Draft> {
        judge(&self.closed(), &self.record, hour(1000.0))
    }

    pub(crate) fn closed(&self) -> ClosedCase {
        ClosedCase {
            case: self.case(),
            asset_name: "D: on FRONTDESK".to_owned(),
            in_scope: !self.not_in_contract,
            events: self.events.iter().map(|reason| event(*reason)).collect(),
            ticket: self.ticket_h.map(|h| self.ticket(h)),
            work: self.work.iter().map(|work| worked(*work)).collect(),
            user_reports: (1..).zip(&self.user_reports).map(|(n, report)| reported(n, *report)).collect(),
            forecasts: self.forecasts.iter().map(|forecast| self.forecast(forecast)).collect(),
            measured: self.measured.iter().flat_map(|slope| samples(*slope)).collect(),
            users: None,
            absorbed: self.absorbed.clone(),
            time_zone: "Europe/Berlin".to_owned(),
        }
    }

    pub(crate) fn case(&self) -> Case {
        let state = self.closed_h.map_or(CaseState::Open, |h| CaseState::Closed {
            at: hour(h),
            because: self.closed_because.unwrap_or(Reason::Healthy),
        });
        let metric = self.metric.clone().unwrap_or(Metric::FreeBytes);
        let chart = ChartRef { asset: asset(), metric, from: hour(-1000.0), limit: Some(0.0) };
        let first = Judgement {
            at: hour(-1.0),
            severity: Severity::Soon,
            sentence: "Drive D: on FRONTDESK fills up.".to_owned(),
            steps: Vec::new(),
            evidence: Evidence { facts: Vec::new(), chart: Some(chart) },
            outlook: None,
        };
        Case {
            id: CaseId::new(client_id(), &asset(), self.kind(), hour(-1.0)),
            client: client_id(),
            site: site_id(),
            asset: asset(),
            kind: self.kind(),
            state,
            severity: Severity::Quiet,
            worst: Severity::Soon,
            opened_at: hour(-1.0),
            updated_at: hour(self.closed_h.unwrap_or_default()),
            ticketed_at: self.ticket_h.map(hour),
            onset: self.onset_h.map(hour),
            latest: first.clone(),
            first,
            reopened: 0,
        }
    }

    fn ticket(&self, opened_h: f64) -> Ticket {
        Ticket {
            client: client_id(),
            number: 1,
            site: site_id(),
            case: None,
            asset: Some(asset()),
            title: "Drive D: on FRONTDESK fills up".to_owned(),
            severity: Severity::Soon,
            state: TicketState::Resolved,
            assignee: Some("Kim".to_owned()),
            opened_at: hour(opened_h),
            acknowledged_at: None,
            resolved_at: self.resolved_h.map(hour),
            resolution: self.verdict,
        }
    }

    fn forecast(&self, told: &ToldForecast) -> Forecast {
        let fan = |(h, p10, p90): &(f64, f64, f64)| {
            let p50 = f64::midpoint(*p10, *p90);
            FanPoint { at: hour(*h), p10: *p10, p25: *p10, p50, p75: *p90, p90: *p90 }
        };
        Forecast {
            id: ForecastId(format!("forecast {}", told.made_h)),
            client: client_id(),
            site: site_id(),
            asset: asset(),
            kind: self.kind(),
            case: self.case().id,
            made_at: hour(told.made_h),
            outlook: Outlook {
                method: "test/1".to_owned(),
                chances: Vec::new(),
                q10: told.q10_h.map(hour),
                q50: told.q50_h.map(hour),
                q90: told.q90_h.map(hour),
                fan: told.band.iter().map(fan).collect(),
                need: told.need,
            },
            result: None,
        }
    }
}

fn event(reason: Reason) -> CaseEvent {
    CaseEvent { at: MONDAY, reason, sentence: format!("{reason:?}.") }
}

fn worked(told: ToldWork) -> Work {
    let text = "Cleaned up.".to_owned();
    Work { at: hour(told.h), who: "Kim".to_owned(), minutes: told.minutes, text, acted: told.acted }
}

pub(crate) fn reported(number: i64, told: ToldReport) -> UserReport {
    let asset = match told.on {
        On::ThisAsset => Some(asset()),
        On::AnotherAsset => Some(AssetId("printer::laser".to_owned())),
        On::Unknown => None,
    };
    UserReport {
        client: client_id(),
        number,
        site: site_id(),
        asset,
        who: "Anna".to_owned(),
        what: "cannot save".to_owned(),
        noticed_at: hour(told.h),
        entered_at: hour(told.h + 1.0),
        minutes_lost: 30,
        people: 3,
        in_scope: told.in_scope,
    }
}

fn samples(slope: Slope) -> impl Iterator<Item = Sample> {
    let (from, to) = slope.hours;
    let steps = (to - from).floor() as i64;
    (0..=steps).map(move |i| {
        let share = if steps == 0 { 0.0 } else { i as f64 / steps as f64 };
        let value = slope.values.0 + (slope.values.1 - slope.values.0) * share;
        Sample { at: hour(from + i as f64), value }
    })
}

/// A case that is `outcome` without more ado, on an asset of its own.
pub(crate) fn entry_like(outcome: beforehand_core::outcome::Outcome, n: u32) -> Draft {
    let mut draft = told("dated_in_time").judged().unwrap();
    draft.outcome = outcome;
    draft.asset = Some(AssetId(format!("volume::{n}")));
    draft.asset_name = format!("volume {n}");
    draft.at = hour(30.0);
    draft.counted_at = hour(20.0 + f64::from(n) / 100.0);
    if outcome != beforehand_core::outcome::Outcome::PreventedLikely {
        draft.p = None;
    }
    draft
}

/// The case in the folder `name`.
pub(crate) fn told(name: &str) -> Told {
    let path = format!("{}/tests/accounting/{name}/case.json", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// A ledger of `drafts` in their order.
pub(crate) fn chained(drafts: Vec<Draft>) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for (seq, draft) in (1..).zip(drafts) {
        let prev_hash = entries.last().map_or(ledger::START, |entry| &entry.hash).to_owned();
        entries.push(ledger::chain(draft, client_id(), seq, &prev_hash));
    }
    entries
}

pub(crate) fn november(ledger: Vec<Entry>) -> MonthInput {
    MonthInput {
        client: client(),
        provider: Provider::default(),
        month: Month { year: 2026, month: 11 },
        taken_at: hour(700.0),
        ledger,
        user_reports: Vec::new(),
        effort: Effort { proactive_minutes: 60, reactive_minutes: 120, false_alarm_minutes: 0 },
        past_effort: BTreeMap::new(),
        previous_taken_at: Some(hour(0.0)),
        scored: Vec::new(),
        open: Vec::new(),
        blind: Vec::new(),
        watched: BTreeMap::new(),
        records: BTreeMap::new(),
    }
}

pub(crate) fn client() -> Client {
    Client {
        id: client_id(),
        name: "Hill & Moor".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        currency: "EUR".to_owned(),
        created_at: hour(-24.0 * 200.0),
        simulated: true,
        updates: false,
        orders: beforehand_core::site::Orders::default(),
        closed_days: beforehand_core::closed::ClosedDays::default(),
        contract: Contract {
            fee_per_month: 45_000,
            list_rate_per_hour: 9_000,
            included_hours: 4.0,
            wage_per_hour: 4_000,
            revenue_per_hour: 20_000,
            call_out: 12_000,
            people: 12,
        },
        delivery: Delivery { emails: Vec::new(), day: 3, hour: 8, hold_for_review: false },
    }
}
