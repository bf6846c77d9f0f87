//! A small collector with one of everything in it.

use crate::{app::App, config::Config, random::Secret, time::Clock};
use beforehand_core::{
    analyze::Verdict,
    asset::AssetId,
    case::{Case, CaseChange, CaseEvent, CaseId, CaseState, Judgement, Reason, TicketAction},
    finding::{ChartRef, Evidence, Fact, FindingKind, Severity},
    forecast::{Chance, FanPoint, Forecast, ForecastId, Outlook},
    input::ProbeHealth,
    ledger::{self, Draft, Story, StoryChart, Subject},
    month::Provider,
    outcome::Outcome,
    series::{Metric, Sample},
    site::{Client, Contract, Delivery, Site},
    ticket::{UserReport, Work},
    unpack::FactUpdate,
};
use beforehand_shared::{
    asset::AssetKind,
    host::Host,
    ids::{ClientId, HostId, Incarnation, SiteId},
    observation::Observation,
    time::{Millis, Timestamp},
    volume::Volume,
};
use beforehand_store::{Digest, EnrolToken, HostUpdate, NewHost, NewUser, Role, Store};
use std::collections::BTreeMap;
use uuid::Uuid;

/// 23 November 2026, 09:00 UTC.
pub(super) const NOW: Timestamp = Timestamp(1_795_424_400_000);

pub(super) struct World {
    pub(super) app: App,
    pub(super) client: ClientId,
    pub(super) host: HostId,
    pub(super) volume: AssetId,
    /// Cookies.
    pub(super) owner: String,
    pub(super) viewer: String,
}

impl World {
    pub(super) async fn empty() -> Self {
        let store = Store::open("sqlite::memory:").await.unwrap();
        store.migrate().await.unwrap();
        let mut config = Config::default();
        config.server.https = false;
        let app = App::new(config, store, Clock::manual(NOW)).unwrap();
        let owner = sign_in(&app, "owner@example.net", Role::Owner).await;
        let viewer = sign_in(&app, "viewer@example.net", Role::Viewer).await;
        let host = HostId(Uuid::from_u128(3));
        let volume = AssetId::new(AssetKind::Volume, host, "D:");
        Self { app, client: ClientId(Uuid::from_u128(1)), host, volume, owner, viewer }
    }

    /// `name` stands in every text that comes from outside.
    pub(super) async fn new(name: &str) -> Self {
        let world = Self::empty().await;
        let site = Site { client: world.client, id: SiteId(Uuid::from_u128(2)), name: format!("Head office {name}") };
        let store = &world.app.store;
        store.set_provider(&Provider { name: name.to_owned(), ..Provider::default() }).await.unwrap();
        store.insert_client(&client(world.client, name)).await.unwrap();
        store.insert_site(&site).await.unwrap();
        world.enrol(&site, name).await;
        world.measure(&site, name).await;
        let case = world.open_case(&site, name).await;
        world.account(&site, &case, name).await;
        world.report(&site, name).await;
        world
    }

    async fn enrol(&self, site: &Site, name: &str) {
        let token = EnrolToken {
            client: site.client,
            site: site.id,
            token_sha256: "t".to_owned(),
            made_at: NOW,
            expires_at: NOW.plus(Millis::HOUR),
            made_by: name.to_owned(),
        };
        self.app.store.insert_enrol_token(&token).await.unwrap();
        let host = NewHost {
            id: self.host,
            name: format!("FRONTDESK {name}"),
            os: name.to_owned(),
            agent: name.to_owned(),
            secret_sha256: "s".to_owned(),
            machine: "m".to_owned(),
            incarnation: Incarnation(Uuid::from_u128(4)),
        };
        self.app.store.redeem("t", NOW, &host).await.unwrap();
    }

    async fn measure(&self, site: &Site, name: &str) {
        let volume = Observation::Volume(volume(name));
        let fact = |asset: AssetId, observation| FactUpdate {
            asset,
            host: self.host,
            at: NOW,
            name: format!("D: {name}"),
            observation,
        };
        let about = about(name);
        let health =
            |result: &str| ProbeHealth { at: NOW, took_ms: 3, result: result.to_owned(), why: Some(name.to_owned()) };
        let free = (0..200)
            .map(|hour| Sample { at: NOW.minus(Millis::hours(200 - hour)), value: 90e9 - 0.25e9 * hour as f64 });
        let digest = Digest {
            client: site.client,
            site: site.id,
            frames: Vec::new(),
            host_updates: vec![HostUpdate {
                host: self.host,
                received_at: NOW,
                peer: None,
                goodbye: None,
                about: Some(about.clone()),
                probes: BTreeMap::from([
                    ("disk_space".to_owned(), health("seen")),
                    ("printer".to_owned(), health("denied")),
                ]),
            }],
            facts: vec![fact(self.volume.clone(), volume), fact(AssetId::of_host(self.host), Observation::Host(about))],
            samples: vec![(self.volume.clone(), Metric::FreeBytes, free.collect())],
            gaps: Vec::new(),
            found: Vec::new(),
            changes: Vec::new(),
        };
        self.app.store.digest(&digest).await.unwrap();
    }

    async fn open_case(&self, site: &Site, name: &str) -> Case {
        let case = self.case(site, name);
        let forecast = Forecast {
            id: ForecastId("f1".to_owned()),
            client: site.client,
            site: site.id,
            asset: self.volume.clone(),
            kind: FindingKind::VolumeFull,
            case: case.id.clone(),
            made_at: NOW,
            outlook: outlook(),
            result: None,
        };
        let event = CaseEvent { at: NOW, reason: Reason::Found, sentence: name.to_owned() };
        let change = CaseChange { case: case.clone(), event, ticket: TicketAction::Open };
        let verdict = Verdict { changes: vec![change], forecasts: vec![forecast], resolutions: Vec::new() };
        self.app.store.apply(site, &verdict, NOW).await.unwrap();
        case
    }

    /// A case on the volume.
    pub(super) fn case(&self, site: &Site, name: &str) -> Case {
        let judgement = Judgement {
            at: NOW,
            severity: Severity::Soon,
            sentence: format!("Drive D: will be full soon {name}"),
            steps: vec![format!("Move the scans {name}")],
            evidence: Evidence {
                facts: vec![Fact { label: name.to_owned(), value: name.to_owned() }],
                chart: Some(ChartRef {
                    asset: self.volume.clone(),
                    metric: Metric::FreeBytes,
                    from: NOW.minus(Millis::days(9)),
                    limit: Some(1e9),
                }),
            },
            outlook: Some(outlook()),
        };
        Case {
            id: CaseId::new(site.client, &self.volume, FindingKind::VolumeFull, NOW),
            client: site.client,
            site: site.id,
            asset: self.volume.clone(),
            kind: FindingKind::VolumeFull,
            state: CaseState::Open,
            severity: Severity::Soon,
            worst: Severity::Soon,
            opened_at: NOW,
            updated_at: NOW,
            ticketed_at: Some(NOW),
            onset: None,
            first: judgement.clone(),
            latest: judgement,
            reopened: 0,
        }
    }

    async fn account(&self, site: &Site, case: &Case, name: &str) {
        let work = Work { at: NOW, who: name.to_owned(), minutes: 20, text: name.to_owned(), acted: true };
        let chart = StoryChart {
            title: format!("Free space of {name} (GB)"),
            measured: vec![Sample { at: NOW.minus(Millis::DAY), value: 40e9 }, Sample { at: NOW, value: 39e9 }],
            fan: outlook().fan,
            limit: Some(1e9),
            acted_at: Some(NOW),
            onset: None,
        };
        let story = Story {
            saw: name.to_owned(),
            work: vec![work],
            after: name.to_owned(),
            chart: Some(chart),
            ..Story::default()
        };
        let draft = Draft {
            at: NOW,
            subject: Subject::Case { id: case.id.clone() },
            site: site.id,
            asset: Some(self.volume.clone()),
            asset_name: format!("D: on {name}"),
            kind: Some(FindingKind::VolumeFull),
            outcome: Outcome::PreventedLikely,
            counted_at: NOW,
            onset: None,
            ticketed_at: Some(NOW),
            p: Some(ledger::Chance { p: 0.7, alpha: 7.0, beta: 3.0 }),
            because: name.to_owned(),
            evidence: story,
            corrects: None,
            by: "analysis".to_owned(),
        };
        self.app.store.append_entry(site.client, draft).await.unwrap();
    }

    async fn report(&self, site: &Site, name: &str) {
        let report = UserReport {
            client: site.client,
            number: 0,
            site: site.id,
            asset: Some(self.volume.clone()),
            who: name.to_owned(),
            what: name.to_owned(),
            noticed_at: NOW.minus(Millis::HOUR),
            entered_at: NOW,
            minutes_lost: 30,
            people: 2,
            in_scope: true,
        };
        self.app.store.insert_user_report(&report).await.unwrap();
    }
}

async fn sign_in(app: &App, email: &str, role: Role) -> String {
    let user =
        NewUser { email: email.to_owned(), name: "Ada".to_owned(), role, password_phc: "x".to_owned(), made_at: NOW };
    let id = app.store.insert_user(&user).await.unwrap();
    let secret = Secret::new().unwrap();
    app.store.insert_session(&secret.sha256, id, NOW, NOW.plus(Millis::DAY)).await.unwrap();
    format!("beforehand={}", secret.text)
}

fn client(id: ClientId, name: &str) -> Client {
    Client {
        id,
        name: format!("Harbour Dental {name}"),
        time_zone: "Europe/Zurich".to_owned(),
        currency: "CHF".to_owned(),
        created_at: NOW.minus(Millis::days(300)),
        simulated: true,
        updates: false,
        orders: beforehand_core::site::Orders::default(),
        closed_days: beforehand_core::closed::ClosedDays::default(),
        contract: Contract {
            fee_per_month: 48_000,
            list_rate_per_hour: 12_000,
            included_hours: 2.0,
            wage_per_hour: 4_500,
            revenue_per_hour: 60_000,
            call_out: 9_000,
            people: 9,
        },
        delivery: Delivery { emails: vec!["owner@harbour.example".to_owned()], day: 3, hour: 8, hold_for_review: true },
    }
}

fn outlook() -> Outlook {
    let point = |day: i64| {
        let (middle, spread) = (40e9 - 6e9 * day as f64, 1e9 * day as f64);
        let at = NOW.plus(Millis::days(day));
        FanPoint {
            at,
            p10: middle - 2.0 * spread,
            p25: middle - spread,
            p50: middle,
            p75: middle + spread,
            p90: middle + 2.0 * spread,
        }
    };
    Outlook {
        method: "volume_full/1".to_owned(),
        chances: vec![Chance { within: Millis::days(7), p: 0.5 }, Chance { within: Millis::days(14), p: 0.9 }],
        q10: Some(NOW.plus(Millis::days(4))),
        q50: Some(NOW.plus(Millis::days(6))),
        q90: Some(NOW.plus(Millis::days(9))),
        fan: (1..8).map(point).collect(),
        need: Some(50e9),
    }
}

fn about(name: &str) -> Host {
    Host {
        name: format!("FRONTDESK {name}"),
        os: name.to_owned(),
        agent: name.to_owned(),
        booted_at: NOW,
        started_at: None,
        desktop: None,
        updates: None,
    }
}

fn volume(name: &str) -> Volume {
    Volume {
        mount: "D:".to_owned(),
        device: name.to_owned(),
        fs: name.to_owned(),
        total_bytes: 500_000_000_000,
        free_bytes: 40_000_000_000,
        ..Volume::default()
    }
}
