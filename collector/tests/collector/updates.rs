//! New versions of the agent as the collector hands them on: only what is signed gets in, and only
//! hosts whose turn it is get it.

use crate::common::{Agent, TestApp};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use beforehand_collector::{
    random,
    releases::{self, Added, Release, ReleaseError},
};
use beforehand_shared::{
    host::Host,
    observation::Observation,
    time::Millis,
    update::{
        Able, Attempt, CameTo, FILES_PATH, INDEX_FILE, Index, OFFER_PATH, Offer, Package, SIGNATURE_FILE, UpdateKey,
        Updates, Version,
    },
};
use beforehand_store::Role;
use minisign::KeyPair;
use std::{fs, path::Path};

const NEW: Version = Version { major: 0, minor: 2, patch: 0 };
const FILE: &[u8] = b"a package";
const NAME: &str = "agent-0.2.0.zst";

struct Maker(KeyPair);

impl Maker {
    fn new() -> Self {
        Self(KeyPair::generate_unencrypted_keypair().unwrap())
    }

    fn key(&self) -> UpdateKey {
        UpdateKey::parse(&self.0.pk.to_base64()).unwrap()
    }

    fn release(&self, into: &Path, index: &Index) {
        let text = serde_json::to_string(index).unwrap();
        let signature = minisign::sign(None, &self.0.sk, text.as_bytes(), None, None).unwrap();
        fs::write(into.join(INDEX_FILE), &text).unwrap();
        fs::write(into.join(SIGNATURE_FILE), signature.to_string()).unwrap();
        fs::write(into.join(NAME), FILE).unwrap();
    }
}

fn index(app: &TestApp) -> Index {
    let package = Package {
        platform: "linux-x86_64".to_owned(),
        version: NEW,
        file: NAME.to_owned(),
        bytes: FILE.len() as u64,
        sha256: random::sha256(FILE),
    };
    let (made_at, expires_at) = (app.now().minus(Millis::DAY), app.now().plus(Millis::days(90)));
    Index { format: 1, serial: 5, made_at, expires_at, packages: vec![package] }
}

/// Releases what `change` makes of a good index.
fn add(app: &TestApp, maker: &Maker, change: impl FnOnce(&mut Index)) -> Result<Added, ReleaseError> {
    let from = tempfile::tempdir().unwrap();
    let mut index = index(app);
    change(&mut index);
    maker.release(from.path(), &index);
    releases::add(from.path(), &folder(app), &maker.key(), app.now())
}

fn folder(app: &TestApp) -> std::path::PathBuf {
    releases::folder(&app.app.config.server.state)
}

async fn ask(app: &TestApp, agent: &Agent, path: &str) -> crate::common::Reply {
    let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {}", agent.secret));
    app.call(request.body(Body::empty()).unwrap()).await
}

/// Lets the agent say which version it is and what was tried.
async fn introduce(app: &TestApp, agent: &mut Agent, version: &str, last: Option<Attempt>) {
    let host = Host {
        name: "FRONTDESK".to_owned(),
        os: "Debian 12".to_owned(),
        agent: version.to_owned(),
        booted_at: app.now(),
        started_at: None,
        desktop: None,
        updates: Some(Updates { platform: "linux-x86_64".to_owned(), able: Able::Yes, last }),
    };
    let report = agent.report(app.now(), vec![Observation::Host(host)]);
    app.deliver(agent, &report).await;
    app.work().await;
}

/// One client with one machine that could have the release.
async fn office(app: &TestApp) -> (beforehand_core::site::Client, Agent) {
    let (client, site) = app.client("Harbour Dental").await;
    let mut agent = app.agent(&site, "FRONTDESK").await;
    introduce(app, &mut agent, "0.1.0", None).await;
    (client, agent)
}

#[tokio::test]
async fn nothing_is_offered_until_the_client_is_switched_on_and_then_the_very_bytes_that_were_signed() {
    let app = TestApp::new().await;
    let (mut client, agent) = office(&app).await;
    assert_eq!(ask(&app, &agent, OFFER_PATH).await.status, StatusCode::NO_CONTENT, "nothing is released");
    let maker = Maker::new();
    assert!(matches!(add(&app, &maker, |_| {}), Ok(Added::Released(_))));
    app.later(Millis::MINUTE);
    assert_eq!(ask(&app, &agent, OFFER_PATH).await.status, StatusCode::NO_CONTENT, "off is the default");

    client.updates = true;
    app.app.store.update_client(&client).await.unwrap();
    app.later(Millis::MINUTE);
    let offer: Offer = ask(&app, &agent, OFFER_PATH).await.json();
    let index = maker.key().open(&offer.index, &offer.signature).unwrap();
    assert_eq!(index.packages[0].version, NEW);
    let file = ask(&app, &agent, &format!("{FILES_PATH}{NAME}")).await;
    assert_eq!((file.status, file.body.as_slice()), (StatusCode::OK, FILE));
    assert_eq!(file.headers[header::CONTENT_LENGTH], FILE.len().to_string());
}

#[tokio::test]
async fn only_files_that_the_index_names_can_be_fetched_and_only_by_hosts() {
    let app = TestApp::new().await;
    let (_, agent) = office(&app).await;
    add(&app, &Maker::new(), |_| {}).unwrap();
    fs::write(folder(&app).join("other"), "not named").unwrap();
    fs::write(app.folder.path().join("secret"), "not ours to give").unwrap();
    for name in
        ["other", "offer.json", "..%2Fsecret", "../secret", "..", "%2e%2e%2fsecret", "%2Fetc%2Fpasswd", "%00", ""]
    {
        let reply = ask(&app, &agent, &format!("{FILES_PATH}{name}")).await;
        assert_eq!(reply.status, StatusCode::NOT_FOUND, "{name}: {}", reply.text());
    }
    for path in [OFFER_PATH.to_owned(), format!("{FILES_PATH}{NAME}")] {
        assert_eq!(app.get(&path).await.status, StatusCode::UNAUTHORIZED);
    }
}

#[tokio::test]
async fn what_is_not_signed_whole_newer_and_in_time_is_not_released() {
    let app = TestApp::new().await;
    let (maker, other) = (Maker::new(), Maker::new());
    let from = tempfile::tempdir().unwrap();
    other.release(from.path(), &index(&app));
    let add_from = |key: UpdateKey| releases::add(from.path(), &folder(&app), &key, app.now());
    assert!(matches!(add_from(maker.key()), Err(ReleaseError::Key(_))), "another key");
    fs::write(from.path().join(NAME), "another package").unwrap();
    assert!(matches!(add_from(other.key()), Err(ReleaseError::OtherFile { .. })), "another package");
    fs::remove_file(from.path().join(SIGNATURE_FILE)).unwrap();
    assert!(matches!(add_from(other.key()), Err(ReleaseError::File { .. })), "no signature");
    assert!(matches!(add(&app, &maker, |index| index.expires_at = app.now()), Err(ReleaseError::Expired)));
    assert_eq!(Release::load(&folder(&app)).unwrap(), None, "nothing of it stays");

    add(&app, &maker, |_| {}).unwrap();
    let older = add(&app, &maker, |index| index.serial = 4);
    assert!(matches!(older, Err(ReleaseError::Older { serial: 4, present: 5 })));
    let replaced = add(&app, &maker, |index| index.made_at = app.now());
    assert!(matches!(replaced, Err(ReleaseError::Older { .. })), "a serial number is used once");
    assert_eq!(Release::load(&folder(&app)).unwrap().unwrap().index.serial, 5);
}

#[cfg(unix)]
#[tokio::test]
async fn what_root_releases_belongs_to_the_owner_of_the_state() {
    use std::os::unix::fs::{MetadataExt, chown};
    let app = TestApp::new().await;
    let state = app.app.config.server.state.clone();
    let folder = folder(&app);
    let precious = app.folder.path().join("precious");
    fs::write(&precious, "precious").unwrap();
    // Only root can give files away; for anybody else they stay his own.
    let root = fs::metadata(&precious).unwrap().uid() == 0;
    chown(&state, root.then_some(12_345), root.then_some(12_345)).unwrap();
    fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(&precious, folder.join(format!("{NAME}.part"))).unwrap();
    add(&app, &Maker::new(), |_| {}).unwrap();
    let owner = fs::metadata(&state).unwrap().uid();
    for path in [folder.clone(), folder.join("offer.json"), folder.join(NAME)] {
        assert_eq!(fs::metadata(&path).unwrap().uid(), owner, "{}", path.display());
    }
    assert_eq!(fs::read_to_string(&precious).unwrap(), "precious", "no link is followed");
}

#[tokio::test]
async fn a_release_that_cannot_be_read_is_a_line_on_the_pages_and_no_failure() {
    let app = TestApp::new().await;
    let (client, agent) = office(&app).await;
    fs::create_dir_all(folder(&app).join("offer.json")).unwrap();
    let cookie = app.person(Role::Viewer).await;
    for path in ["/hosts".to_owned(), "/tasks".to_owned(), format!("/hosts/{}/{}", client.id, agent.is.host)] {
        let reply = app.page(axum::http::Method::GET, &path, Some(&cookie)).await;
        assert_eq!(reply.status, StatusCode::OK, "{path}");
        assert!(reply.text().contains("The release of the agent cannot be read"), "{path}: {}", reply.text());
    }
}

#[tokio::test]
async fn a_host_that_returned_stops_the_rollout_and_its_page_says_why() {
    let app = TestApp::new().await;
    let (mut client, mut agent) = office(&app).await;
    client.updates = true;
    app.app.store.update_client(&client).await.unwrap();
    add(&app, &Maker::new(), |_| {}).unwrap();
    let why = "it sent no report within 120 seconds".to_owned();
    let to = Version { major: 0, minor: 1, patch: 0 };
    let last = Attempt { at: app.now(), version: Some(NEW), came_to: CameTo::Returned { to, why } };
    introduce(&app, &mut agent, "0.1.0", Some(last)).await;
    assert_eq!(ask(&app, &agent, OFFER_PATH).await.status, StatusCode::NO_CONTENT);
    let cookie = app.person(Role::Viewer).await;
    let page = |path: String| {
        let (app, cookie) = (&app, cookie.clone());
        async move { app.page(axum::http::Method::GET, &path, Some(&cookie)).await.text() }
    };
    let host = page(format!("/hosts/{}/{}", client.id, agent.is.host)).await;
    assert!(host.contains("0.2.0 was tried and 0.1.0 put back: it sent no report within 120 seconds"), "{host}");
    for path in ["/hosts", "/tasks"] {
        let text = page(path.to_owned()).await;
        assert!(text.contains("Agent 0.2.0 for linux-x86_64 is stopped: FRONTDESK returned"), "{path}: {text}");
    }
}

#[tokio::test]
async fn the_switch_of_a_client_is_on_its_page_and_off_at_first() {
    let app = TestApp::new().await;
    let (client, _) = app.client("Harbour Dental").await;
    let cookie = app.person(Role::Technician).await;
    let form = "name=Harbour+Dental&currency=CHF&time_zone=Europe%2FZurich&fee_per_month=450&list_rate_per_hour=150\
                &included_hours=1&wage_per_hour=60&revenue_per_hour=800&call_out=90&people=8&emails=&day=3&hour=8\
                &delivery_days=3&margin_days=2&together_days=0";
    let path = format!("/clients/{}/edit", client.id);
    let form_page = app.page(axum::http::Method::GET, &path, Some(&cookie)).await.text();
    assert!(form_page.contains("name=\"updates\" value=\"yes\">"), "{form_page}");
    for (more, on) in [("&updates=yes", true), ("", false)] {
        let reply = app.form(&path, Some(&cookie), &format!("{form}{more}")).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
        assert_eq!(app.app.store.client(client.id).await.unwrap().unwrap().updates, on);
    }
}
