//! Seen working, 7: bad input over real HTTP gets a clear 4xx and changes nothing.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "bad_input/fields.rs"]
mod fields;

use beforehand_agent::identity::Identity;
use beforehand_e2e::{
    http,
    parts::{agent::Agent, collector::Collector, place::Place},
};
use beforehand_shared::{
    PROTOCOL_VERSION,
    ack::{Ack, Refusal},
    enrol::{ENROL_PATH, REPORTS_PATH},
    ids::{BootId, HostId, Incarnation},
    observation::Observation,
    report::Report,
    run::{Outcome, ProbeRun},
    time::Timestamp,
    volume::Volume,
    wire,
};
use beforehand_store::Store;
use reqwest::{Client, Response, StatusCode};
use serde_json::{Value, json};

const CLIENT: &str = "Harbour Dental";

struct Lab {
    collector: Collector,
    identity: Identity,
    store: Store,
    http: Client,
    _place: Place,
}

impl Lab {
    async fn new() -> Self {
        Self::with("").await
    }

    /// With more settings for the collector.
    async fn with(more: &str) -> Self {
        let place = Place::new("bad-input").unwrap();
        let collector = Collector::start(&place, more).await.unwrap();
        collector.add_client(CLIENT, &[]).await.unwrap();
        let identity = Agent::enrol(&place, &collector, CLIENT, "").unwrap().identity().unwrap();
        let store = collector.store().await.unwrap();
        Self { collector, identity, store, http: http::client().unwrap(), _place: place }
    }

    fn report(&self, seq: u64) -> Report {
        let volume = Volume {
            mount: "/".to_owned(),
            device: "/dev/sda1".to_owned(),
            fs: "ext4".to_owned(),
            total_bytes: 1 << 40,
            free_bytes: 1 << 39,
            ..Volume::default()
        };
        let outcome = Outcome::Seen { observations: vec![Observation::Volume(volume)] };
        let at = Timestamp(1_795_000_000_000);
        Report {
            protocol: PROTOCOL_VERSION,
            host: self.identity.host,
            incarnation: self.identity.incarnation,
            seq,
            boot: BootId(uuid::Uuid::from_u128(7)),
            made_at: at,
            mono_ms: 1_000,
            goodbye: None,
            gaps: Vec::new(),
            runs: vec![ProbeRun { probe: "disk_space".to_owned(), at, mono_ms: 900, took_ms: 3, outcome }],
        }
    }

    async fn post(&self, secret: &str, body: Vec<u8>) -> Response {
        let request = self.http.post(self.collector.url(REPORTS_PATH)).bearer_auth(secret);
        let request = request.header("content-type", "application/json").header("content-encoding", "zstd");
        request.body(body).send().await.unwrap()
    }

    async fn stored(&self) -> usize {
        let (client, host) = (self.identity.client, self.identity.host);
        self.store.frames_of_host(client, host, Timestamp(0), Timestamp(i64::MAX)).await.unwrap().len()
    }

    /// Sends `body`; it must be refused with this status and word, and nothing may be stored.
    async fn refused(&self, what: &str, body: Vec<u8>, (status, code): (StatusCode, &str)) {
        let before = self.stored().await;
        let response = self.post(&self.identity.secret, body).await;
        check_refusal(what, response, (status, code)).await;
        assert_eq!(self.stored().await, before, "{what} was stored");
    }
}

async fn check_refusal(what: &str, response: Response, (status, code): (StatusCode, &str)) {
    let got = response.status();
    let text = response.text().await.unwrap();
    assert_eq!(got, status, "{what}: {text}");
    let refusal: Refusal = serde_json::from_str(&text).unwrap();
    assert_eq!(refusal.code, code, "{what}: {text}");
    let sentence = refusal.message;
    assert!(sentence.len() > 15 && sentence.ends_with('.'), "{what}: {sentence:?} is no sentence");
}

async fn ack(response: Response) -> Ack {
    serde_json::from_slice(&response.bytes().await.unwrap()).unwrap()
}

fn zstd(json: &Value) -> Vec<u8> {
    zstd::bulk::compress(&serde_json::to_vec(json).unwrap(), 3).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_a_report_gets_a_clear_refusal_and_is_not_stored() {
    let lab = Lab::new().await;
    let good = wire::encode(&lab.report(1)).unwrap();
    let bad = StatusCode::BAD_REQUEST;
    let large = StatusCode::PAYLOAD_TOO_LARGE;
    lab.refused("nothing", Vec::new(), (bad, "not_zstd")).await;
    lab.refused("a cut report", good[..good.len() / 2].to_vec(), (bad, "not_zstd")).await;
    lab.refused("a web page", b"<html>Sign in</html>".to_vec(), (bad, "not_zstd")).await;
    lab.refused("a large body", vec![0; 300 * 1024], (large, "body_too_large")).await;
    let spaces = vec![b' '; 64 << 20];
    let bomb = zstd::bulk::compress(&spaces, 3).unwrap();
    lab.refused("a bomb", bomb, (large, "expands_too_far")).await;
    let wide = zstd::bulk::compress(&spaces, 19).unwrap();
    lab.refused("a bomb that wants much memory", wide, (bad, "not_zstd")).await;
    let deep = zstd::bulk::compress(&vec![b'['; 10_000], 3).unwrap();
    lab.refused("deep nesting", deep, (bad, "not_a_report")).await;
    let not_utf8 = zstd::bulk::compress(&[b'{', b'"', 0xff, 0xfe, b'"', b'}'], 3).unwrap();
    lab.refused("bytes that are no text", not_utf8, (bad, "not_a_report")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn fields_of_wrong_types_and_hostile_strings_are_refused_or_kept_harmless() {
    let lab = Lab::new().await;
    let good = serde_json::to_value(lab.report(1)).unwrap();
    let bad = StatusCode::BAD_REQUEST;
    for field in ["protocol", "host", "incarnation", "seq", "boot", "made_at", "mono_ms", "runs"] {
        for wrong in [json!(null), json!({"a": 1}), json!(-1.5), json!(["x"])] {
            let mut report = good.clone();
            report[field] = wrong.clone();
            lab.refused(&format!("{field} = {wrong}"), zstd(&report), (bad, "not_a_report")).await;
        }
    }
    let with = |change: &dyn Fn(&mut Value)| {
        let mut report = good.clone();
        change(&mut report);
        zstd(&report)
    };
    lab.refused("number 0", with(&|report| report["seq"] = json!(0)), (bad, "seq_zero")).await;
    lab.refused("the future", with(&|report| report["protocol"] = json!(99)), (bad, "newer_protocol")).await;
    let long = "x".repeat(5_000);
    lab.refused("a long name", with(&|report| report["runs"][0]["probe"] = json!(long)), (bad, "text_too_long")).await;
    let runs: Vec<Value> = std::iter::repeat_n(good["runs"][0].clone(), 300).collect();
    lab.refused("many runs", with(&|report| report["runs"] = json!(runs)), (bad, "too_many")).await;
    let hostile = "<script>alert(1)</script>'; DROP TABLE frames; --\u{202e}\u{0}{{7*7}}";
    let body = with(&|report| report["runs"][0]["outcome"]["observations"][0]["mount"] = json!(hostile));
    let response = lab.post(&lab.identity.secret, body).await;
    assert!(response.status().is_success(), "a strange name is still a name");
    assert_eq!(ack(response).await.seq, 1);
    assert_eq!(lab.stored().await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_known_gets_no_further() {
    let lab = Lab::new().await;
    let body = wire::encode(&lab.report(1)).unwrap();
    let unknown = (StatusCode::UNAUTHORIZED, "unknown_secret");
    for secret in ["", "x", &"0".repeat(64), &format!("{}0", lab.identity.secret)] {
        check_refusal("a wrong secret", lab.post(secret, body.clone()).await, unknown).await;
    }
    let mut other = lab.report(1);
    other.host = HostId(uuid::Uuid::from_u128(99));
    lab.refused("another's host", wire::encode(&other).unwrap(), (StatusCode::FORBIDDEN, "wrong_host")).await;
    assert_eq!(lab.stored().await, 0);
    let enrolment = json!({
        "token": "not-a-token", "host_name": "x", "os": "x", "agent": "x", "machine": "x",
        "secret_sha256": "0".repeat(64),
    });
    let post = |body: Value| lab.http.post(lab.collector.url(ENROL_PATH)).body(body.to_string()).send();
    check_refusal("a made-up token", post(enrolment).await.unwrap(), (StatusCode::FORBIDDEN, "unknown_token")).await;
    check_refusal("no enrolment", post(json!(3)).await.unwrap(), (StatusCode::BAD_REQUEST, "bad_request")).await;
    assert_eq!(lab.store.hosts(lab.identity.client).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_delivery_changes_nothing_and_another_content_under_its_number_stays_apart() {
    let lab = Lab::new().await;
    let first = wire::encode(&lab.report(1)).unwrap();
    for _ in 0..3 {
        let ack = ack(lab.post(&lab.identity.secret, first.clone()).await).await;
        assert_eq!((ack.seq, ack.high_water, ack.continue_as), (1, 1, None));
    }
    let mut other = lab.report(1);
    other.mono_ms += 1;
    let ack = ack(lab.post(&lab.identity.secret, wire::encode(&other).unwrap()).await).await;
    let continue_as: Incarnation = ack.continue_as.unwrap();
    assert_ne!(continue_as, lab.identity.incarnation);
    assert_eq!(lab.stored().await, 1);
}
