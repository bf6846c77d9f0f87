//! The agent on Windows, as far as wine is one: installed in silence, seen by the
//! collector, stopped, cut off, upgraded and removed without a trace.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_agent::identity::Identity;
use beforehand_e2e::{
    parts::{collector::Collector, place::Place, wine::Wine},
    time::eventually,
};
use beforehand_shared::{
    ids::{ClientId, HostId},
    link::Link,
    observation::Observation,
    report::Goodbye,
    run::{Outcome, ProbeRun},
};
use beforehand_store::{HostRow, Store};
use std::{fs, time::Duration};

const CLIENT: &str = "Harbour Dental";
const SOON: Duration = Duration::from_secs(60);
const DATA: &str = "ProgramData/Beforehand";
const PROGRAMS: &str = "Program Files/Beforehand";
const SERVICE: &str = r"HKLM\System\CurrentControlSet\Services\BeforehandAgent";
const EVENTS: &str = r"HKLM\System\CurrentControlSet\Services\EventLog\Application\BeforehandAgent";
/// Nothing leaves the machine.
const SETTINGS: &str =
    "report_every = \"1s\"\n\n[connectivity]\nenabled = false\n\n[printer_discovery]\nenabled = false\n";

/// The properties of a silent installation, from the command that the collector gives.
fn properties(collector: &Collector) -> Vec<String> {
    let words = collector.install_command(CLIENT).unwrap();
    let word = |option: &str| words.iter().skip_while(|word| *word != option).nth(1).unwrap().clone();
    vec![format!("SERVER={}", word("--server")), format!("TOKEN={}", word("--token"))]
}

fn install(wine: &Wine, properties: &[String]) -> anyhow::Result<()> {
    fs::create_dir_all(wine.drive(DATA)).unwrap();
    fs::write(wine.drive(DATA).join("agent.toml"), SETTINGS).unwrap();
    let properties: Vec<&str> = properties.iter().map(String::as_str).collect();
    wine.msiexec("/i", "beforehand-agent.msi", &properties)
}

struct Lab {
    store: Store,
    client: ClientId,
    host: HostId,
}

impl Lab {
    async fn row(&self) -> HostRow {
        self.store.host(self.client, self.host).await.unwrap().unwrap()
    }

    /// Waits for a report that is newer than all until now, and for what `goodbye` says of it.
    async fn report(&self, what: &str, goodbye: Option<Goodbye>) -> HostRow {
        let before = self.row().await.last_report;
        eventually(what, SOON, || async {
            Some(self.row().await).filter(|row| row.last_report > before && row.goodbye == goodbye)
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn the_service_is_installed_reports_survives_a_power_cut_and_an_upgrade_and_leaves_nothing() {
    let place = Place::new("windows").unwrap();
    let mut wine = Wine::start(&place).unwrap();
    let collector = Collector::start(&place, "").await.unwrap();
    let (client, _) = collector.add_client(CLIENT, &[]).await.unwrap();
    install(&wine, &properties(&collector)).unwrap();

    let status = wine.agent(&["service", "status"]).unwrap();
    assert!(status.starts_with("BeforehandAgent: running"), "{status}");
    assert!(status.contains("start:    automatic") && status.contains(r"NT AUTHORITY\LocalService"), "{status}");
    let quoted = r#""C:\Program Files\Beforehand\beforehand-agent.exe" service run"#;
    assert!(
        status.contains(quoted),
        "a path with blanks and no quotation marks lets others run in its place: {status}"
    );
    // Wine keeps no such actions; where they are kept, they are these.
    let failures = ["failures: not known", "failures: restart after 5 s, 30 s, 300 s"];
    assert!(failures.iter().any(|known| status.contains(known)), "{status}");
    assert!(wine.has_key(SERVICE) && wine.has_key(EVENTS));

    let store = collector.store().await.unwrap();
    let identity = Identity::load(&wine.drive(DATA).join("state")).unwrap();
    let lab = Lab { store, client, host: identity.host };
    let seen = lab.report("a first report", None).await;
    assert!(seen.os.contains("Windows") && !seen.name.is_empty(), "{seen:?}");
    assert!(seen.booted_at.is_some() && seen.probes.contains_key("printer"), "{seen:?}");

    wine.agent(&["service", "stop"]).unwrap();
    eventually("a goodbye", SOON, || async { lab.row().await.goodbye }).await;
    assert_eq!(lab.row().await.goodbye, Some(Goodbye::Stop));
    wine.agent(&["service", "start"]).unwrap();
    lab.report("a report after the start", None).await;

    wine.cut_power();
    assert_eq!(lab.row().await.goodbye, None, "what dies says no goodbye");
    wine.boot().unwrap();
    lab.report("a report after the next start of the machine", None).await;

    // Windows says this to the old version while the new one is installed; wine does not.
    wine.msiexec("/x", "beforehand-agent.msi", &["UPGRADINGPRODUCTCODE={00000000-0000-0000-0000-000000000001}"])
        .unwrap();
    assert!(!wine.drive(PROGRAMS).exists());
    wine.msiexec("/i", "next.msi", &[]).unwrap();
    assert_eq!(Identity::load(&wine.drive(DATA).join("state")).unwrap(), identity);
    lab.report("a report after the upgrade", None).await;

    wine.msiexec("/x", "next.msi", &[]).unwrap();
    assert!(!wine.has_key(SERVICE) && !wine.has_key(EVENTS));
    assert!(!wine.drive(PROGRAMS).exists() && !wine.drive(DATA).exists());
    assert_eq!(lab.store.hosts(client).await.unwrap().len(), 1, "all the time it was one host");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_fails_the_installation_and_what_was_asked_to_stay_stays() {
    let place = Place::new("windows-refused").unwrap();
    let wine = Wine::start(&place).unwrap();
    let collector = Collector::start(&place, "").await.unwrap();
    collector.add_client(CLIENT, &[]).await.unwrap();
    let good = properties(&collector);
    let bad = [good[0].clone(), "TOKEN=0123".to_owned()];
    assert!(install(&wine, &bad).is_err());
    assert!(!wine.has_key(SERVICE), "what failed leaves no service");

    install(&wine, &good).unwrap();
    let identity = fs::read(wine.drive(DATA).join("state/identity.toml")).unwrap();
    wine.msiexec("/x", "beforehand-agent.msi", &["KEEPDATA=1"]).unwrap();
    assert!(!wine.has_key(SERVICE) && !wine.drive(PROGRAMS).exists());
    assert_eq!(fs::read(wine.drive(DATA).join("state/identity.toml")).unwrap(), identity);
}

#[tokio::test(flavor = "multi_thread")]
async fn pings_are_answered_and_the_spooler_says_that_there_is_no_queue() {
    let place = Place::new("windows-once").unwrap();
    let wine = Wine::start(&place).unwrap();
    let settings = "[connectivity]\ngateway = false\nanchors = [\"127.0.0.1\", \"127.0.0.2\"]\nresolvers = []\n[printer_discovery]\nenabled = false\n";
    fs::write(wine.drive("agent.toml"), settings).unwrap();
    let said = wine.loose_agent(&["once", "--config", r"C:\agent.toml"]).unwrap();
    let runs: Vec<ProbeRun> = serde_json::from_str(&said).unwrap();
    let run = |name: &str| runs.iter().find(|run| run.probe == name).unwrap();
    let links: Vec<&Link> = run("connectivity")
        .outcome
        .observations()
        .iter()
        .filter_map(|seen| if let Observation::Link(link) = seen { Some(link) } else { None })
        .collect();
    assert_eq!(links.len(), 2, "{said}");
    assert!(links.iter().all(|link| (link.sent, link.lost) == (5, 0) && link.median_us.is_some()), "{links:?}");
    let printer = &run("printer").outcome;
    // wine has no queue here: the mapping of queues is tested on recorded answers.
    assert!(matches!(printer, Outcome::NoData { why } if why.contains("there is no queue here")), "{printer:?}");
}
