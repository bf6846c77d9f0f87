//! A collector as a provider runs it: over HTTPS with its own authority, and on PostgreSQL.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a failure is what a test is for")]

#[path = "../../collector/store/tests/conformance/postgres.rs"]
mod postgres;

use beforehand_agent::identity::IdentityError;
use beforehand_e2e::{
    parts::{agent::Agent, collector::Collector, console::Console, place::Place},
    time::eventually,
};
use postgres::Cluster;
use reqwest::StatusCode;
use std::{fs, time::Duration};

const CLIENT: &str = "Harbour Dental";
const SOON: Duration = Duration::from_secs(60);
const SETTINGS: &str = "report_every = \"1s\"\n[connectivity]\nenabled = false\n[printer]\nenabled = false\n[printer_discovery]\nenabled = false\n";

/// Waits until the console shows what the agent saw of its machine; the text of the page.
async fn seen_on_the_console(console: &Console) -> String {
    let hosts = eventually("the machine on the console", SOON, || async {
        let (status, hosts) = console.page("/hosts").await.unwrap();
        assert_eq!(status, StatusCode::OK);
        hosts.split('"').find(|word| word.starts_with("/hosts/") && word.len() > 40).map(str::to_owned)
    })
    .await;
    eventually("the machine's volumes on its page", SOON, || async {
        let (status, host) = console.page(&hosts).await.unwrap();
        assert_eq!(status, StatusCode::OK);
        host.contains("/assets/").then_some(host)
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_enrols_over_https_by_the_printed_fingerprint_and_by_no_other() {
    let place = Place::new("https").unwrap();
    let mut collector = Collector::configure_https(&place, "").unwrap();
    collector.serve().await.unwrap();
    let (client, _) = collector.add_client(CLIENT, &[]).await.unwrap();
    let store = collector.store().await.unwrap();
    let said = collector.said();
    let printed = said.split_whitespace().find(|word| word.starts_with("sha256:")).unwrap();
    let right = collector.install_command(CLIENT).unwrap();
    assert!(right.contains(&printed.to_owned()), "the command carries the printed fingerprint: {right:?}");
    let mut agent = Agent::prepare(&place, SETTINGS).unwrap();

    let other = format!("sha256:{}", "ab".repeat(32));
    let wrong: Vec<String> = right.iter().map(|word| word.replace(printed, &other)).collect();
    let refused = agent.enrol_with(&wrong).unwrap_err().to_string();
    assert!(refused.contains("no certificate with this fingerprint") && refused.contains("Nothing was sent"));
    let without: Vec<String> = right.iter().take(right.len() - 2).cloned().collect();
    assert!(agent.enrol_with(&without).unwrap_err().to_string().contains("--fingerprint"));
    let identity = beforehand_agent::identity::Identity::load(&agent.state);
    assert!(matches!(identity, Err(IdentityError::NotEnrolled { .. })), "a refusal leaves no identity");
    assert!(fs::read_dir(&agent.state).unwrap().next().is_none(), "it leaves nothing at all");
    assert!(store.hosts(client).await.unwrap().is_empty());

    // The same token: it was sent to nobody, and so is not used up.
    agent.enrol_with(&right).unwrap();
    let identity = agent.identity().unwrap();
    assert!(identity.server.starts_with("https://") && identity.ca.is_some());
    agent.run().unwrap();
    let console = Console::set_up(&collector).await.unwrap();
    seen_on_the_console(&console).await;
    let host = store.host(client, identity.host).await.unwrap().unwrap();
    assert!(host.last_report.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_report_reaches_the_console_of_a_collector_on_postgresql() {
    let place = Place::new("postgresql").unwrap();
    let cluster = Cluster::start().await;
    let mut collector = Collector::configure_on(&place, cluster.url("postgres"), "").unwrap();
    collector.serve().await.unwrap();
    let (client, _) = collector.add_client(CLIENT, &[]).await.unwrap();
    let mut agent = Agent::enrol(&place, &collector, CLIENT, "[printer]\nenabled = false\n").unwrap();
    agent.run().unwrap();
    let console = Console::set_up(&collector).await.unwrap();
    let page = seen_on_the_console(&console).await;
    assert!(page.contains(CLIENT));

    // What is there survives the collector.
    collector.kill();
    collector.serve().await.unwrap();
    let store = collector.store().await.unwrap();
    let before = store.host(client, agent.identity().unwrap().host).await.unwrap().unwrap().last_report;
    eventually("a report after the restart", SOON, || async {
        let host = store.host(client, agent.identity().unwrap().host).await.unwrap().unwrap();
        (host.last_report > before).then_some(())
    })
    .await;
    assert!(!collector.state.join("collector.db").exists(), "nothing is kept in SQLite beside it");
}
