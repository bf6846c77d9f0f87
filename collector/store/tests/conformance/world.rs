//! A small office to store things about. The same seed gives the same identifiers.

use beforehand_core::{
    asset::AssetId,
    case::{Case, CaseChange, CaseEvent, CaseId, CaseState, Judgement, Reason, TicketAction},
    finding::{ChartRef, Evidence, FindingKind, Severity},
    series::{Metric, Sample},
    site::{Client, Contract, Delivery, Site},
    unpack::{FactUpdate, Receipt},
};
use beforehand_shared::{
    asset::AssetKind,
    ids::{BootId, ClientId, HostId, Incarnation, SiteId},
    observation::Observation,
    time::{Millis, Timestamp},
    volume::Volume,
};
use beforehand_store::{Digest, EnrolToken, NewFrame, NewHost, Redeemed, Store};
use uuid::Uuid;

/// A Monday, 00:00 UTC.
pub(crate) const START: Timestamp = Timestamp(1_795_392_000_000);

/// One client with one site and one host.
#[derive(Clone)]
pub(crate) struct Office {
    pub(crate) client: Client,
    pub(crate) site: Site,
    pub(crate) host: HostId,
    pub(crate) incarnation: Incarnation,
    pub(crate) secret: String,
}

pub(crate) fn token(seed: u128) -> String {
    format!("{seed:064x}")
}

impl Office {
    pub(crate) fn new(seed: u128) -> Self {
        let id = ClientId(Uuid::from_u128(seed << 8));
        let client = Client {
            id,
            name: format!("Client {seed}"),
            time_zone: "Europe/Berlin".into(),
            currency: "EUR".into(),
            created_at: START,
            simulated: true,
            updates: false,
            orders: beforehand_core::site::Orders::default(),
            closed_days: beforehand_core::closed::ClosedDays::default(),
            contract: Contract {
                fee_per_month: 49_000,
                list_rate_per_hour: 11_000,
                included_hours: 2.0,
                wage_per_hour: 4_000,
                revenue_per_hour: 30_000,
                call_out: 9_000,
                people: 8,
            },
            delivery: Delivery { emails: vec!["owner@client.example".into()], day: 2, hour: 8, hold_for_review: false },
        };
        let site = Site { client: id, id: SiteId(Uuid::from_u128(seed << 8 | 1)), name: "Main office".into() };
        Self {
            client,
            site,
            host: HostId(Uuid::from_u128(seed << 8 | 2)),
            incarnation: Incarnation(Uuid::from_u128(seed << 8 | 3)),
            secret: format!("{:064x}", seed << 8 | 4),
        }
    }

    /// Stores client and site, and enrols the host.
    pub(crate) async fn settle(seed: u128, store: &Store) -> Self {
        let office = Self::new(seed);
        store.insert_client(&office.client).await.unwrap();
        store.insert_site(&office.site).await.unwrap();
        store.insert_enrol_token(&office.token(seed)).await.unwrap();
        let redeemed = store.redeem(&token(seed), START, &office.new_host()).await.unwrap();
        assert!(matches!(redeemed, Redeemed::Done { .. }));
        office
    }

    pub(crate) fn token(&self, seed: u128) -> EnrolToken {
        EnrolToken {
            client: self.client.id,
            site: self.site.id,
            token_sha256: token(seed),
            made_at: START,
            expires_at: START.plus(Millis::DAY),
            made_by: "anna".into(),
        }
    }

    pub(crate) fn new_host(&self) -> NewHost {
        NewHost {
            id: self.host,
            name: "FRONTDESK".into(),
            os: "Debian 12".into(),
            agent: "0.1.0".into(),
            secret_sha256: self.secret.clone(),
            machine: format!("machine of {}", self.host),
            incarnation: self.incarnation,
        }
    }

    pub(crate) fn frame(&self, seq: u64) -> NewFrame {
        let received_at = START.plus(Millis::minutes(seq as i64));
        NewFrame {
            client: self.client.id,
            host: self.host,
            incarnation: self.incarnation,
            seq,
            receipt: Receipt {
                received_at,
                sent_at: received_at,
                sent_mono_ms: 60_000 * seq,
                sent_boot: BootId(Uuid::from_u128(9)),
            },
            peer: Some([203, 0, 113, 9].into()),
            body: format!("body {seq}").into_bytes(),
            body_sha256: [seq as u8; 32],
        }
    }

    pub(crate) fn volume(&self) -> AssetId {
        AssetId::new(AssetKind::Volume, self.host, "/home")
    }

    pub(crate) fn fact(&self, at: Timestamp, free_bytes: u64) -> FactUpdate {
        let observation = Observation::Volume(Volume {
            mount: "/home".into(),
            device: "/dev/sda1".into(),
            fs: "ext4".into(),
            total_bytes: 1_000_000,
            free_bytes,
            ..Volume::default()
        });
        FactUpdate { asset: self.volume(), host: self.host, at, name: "/home".into(), observation }
    }

    pub(crate) fn digest(&self) -> Digest {
        Digest {
            client: self.client.id,
            site: self.site.id,
            frames: vec![],
            host_updates: vec![],
            facts: vec![],
            samples: vec![],
            gaps: vec![],
            found: vec![],
            changes: vec![],
        }
    }

    /// Free space of the volume, at these offsets from the start.
    pub(crate) fn measured(&self, samples: &[(Millis, f64)]) -> Digest {
        let samples: Vec<Sample> =
            samples.iter().map(|(after, value)| Sample { at: START.plus(*after), value: *value }).collect();
        let facts = samples.iter().map(|sample| self.fact(sample.at, 1)).collect();
        Digest { facts, samples: vec![(self.volume(), Metric::FreeBytes, samples)], ..self.digest() }
    }

    pub(crate) fn case(&self, opened_at: Timestamp) -> Case {
        let chart = ChartRef { asset: self.volume(), metric: Metric::FreeBytes, from: START, limit: Some(0.1) };
        let judgement = Judgement {
            at: opened_at,
            severity: Severity::Soon,
            sentence: "/home will be full within days.".into(),
            steps: vec!["Free some space.".into()],
            evidence: Evidence { facts: vec![], chart: Some(chart) },
            outlook: None,
        };
        Case {
            id: CaseId::new(self.client.id, &self.volume(), FindingKind::VolumeFull, opened_at),
            client: self.client.id,
            site: self.site.id,
            asset: self.volume(),
            kind: FindingKind::VolumeFull,
            state: CaseState::Open,
            severity: Severity::Soon,
            worst: Severity::Soon,
            opened_at,
            updated_at: opened_at,
            ticketed_at: Some(opened_at),
            onset: None,
            first: judgement.clone(),
            latest: judgement,
            reopened: 0,
        }
    }

    /// The case opens, and people are told.
    pub(crate) fn opening(&self, at: Timestamp) -> CaseChange {
        let event = CaseEvent { at, reason: Reason::Found, sentence: "Found.".into() };
        CaseChange { case: self.case(at), event, ticket: TicketAction::Open }
    }

    /// The case that opened at `opened_at` closes.
    pub(crate) fn closing(&self, opened_at: Timestamp, at: Timestamp) -> CaseChange {
        let mut case = self.case(opened_at);
        case.state = CaseState::Closed { at, because: Reason::Healthy };
        let event = CaseEvent { at, reason: Reason::Healthy, sentence: "Healthy again.".into() };
        CaseChange { case, event, ticket: TicketAction::Clear }
    }
}
