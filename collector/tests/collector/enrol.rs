//! Enrolment: one token, one machine, one site.

use crate::common::{NOW, TestApp, enrol_request};
use axum::{
    body::Body,
    http::{Request, StatusCode},
};
use beforehand_collector::random::Secret;
use beforehand_shared::{
    enrol::{ENROL_PATH, EnrolReply},
    time::Millis,
};

#[tokio::test]
async fn a_token_makes_one_machine_a_host_of_its_site() {
    let app = TestApp::new().await;
    let (client, site) = app.client("Harbour Dental").await;
    let mut agent = app.agent(&site, "FRONTDESK").await;
    assert_eq!((agent.is.client, agent.is.site), (client.id, site.id));
    assert_eq!((agent.is.client_name.as_str(), agent.is.site_name.as_str()), ("Harbour Dental", "Main office"));
    let report = agent.report(NOW, vec![]);
    app.deliver(&agent, &report).await;
}

#[tokio::test]
async fn a_token_works_once() {
    let app = TestApp::new().await;
    let (_, site) = app.client("Harbour Dental").await;
    let token = app.token(&site).await;
    let first = app.enrol_with(&enrol_request(&token, &Secret::new().unwrap().sha256, "A")).await;
    assert_eq!(first.status, StatusCode::OK);
    let second = app.enrol_with(&enrol_request(&token, &Secret::new().unwrap().sha256, "B")).await;
    assert_eq!((second.status, second.code().as_str()), (StatusCode::FORBIDDEN, "used_token"));
    assert_eq!(app.app.store.hosts(site.client).await.unwrap().len(), 1);
}

#[tokio::test]
async fn of_two_machines_that_share_a_token_one_becomes_a_host() {
    let app = TestApp::new().await;
    let (_, site) = app.client("Harbour Dental").await;
    let token = app.token(&site).await;
    let requests: Vec<_> =
        (0..8).map(|n| enrol_request(&token, &Secret::new().unwrap().sha256, &format!("PC{n}"))).collect();
    let replies = futures::future::join_all(requests.iter().map(|request| app.enrol_with(request))).await;
    let enrolled = replies.iter().filter(|reply| reply.status == StatusCode::OK).count();
    assert_eq!(enrolled, 1);
}

#[tokio::test]
async fn an_expired_or_invented_token_is_refused() {
    let app = TestApp::new().await;
    let (_, site) = app.client("Harbour Dental").await;
    let token = app.token(&site).await;
    app.later(Millis::hours(2));
    let expired = app.enrol_with(&enrol_request(&token, &Secret::new().unwrap().sha256, "A")).await;
    assert_eq!(expired.code(), "expired_token");
    let invented = app.enrol_with(&enrol_request("0123", &Secret::new().unwrap().sha256, "A")).await;
    assert_eq!(invented.code(), "unknown_token");
    assert!(app.app.store.hosts(site.client).await.unwrap().is_empty());
}

#[tokio::test]
async fn a_machine_that_is_enrolled_again_is_the_same_host() {
    let app = TestApp::new().await;
    let (_, site) = app.client("Harbour Dental").await;
    let first = app.agent(&site, "FRONTDESK").await.is;
    let again = app.agent(&site, "FRONTDESK").await.is;
    assert_eq!(first.host, again.host);
    assert_ne!(first.incarnation, again.incarnation);
}

#[tokio::test]
async fn what_is_no_enrolment_is_refused_and_uses_no_token_up() {
    let app = TestApp::new().await;
    let (_, site) = app.client("Harbour Dental").await;
    let token = app.token(&site).await;
    let secret = Secret::new().unwrap();
    let mut short = enrol_request(&token, "abc", "A");
    assert_eq!(app.enrol_with(&short).await.status, StatusCode::BAD_REQUEST);
    short.secret_sha256 = secret.sha256.to_uppercase();
    assert_eq!(app.enrol_with(&short).await.status, StatusCode::BAD_REQUEST);
    let nameless = enrol_request(&token, &secret.sha256, " \u{0} ");
    assert_eq!(app.enrol_with(&nameless).await.status, StatusCode::BAD_REQUEST);
    for body in [vec![], b"{}".to_vec(), b"[1]".to_vec(), vec![0xff; 100], vec![b' '; 20_000]] {
        let reply = app.call(Request::post(ENROL_PATH).body(Body::from(body)).unwrap()).await;
        assert!(reply.status.is_client_error(), "{}", reply.text());
    }
    let name = "x".repeat(5_000);
    let reply = app.enrol_with(&enrol_request(&token, &secret.sha256, &name)).await;
    assert_eq!(reply.status, StatusCode::OK, "a long name is cut, the token was not used up");
    let _: EnrolReply = reply.json();
    assert!(app.app.store.hosts(site.client).await.unwrap()[0].name.chars().count() <= 120);
}
