//! A printer that a technician has watched from the console: an agent asks it with a credential that is handed to it,
//! again when somebody wishes so, and differently once the credential is changed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_e2e::{
    parts::{
        agent::Agent,
        collector::Collector,
        console::Console,
        place::Place,
        snmp_printers::{AUTH_PASSWORD, PRIVACY_PASSWORD, SnmpPrinters, recording},
    },
    time::eventually,
};
use beforehand_shared::{ids::ClientId, observation::Observation, printer::SupplyLevel};
use beforehand_store::Store;
use std::time::Duration;

const CLIENT: &str = "Harbour Dental";
const ADDRESS: &str = "127.0.0.13";
const SOON: Duration = Duration::from_secs(60);
/// Nothing is asked again by itself within the test.
const SETTINGS: &str = "[printer]\ncups = \"\"\nevery = \"1s\"\nask_every = \"1h\"\nask_busy_every = \"1h\"\n";

/// How much toner the printer has left, as far as the collector knows.
async fn left(store: &Store, client: ClientId) -> Option<SupplyLevel> {
    store.assets(client).await.unwrap().into_iter().find_map(|asset| match asset.facts {
        Observation::Printer(printer) => Some(printer.supplies.first()?.level),
        _ => None,
    })
}

async fn shows(store: &Store, client: ClientId, level: f32) {
    let what = format!("{level} % at the collector");
    let known = || async { left(store, client).await.filter(|known| *known == SupplyLevel::Left(level)) };
    eventually(&what, SOON, known).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_is_watched_from_the_console_with_a_credential_that_only_its_agent_is_handed() {
    let place = Place::new("handed-printer").unwrap();
    let full = recording("VCF9192281", 62);
    let simulated = SnmpPrinters::start_on_usual_port(&place, &[(ADDRESS, &full)]).await.unwrap();
    let collector = Collector::start(&place, "").await.unwrap();
    let (client, site) = collector.add_client(CLIENT, &[]).await.unwrap();
    let mut agent = Agent::enrol(&place, &collector, CLIENT, SETTINGS).unwrap();
    agent.run().unwrap();
    let (store, console) = (collector.store().await.unwrap(), Console::set_up(&collector).await.unwrap());
    eventually("the agent's first report", SOON, || async {
        store.hosts(client).await.unwrap().into_iter().find_map(|host| host.last_report)
    })
    .await;
    let pages = format!("/clients/{client}");
    let secret = format!(
        "name=office&version=v3&user=sha-aes&auth=sha1&auth_password={AUTH_PASSWORD}&privacy=aes128\
         &privacy_password={PRIVACY_PASSWORD}"
    );
    console.send(&format!("{pages}/credentials"), &secret).await.unwrap();
    let credential = store.credentials(client).await.unwrap().remove(0).id;
    let printer = format!("site={site}&address={ADDRESS}&name=Front+desk&credential={credential}");
    console.send(&format!("{pages}/printers/new"), &printer).await.unwrap();
    shows(&store, client, 62.0).await;

    // The community, which this simulator takes too.
    let watched = format!("{pages}/printers/{site}/{ADDRESS}");
    console.send(&format!("{watched}/change"), "name=Front+desk&credential=").await.unwrap();
    simulated.change(ADDRESS, &recording("VCF9192281", 3)).unwrap();
    console.send(&format!("{watched}/ask"), "").await.unwrap();
    shows(&store, client, 3.0).await;
    for page in ["credentials", "printers"] {
        let (_, shown) = console.page(&format!("{pages}/{page}")).await.unwrap();
        assert!(!shown.contains(AUTH_PASSWORD) && !shown.contains(PRIVACY_PASSWORD), "a password is never shown");
    }
    assert!(!agent.said().contains(AUTH_PASSWORD) && !collector.said().contains(AUTH_PASSWORD));
}
