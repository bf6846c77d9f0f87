//! Reports: what is kept, what is refused, and that nothing refused leaves a trace.

use crate::common::{Agent, NOW, TestApp, host, volume};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use beforehand_collector::random::Secret;
use beforehand_shared::{
    enrol::REPORTS_PATH, ids::HostId, limits, observation::Observation, report::Report, time::Millis, wire,
};
use futures::future::join_all;
use uuid::Uuid;

async fn one_agent() -> (TestApp, Agent) {
    let app = TestApp::new().await;
    let (_, site) = app.client("Harbour Dental").await;
    let agent = app.agent(&site, "FRONTDESK").await;
    (app, agent)
}

fn compressed(json: &str) -> Vec<u8> {
    zstd::bulk::compress(json.as_bytes(), 3).unwrap()
}

#[tokio::test]
async fn a_report_is_acknowledged_and_a_second_delivery_changes_nothing() {
    let (app, mut agent) = one_agent().await;
    let report = agent.report(NOW, vec![host("FRONTDESK")]);
    let first = app.deliver(&agent, &report).await;
    assert_eq!((first.incarnation, first.seq, first.high_water), (agent.is.incarnation, 1, 1));
    assert_eq!(first.continue_as, None);
    let again = app.deliver(&agent, &report).await;
    assert_eq!(again, first);
    assert_eq!(app.frames().await, 1);
}

#[tokio::test]
async fn a_rolled_back_machine_continues_under_a_new_incarnation_and_nothing_is_overwritten() {
    let (app, mut agent) = one_agent().await;
    let first = agent.report(NOW, vec![volume("/", 5 << 30)]);
    app.deliver(&agent, &first).await;
    let mut other = first.clone();
    other.made_at = NOW.plus(Millis::HOUR);
    let ack = app.deliver(&agent, &other).await;
    let fresh = ack.continue_as.expect("a new incarnation");
    assert_ne!(fresh, agent.is.incarnation);
    assert_eq!(app.frames().await, 1, "the first report stays as it was");
    other.incarnation = fresh;
    let ack = app.deliver(&agent, &other).await;
    assert_eq!((ack.incarnation, ack.continue_as), (fresh, None));
    assert_eq!(app.frames().await, 2);
}

#[tokio::test]
async fn bodies_that_are_no_report_are_refused_by_name_and_leave_nothing_behind() {
    let (app, mut agent) = one_agent().await;
    let good = wire::encode(&agent.report(NOW, vec![host("X")])).unwrap();
    let report = agent.report(NOW, vec![]);
    let json = serde_json::to_string(&report).unwrap();
    let changed = |edit: &dyn Fn(&mut Report)| {
        let mut report = report.clone();
        edit(&mut report);
        wire::encode(&report).unwrap()
    };
    let wrong_type = json.replace("\"seq\":2", "\"seq\":\"two\"");
    let negative = json.replace("\"seq\":2", "\"seq\":-2");
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let bomb = compressed(&" ".repeat(64 << 20));
    let cases: Vec<(&str, Vec<u8>, u16, &str)> = vec![
        ("empty", vec![], 400, "not_zstd"),
        ("not compressed", json.clone().into_bytes(), 400, "not_zstd"),
        ("cut short", good[..good.len() / 2].to_vec(), 400, "not_zstd"),
        ("cut by one byte", good[..good.len() - 1].to_vec(), 400, "not_zstd"),
        ("random bytes", (0..=255).collect(), 400, "not_zstd"),
        ("not JSON", compressed("hello"), 400, "not_a_report"),
        ("another JSON", compressed("{\"a\":1}"), 400, "not_a_report"),
        ("a list", compressed("[]"), 400, "not_a_report"),
        ("a wrong type", compressed(&wrong_type), 400, "not_a_report"),
        ("a negative number", compressed(&negative), 400, "not_a_report"),
        ("deeply nested", compressed(&deep), 400, "not_a_report"),
        ("half a surrogate", compressed("{\"protocol\":\"\\ud800\"}"), 400, "not_a_report"),
        ("not UTF-8", zstd::bulk::compress(b"{\"protocol\":\"\xff\"}", 3).unwrap(), 400, "not_a_report"),
        ("a newer protocol", changed(&|r| r.protocol = 2), 400, "newer_protocol"),
        ("sequence number 0", changed(&|r| r.seq = 0), 400, "seq_zero"),
        ("too many runs", changed(&|r| r.runs = vec![r.runs[0].clone(); 257]), 400, "too_many"),
        ("a bomb", bomb, 413, "expands_too_far"),
        ("too long", vec![0; limits::BODY_BYTES + 1], 413, "body_too_large"),
        ("another host", changed(&|r| r.host = HostId(Uuid::from_u128(9))), 403, "wrong_host"),
    ];
    for (what, body, status, code) in cases {
        let reply = app.send_bytes(&agent.secret, body).await;
        assert_eq!((reply.status.as_u16(), reply.code().as_str()), (status, code), "{what}: {}", reply.text());
    }
    assert_eq!(app.frames().await, 0);
    app.deliver(&agent, &report).await;
}

#[tokio::test]
async fn who_has_no_valid_secret_is_refused() {
    let (app, mut agent) = one_agent().await;
    let body = wire::encode(&agent.report(NOW, vec![])).unwrap();
    let unknown = Secret::new().unwrap().text;
    for authorization in [
        None,
        Some(String::new()),
        Some("Bearer".to_owned()),
        Some("Bearer ".to_owned()),
        Some(format!("Bearer {unknown}")),
        Some(format!("Basic {}", agent.secret)),
        Some(agent.secret.clone()),
        Some(format!("Bearer {}", "x".repeat(5_000))),
        Some(format!("Bearer {}' OR '1'='1", agent.secret)),
    ] {
        let mut request = Request::post(REPORTS_PATH);
        if let Some(value) = &authorization {
            request = request.header(header::AUTHORIZATION, value);
        }
        let reply = app.call(request.body(Body::from(body.clone())).unwrap()).await;
        assert_eq!(
            (reply.status, reply.code().as_str()),
            (StatusCode::UNAUTHORIZED, "unknown_secret"),
            "{authorization:?}"
        );
    }
    assert_eq!(app.frames().await, 0);
}

#[tokio::test]
async fn a_retired_host_is_refused_once_its_secret_is_forgotten() {
    let (app, mut agent) = one_agent().await;
    let report = agent.report(NOW, vec![]);
    app.deliver(&agent, &report).await;
    app.app.store.retire_host(agent.is.client, agent.is.host, NOW).await.unwrap();
    app.later(Millis::MINUTE);
    let report = agent.report(NOW, vec![]);
    assert_eq!(app.send(&agent, &report).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn one_client_cannot_speak_for_a_host_of_another() {
    let app = TestApp::new().await;
    let (_, ours) = app.client("Ours").await;
    let (_, theirs) = app.client("Theirs").await;
    let mut our_agent = app.agent(&ours, "OURS").await;
    let mut their_agent = app.agent(&theirs, "THEIRS").await;
    let mut forged = our_agent.report(NOW, vec![host("FORGED")]);
    forged.host = their_agent.is.host;
    forged.incarnation = their_agent.is.incarnation;
    assert_eq!(app.send(&our_agent, &forged).await.code(), "wrong_host");
    let mut borrowed = our_agent.report(NOW, vec![host("OURS")]);
    borrowed.incarnation = their_agent.is.incarnation;
    borrowed.seq = 1;
    app.send(&our_agent, &borrowed).await;
    let theirs_first = their_agent.report(NOW, vec![host("THEIRS")]);
    let ack = app.deliver(&their_agent, &theirs_first).await;
    assert_eq!(ack.continue_as, None, "their sequence numbers are their own");
    app.work().await;
    let names: Vec<String> =
        app.app.store.hosts(theirs.client).await.unwrap().into_iter().map(|host| host.name).collect();
    assert_eq!(names, ["THEIRS"]);
}

#[tokio::test]
async fn the_wrong_method_or_media_type_is_named() {
    let (app, agent) = one_agent().await;
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH] {
        let request = Request::builder().method(method).uri(REPORTS_PATH).body(Body::empty()).unwrap();
        let reply = app.call(request).await;
        assert_eq!((reply.status, reply.code().as_str()), (StatusCode::METHOD_NOT_ALLOWED, "wrong_method"));
    }
    for (name, value) in [(header::CONTENT_TYPE, "text/xml"), (header::CONTENT_ENCODING, "gzip")] {
        let request = Request::post(REPORTS_PATH)
            .header(header::AUTHORIZATION, format!("Bearer {}", agent.secret))
            .header(name, value)
            .body(Body::from(vec![1, 2, 3]));
        assert_eq!(app.call(request.unwrap()).await.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    }
    let request = Request::post(REPORTS_PATH)
        .header(header::AUTHORIZATION, format!("Bearer {}", agent.secret))
        .header("beforehand-sent-at", "yesterday")
        .body(Body::from(compressed("{}")));
    assert_eq!(app.call(request.unwrap()).await.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let app = TestApp::with(|config| config.limits.body_seconds = 1).await;
    let (_, site) = app.client("Harbour Dental").await;
    let agent = app.agent(&site, "FRONTDESK").await;
    let never = Body::from_stream(futures::stream::pending::<Result<Vec<u8>, std::io::Error>>());
    let reply = app.send_bytes(&agent.secret, never).await;
    assert_eq!((reply.status, reply.code().as_str()), (StatusCode::REQUEST_TIMEOUT, "too_slow"));
}

#[tokio::test]
async fn a_caller_who_sends_too_much_is_told_when_to_come_back() {
    let app = TestApp::with(|config| {
        config.limits.burst = 3;
        config.limits.requests_per_second = 1;
    })
    .await;
    let mut last = app.send_bytes("x", Body::empty()).await;
    for _ in 0..3 {
        last = app.send_bytes("x", Body::empty()).await;
    }
    assert_eq!((last.status, last.code().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too_many_requests"));
    assert_eq!(last.headers[header::RETRY_AFTER], "1");
}

#[tokio::test]
async fn hundreds_of_reports_at_once_are_each_kept_exactly_once() {
    let (app, mut agent) = one_agent().await;
    let reports: Vec<Report> = (0..300).map(|_| agent.report(NOW, vec![volume("/", 1 << 30)])).collect();
    let twice = reports.iter().chain(&reports);
    let acks = join_all(twice.map(|report| app.deliver(&agent, report))).await;
    assert!(acks.iter().all(|ack| ack.continue_as.is_none()));
    assert_eq!(acks.iter().map(|ack| ack.high_water).max(), Some(300));
    assert_eq!(app.frames().await, 300);
}

#[tokio::test]
async fn hostile_texts_are_kept_as_evidence_but_names_are_clean() {
    let (app, mut agent) = one_agent().await;
    let hostile = [
        "<script>alert(1)</script>",
        "\u{202E}gnp.exe",
        "name\r\nBcc: victim@example.net",
        "=cmd|' /C calc'!A0",
        "\u{0}\u{1b}[31m",
        "'; DROP TABLE hosts; --",
        "{{7*7}}",
    ];
    let observations: Vec<Observation> = hostile.iter().flat_map(|text| [host(text), volume(text, 1 << 30)]).collect();
    let report = agent.report(NOW, observations);
    app.deliver(&agent, &report).await;
    app.work().await;
    let names = app.app.store.assets(agent.is.client).await.unwrap().into_iter().map(|asset| asset.name);
    for name in names {
        assert!(!name.chars().any(|c| c.is_control() || c == '\u{202E}'), "{name:?}");
    }
    assert_eq!(app.frames().await, 1);
}

#[tokio::test]
async fn errors_of_the_interface_say_nothing_about_the_inside() {
    let (app, agent) = one_agent().await;
    let reply = app.send_bytes(&agent.secret, Body::from(vec![1])).await;
    for inside in ["src/", ".rs", "sqlx", "panicked", "/work", "SELECT"] {
        assert!(!reply.text().contains(inside), "{}", reply.text());
    }
    assert_eq!(app.get("/api/v1/nothing").await.code(), "not_found");
}
