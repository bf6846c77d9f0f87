//! A collector in this process: a store in a temporary folder, a clock that the test sets, and
//! mail as files.

use axum::{
    Router,
    body::{self, Body},
    http::{HeaderMap, Method, Request, Response, StatusCode, header},
};
use beforehand_collector::{
    app::App,
    config::{Config, MailMode},
    random::{self, Secret},
    tasks,
    time::Clock,
    web,
};
use beforehand_core::site::{Client, Contract, Delivery, Site};
use beforehand_shared::{
    ack::{Ack, Refusal},
    enrol::{ENROL_PATH, EnrolReply, EnrolRequest, REPORTS_PATH},
    host::Host,
    ids::{BootId, ClientId, SiteId},
    observation::Observation,
    report::Report,
    run::{Outcome, ProbeRun},
    time::{Millis, Timestamp},
    volume::Volume,
    wire,
};
use beforehand_store::{EnrolToken, NewUser, Role, Store};
use tempfile::TempDir;
use tower::ServiceExt;
use uuid::Uuid;

/// Monday, 23 November 2026, 09:00 UTC.
pub(crate) const NOW: Timestamp = Timestamp(1_795_424_400_000);

pub(crate) struct TestApp {
    pub(crate) app: App,
    pub(crate) folder: TempDir,
    router: Router,
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Reply {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn json<T: serde::de::DeserializeOwned>(&self) -> T {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// Code of the refusal.
    pub(crate) fn code(&self) -> String {
        self.json::<Refusal>().code
    }
}

impl TestApp {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    pub(crate) async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.server.state = folder.path().to_owned();
        config.mail.mode = MailMode::Files;
        config.mail.from = "Provider <it@provider.example>".to_owned();
        change(&mut config);
        config.check().unwrap();
        let store = Store::open(&config.database_url()).await.unwrap();
        store.migrate().await.unwrap();
        let app = App::new(config, store, Clock::manual(NOW)).unwrap();
        Self { router: web::router(&app), app, folder }
    }

    pub(crate) fn now(&self) -> Timestamp {
        self.app.clock.now()
    }

    pub(crate) fn later(&self, by: Millis) {
        self.app.clock.set(self.now().plus(by));
    }

    /// Does all that is due now.
    pub(crate) async fn work(&self) {
        let failures = tasks::run_due(&self.app).await;
        assert!(failures.is_empty(), "{failures:?}");
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> Reply {
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body::to_bytes(body, 16 << 20).await.unwrap().to_vec();
        Reply { status: parts.status, headers: parts.headers, body }
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.call(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// A client called `name` with one site.
    pub(crate) async fn client(&self, name: &str) -> (Client, Site) {
        let id = ClientId(random::uuid(self.now()).unwrap());
        let client = Client {
            id,
            name: name.to_owned(),
            time_zone: "Europe/Zurich".to_owned(),
            currency: "CHF".to_owned(),
            created_at: self.now().minus(Millis::days(400)),
            simulated: true,
            updates: false,
            orders: beforehand_core::site::Orders::default(),
            closed_days: beforehand_core::closed::ClosedDays::default(),
            contract: Contract {
                fee_per_month: 45_000,
                list_rate_per_hour: 15_000,
                included_hours: 1.0,
                wage_per_hour: 6_000,
                revenue_per_hour: 80_000,
                call_out: 9_000,
                people: 8,
            },
            delivery: Delivery {
                emails: vec!["owner@client.example".to_owned(), "office@client.example".to_owned()],
                day: 3,
                hour: 8,
                hold_for_review: false,
            },
        };
        let site = Site { client: id, id: SiteId(random::uuid(self.now()).unwrap()), name: "Main office".to_owned() };
        self.app.store.insert_client(&client).await.unwrap();
        self.app.store.insert_site(&site).await.unwrap();
        (client, site)
    }

    /// A token for one machine of `site`, valid for an hour.
    pub(crate) async fn token(&self, site: &Site) -> String {
        let secret = Secret::new().unwrap();
        let token = EnrolToken {
            client: site.client,
            site: site.id,
            token_sha256: secret.sha256,
            made_at: self.now(),
            expires_at: self.now().plus(Millis::HOUR),
            made_by: "test".to_owned(),
        };
        self.app.store.insert_enrol_token(&token).await.unwrap();
        secret.text
    }

    pub(crate) async fn enrol_with(&self, request: &EnrolRequest) -> Reply {
        let body = serde_json::to_vec(request).unwrap();
        self.call(Request::post(ENROL_PATH).body(Body::from(body)).unwrap()).await
    }

    /// A machine that became a host of `site`.
    pub(crate) async fn agent(&self, site: &Site, name: &str) -> Agent {
        let secret = Secret::new().unwrap();
        let request = enrol_request(&self.token(site).await, &secret.sha256, name);
        let reply = self.enrol_with(&request).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        Agent { secret: secret.text, is: reply.json(), seq: 0 }
    }

    pub(crate) async fn send(&self, agent: &Agent, report: &Report) -> Reply {
        self.send_bytes(&agent.secret, wire::encode(report).unwrap()).await
    }

    pub(crate) async fn send_bytes(&self, secret: &str, body: impl Into<Body>) -> Reply {
        let request = Request::post(REPORTS_PATH)
            .header(header::AUTHORIZATION, format!("Bearer {secret}"))
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::CONTENT_ENCODING, "zstd");
        self.call(request.body(body.into()).unwrap()).await
    }

    /// Sends a report that must be kept.
    pub(crate) async fn deliver(&self, agent: &Agent, report: &Report) -> Ack {
        let reply = self.send(agent, report).await;
        assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
        reply.json()
    }

    pub(crate) async fn frames(&self) -> u64 {
        self.app.store.storage().await.unwrap().frames
    }

    /// A person with a password nobody knows; the cookie of his session.
    pub(crate) async fn person(&self, role: Role) -> String {
        let name = format!("{role:?}-{}", Uuid::from_bytes(random::bytes().unwrap()));
        let user = NewUser {
            email: format!("{}@provider.example", name.to_lowercase().replace(['(', ')'], "-")),
            name,
            role,
            password_phc: String::new(),
            made_at: self.now(),
        };
        let id = self.app.store.insert_user(&user).await.unwrap();
        self.session(id).await
    }

    pub(crate) async fn session(&self, user: i64) -> String {
        let token = Secret::new().unwrap();
        let expires = self.now().plus(Millis::HOUR);
        self.app.store.insert_session(&token.sha256, user, self.now(), expires).await.unwrap();
        format!("__Host-beforehand={}", token.text)
    }

    pub(crate) async fn page(&self, method: Method, path: &str, cookie: Option<&str>) -> Reply {
        let mut request = Request::builder().method(method).uri(path).header(header::ACCEPT, "text/html");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.call(request.body(Body::empty()).unwrap()).await
    }

    /// Posts a form as a browser on one of our own pages does.
    pub(crate) async fn form(&self, path: &str, cookie: Option<&str>, fields: &str) -> Reply {
        let mut request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.call(request.body(Body::from(fields.to_owned())).unwrap()).await
    }

    /// The mails in the folder, oldest first.
    pub(crate) fn mails(&self) -> Vec<String> {
        let Ok(files) = std::fs::read_dir(self.folder.path().join("outgoing")) else { return Vec::new() };
        let mut files: Vec<_> = files.map(|file| file.unwrap().path()).collect();
        files.sort();
        files.iter().map(|file| String::from_utf8_lossy(&std::fs::read(file).unwrap()).into_owned()).collect()
    }
}

/// An agent as the collector sees it.
pub(crate) struct Agent {
    pub(crate) secret: String,
    pub(crate) is: EnrolReply,
    seq: u64,
}

impl Agent {
    /// The next report, made at `at`.
    pub(crate) fn report(&mut self, at: Timestamp, observations: Vec<Observation>) -> Report {
        self.seq += 1;
        Report {
            protocol: beforehand_shared::PROTOCOL_VERSION,
            host: self.is.host,
            incarnation: self.is.incarnation,
            seq: self.seq,
            boot: BootId(Uuid::from_u128(7)),
            made_at: at,
            mono_ms: u64::try_from(at.0).unwrap(),
            goodbye: None,
            gaps: vec![],
            runs: vec![ProbeRun {
                probe: "disk_space".to_owned(),
                at,
                mono_ms: u64::try_from(at.0).unwrap(),
                took_ms: 3,
                outcome: Outcome::Seen { observations },
            }],
        }
    }
}

pub(crate) fn enrol_request(token: &str, secret_sha256: &str, name: &str) -> EnrolRequest {
    EnrolRequest {
        token: token.to_owned(),
        host_name: name.to_owned(),
        os: "Debian 12".to_owned(),
        agent: "0.1.0".to_owned(),
        secret_sha256: secret_sha256.to_owned(),
        machine: random::sha256(name.as_bytes()),
    }
}

pub(crate) fn host(name: &str) -> Observation {
    Observation::Host(Host {
        name: name.to_owned(),
        os: "Debian 12".to_owned(),
        agent: "0.1.0".to_owned(),
        booted_at: NOW.minus(Millis::DAY),
        started_at: None,
        desktop: None,
        updates: None,
    })
}

pub(crate) fn volume(mount: &str, free_bytes: u64) -> Observation {
    Observation::Volume(Volume {
        mount: mount.to_owned(),
        device: "/dev/sda1".to_owned(),
        fs: "ext4".to_owned(),
        total_bytes: 100 << 30,
        free_bytes,
        ..Volume::default()
    })
}
