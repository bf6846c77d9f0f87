//! Handing the agent's packages to machines that are to be enrolled.

use crate::common::{TestApp, host};
use axum::http::StatusCode;
use beforehand_collector::random;
use beforehand_shared::{observation::Observation, time::Millis};
use beforehand_store::Role;

const DEB: &str = "beforehand-agent_0.1.0_amd64.deb";

async fn with_a_package() -> TestApp {
    let app = TestApp::with(|config| config.server.packages = config.server.state.join("agents")).await;
    let packages = &app.app.config.server.packages;
    std::fs::create_dir(packages).unwrap();
    std::fs::write(packages.join(DEB), "a package").unwrap();
    std::fs::write(packages.join("SHA256SUMS"), "not for you").unwrap();
    app
}

/// What the page shows for the first site there is.
async fn enrolment_page(app: &TestApp) -> String {
    let (client, site) = app.client("Harbour Dental").await;
    let cookie = app.person(Role::Technician).await;
    let fields = format!("site={}.{}", client.id, site.id);
    let reply = app.form("/enrol", Some(&cookie), &fields).await;
    assert_eq!(reply.status, StatusCode::OK, "{}", reply.text());
    reply.text().replace("&#38;", "&").replace("&#39;", "'").replace("&#34;", "\"")
}

#[tokio::test]
async fn the_page_gives_one_line_for_each_system_and_the_sum_of_what_it_hands_out() {
    let app = with_a_package().await;
    let page = enrolment_page(&app).await;
    assert!(page.contains(&format!("echo '{}  {DEB}' | sha256sum -c", random::sha256(b"a package"))), "{page}");
    assert!(page.contains("Install the package first: dnf install"), "there is no package for RHEL here");
    assert!(page.contains("msiexec /i beforehand-agent-VERSION-x64.msi /qn SERVER="));
}

#[tokio::test]
async fn a_machine_that_nobody_knows_yet_fetches_the_package_and_nothing_else() {
    let app = with_a_package().await;
    let reply = app.get(&format!("/install/{DEB}")).await;
    assert_eq!((reply.status, reply.body.as_slice()), (StatusCode::OK, b"a package".as_slice()));
    for other in ["SHA256SUMS", "beforehand-agent_0.2.0_amd64.deb", "..%2Fcollector.db", "%2Fetc%2Fpasswd"] {
        assert_eq!(app.get(&format!("/install/{other}")).await.status, StatusCode::NOT_FOUND, "{other}");
    }
}

#[tokio::test]
async fn an_agent_older_than_the_collector_is_shown_as_behind_with_its_last_start() {
    let app = TestApp::new().await;
    let (_, site) = app.client("Harbour Dental").await;
    for (name, version) in [("OLD", "0.0.9"), ("NEW", env!("CARGO_PKG_VERSION"))] {
        let mut agent = app.agent(&site, name).await;
        let Observation::Host(mut about) = host(name) else { panic!("a host is a host") };
        about.agent = version.to_owned();
        about.started_at = Some(app.now().minus(Millis::hours(3)));
        let report = agent.report(app.now(), vec![Observation::Host(about)]);
        app.deliver(&agent, &report).await;
    }
    app.work().await;
    let cookie = app.person(Role::Viewer).await;
    let page = app.page(axum::http::Method::GET, "/hosts?state=behind", Some(&cookie)).await.text();
    assert!(page.contains("OLD") && !page.contains("NEW"), "{page}");
    assert!(page.contains("1 with an older agent") && page.contains("3 hours ago"), "{page}");
}
