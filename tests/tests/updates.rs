//! Seen working: a signed release reaches an agent that runs, which goes on reporting as the new
//! version; a release that never becomes healthy goes again; and whatever is killed on the way, the
//! agent is there in the end.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::site::Client;
use beforehand_e2e::{
    parts::{
        agent::Agent,
        collector::Collector,
        place::Place,
        releases::{Maker, Runs},
        supervisor::Supervisor,
    },
    time::eventually,
    tool::{self, Service, tool},
};
use beforehand_shared::{
    host::Host,
    time::Timestamp,
    update::{CameTo, Version},
};
use beforehand_store::{HostRow, Store};
use std::{fs, path::PathBuf, process::Command, time::Duration};

const CLIENT: &str = "Harbour Dental";
const SOON: Duration = Duration::from_secs(60);

/// An office with one agent, kept running as a service manager would.
struct Office {
    maker: Maker,
    collector: Collector,
    store: Store,
    client: Client,
    agent: Agent,
    executable: PathBuf,
    supervisor: Supervisor,
    place: Place,
}

impl Office {
    /// The agent is version 0.1.0, and its client wants updates.
    async fn open(name: &str) -> Self {
        let place = Place::new(name).unwrap();
        let collector = Collector::start(&place, "").await.unwrap();
        let (id, _) = collector.add_client(CLIENT, &[]).await.unwrap();
        let store = collector.store().await.unwrap();
        let client = Client { updates: true, ..store.client(id).await.unwrap().unwrap() };
        store.update_client(&client).await.unwrap();
        let maker = Maker::new(&place).unwrap();
        let more =
            format!("[update]\nevery = \"300ms\"\nwork = {:?}\n\n[printer]\nenabled = false\n", place.path("work"));
        let agent = Agent::enrol(&place, &collector, CLIENT, &more).unwrap();
        let executable = place.path("beforehand-agent");
        fs::copy(maker.program("0.1.0", Runs::Well).unwrap(), &executable).unwrap();
        let supervisor = Supervisor::start(&executable, &agent.config, &agent.log);
        let office = Self { maker, collector, store, client, agent, executable, supervisor, place };
        office.runs("0.1.0").await;
        office
    }

    fn release(&self, version: &str, serial: u64, runs: Runs) {
        let program = self.maker.program(version, runs).unwrap();
        self.maker.release(&self.collector, version, serial, &program).unwrap();
    }

    /// The privileged step, as a program of its own.
    fn apply(&self, healthy_within_s: u32, more: &[&str]) -> Command {
        let mut apply = tool(&self.executable);
        apply.args(["update", "apply", "--config"]).arg(&self.agent.config);
        apply.arg("--executable").arg(&self.executable).arg("--healthy-within").arg(healthy_within_s.to_string());
        apply.args(more).arg("--restart").args(self.supervisor.restart());
        apply
    }

    async fn staged(&self) {
        let ready = self.agent.state.join("update/ready");
        eventually("a package laid ready", SOON, || {
            let there = ready.exists().then_some(());
            async move { there }
        })
        .await;
    }

    async fn host(&self) -> Option<(HostRow, Host)> {
        let host = self.store.hosts(self.client.id).await.unwrap().into_iter().next()?;
        let about = self.store.about_host(self.client.id, host.id).await.unwrap()?;
        Some((host, about))
    }

    /// Waits until the collector has heard from this version.
    async fn runs(&self, version: &str) -> (HostRow, Host) {
        eventually(&format!("a report of {version}"), SOON, || async {
            self.host().await.filter(|(_, about)| about.agent == version && about.updates.is_some())
        })
        .await
    }

    /// Waits for a report that came after `after`.
    async fn reports_after(&self, after: Timestamp) -> Timestamp {
        eventually("one more report", SOON, || async {
            self.host().await.and_then(|(host, _)| host.last_report).filter(|at| *at > after)
        })
        .await
    }

    /// Waits until the collector knows what came of an attempt.
    async fn told(&self, wanted: impl Fn(&CameTo) -> bool) -> Option<Version> {
        let last = eventually("what came of the update", SOON, || async {
            let last = self.host().await?.1.updates?.last?;
            wanted(&last.came_to).then_some(last)
        });
        last.await.version
    }

    fn journal(&self) -> String {
        fs::read_to_string(self.place.path("work").join("journal.json")).unwrap_or_default()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_release_reaches_a_running_agent_and_one_that_never_reports_goes_again() {
    let office = Office::open("updates").await;
    office.release("0.2.0", 1, Runs::Well);
    office.staged().await;
    let said = tool::output(&mut office.apply(60, &[])).unwrap();
    assert!(said.contains("Updated from 0.1.0 to 0.2.0"), "{said}");
    office.runs("0.2.0").await;
    let told = office.told(|came_to| matches!(came_to, CameTo::Updated { .. })).await;
    assert_eq!(told, Some("0.2.0".parse().unwrap()));

    office.release("0.3.0", 2, Runs::Hung);
    office.staged().await;
    let said = tool::output(&mut office.apply(3, &[])).unwrap();
    assert!(said.contains("0.3.0 was given up: it sent no report within 3 seconds. 0.2.0 runs again"), "{said}");
    let told = office.told(|came_to| matches!(came_to, CameTo::Returned { .. })).await;
    assert_eq!(told, Some("0.3.0".parse().unwrap()));
    let (host, about) = office.runs("0.2.0").await;
    assert_eq!(about.agent, "0.2.0");

    // It is neither offered nor taken again, also under a new index.
    let status = office.collector.command(&["updates", "status"]).unwrap();
    assert!(status.contains("is stopped") && status.contains("returned to the version before"), "{status}");
    office.release("0.3.0", 3, Runs::Well);
    let mut last = host.last_report.unwrap();
    for _ in 0..5 {
        last = office.reports_after(last).await;
    }
    assert!(!office.agent.state.join("update/ready").exists());
    let said = tool::output(&mut office.apply(3, &[])).unwrap();
    assert!(said.contains("Nothing was to be done"), "{said}");

    // A newer one is.
    office.release("0.3.1", 4, Runs::Well);
    office.staged().await;
    tool::output(&mut office.apply(60, &[])).unwrap();
    office.runs("0.3.1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_privileged_step_that_is_cut_everywhere_still_comes_to_its_end() {
    let office = Office::open("cut-updates").await;
    office.release("0.2.0", 1, Runs::Well);
    office.staged().await;
    // Each step once cut when it was done, and once when it was written down.
    let mut cuts = 0;
    while !office.journal().contains("idle") {
        for point in ["1", "2"] {
            let cut = tool::output(&mut office.apply(60, &["--stop-after", point])).unwrap_err().to_string();
            assert!(cut.contains(&format!("stopped after {point} points")), "{cut}");
            cuts += 1;
        }
        assert!(cuts <= 20, "it comes to its end");
    }
    assert_eq!(cuts, 14);
    office.runs("0.2.0").await;
    assert!(!office.agent.state.join("update/ready").exists());

    // Killed while it watches a version that does nothing: the old one comes back at the next start.
    office.release("0.3.0", 2, Runs::Hung);
    office.staged().await;
    let mut watching = Service::start(&mut office.apply(600, &[]), &office.place.path("apply.log")).unwrap();
    eventually("the new version on trial", SOON, || {
        let started = office.journal().contains("started").then_some(());
        async move { started }
    })
    .await;
    watching.kill();
    // The old program is the judge, as the service unit has it.
    let mut apply = tool(office.place.path("work").join("previous"));
    apply.args(office.apply(3, &[]).get_args());
    let said = tool::output(&mut apply).unwrap();
    assert!(said.contains("0.2.0 runs again"), "{said}");
    let (host, _) = office.runs("0.2.0").await;
    office.reports_after(host.last_report.unwrap()).await;
}
