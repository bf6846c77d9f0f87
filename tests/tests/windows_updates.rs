//! Seen working: the agent on Windows, as far as wine is one, is replaced by a signed release while it
//! runs, and comes back from one that hangs, also when the power fails meanwhile.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::site::Client;
use beforehand_e2e::{
    parts::{
        collector::Collector,
        place::Place,
        releases::{Maker, Runs},
        wine::Wine,
    },
    time::eventually,
};
use beforehand_shared::{
    ids::ClientId,
    time::Timestamp,
    update::{CameTo, Version},
};
use beforehand_store::Store;
use std::{fs, time::Duration};

const CLIENT: &str = "Harbour Dental";
const LONG: Duration = Duration::from_secs(180);
const DATA: &str = "ProgramData/Beforehand";
const PROGRAMS: &str = "Program Files/Beforehand";
const SERVICE: &str = r"HKLM\System\CurrentControlSet\Services\BeforehandUpdate";
/// Nothing leaves the machine.
const SETTINGS: &str = "report_every = \"1s\"\n\n[update]\nevery = \"300ms\"\n\n[connectivity]\nenabled = false\n\n[printer_discovery]\nenabled = false\n";

/// A machine whose agent is version 0.1.0, and whose client wants updates.
struct Machine {
    wine: Wine,
    collector: Collector,
    maker: Maker,
    store: Store,
    client: ClientId,
}

impl Machine {
    async fn start(place: &Place) -> Self {
        let wine = Wine::start(place).unwrap();
        let collector = Collector::start(place, "").await.unwrap();
        let (client, _) = collector.add_client(CLIENT, &[]).await.unwrap();
        let store = collector.store().await.unwrap();
        let wants = Client { updates: true, ..store.client(client).await.unwrap().unwrap() };
        store.update_client(&wants).await.unwrap();
        let maker = Maker::for_windows(place, &wine).unwrap();
        let machine = Self { wine, collector, maker, store, client };
        machine.install();
        machine
    }

    fn install(&self) {
        for (folder, name, content) in [
            (DATA, "agent.toml", SETTINGS.as_bytes()),
            (PROGRAMS, "beforehand-agent.exe", &fs::read(self.maker.program("0.1.0", Runs::Well).unwrap()).unwrap()),
        ] {
            fs::create_dir_all(self.wine.drive(folder)).unwrap();
            fs::write(self.wine.drive(folder).join(name), content).unwrap();
        }
        let words = self.collector.install_command(CLIENT).unwrap();
        let enrolment = words.iter().skip_while(|word| !word.starts_with("--")).map(String::as_str);
        let install: Vec<&str> = ["service", "install"].into_iter().chain(enrolment).collect();
        self.wine.agent(&install).unwrap();
    }

    fn release(&self, version: &str, serial: u64, runs: Runs) {
        let program = self.maker.program(version, runs).unwrap();
        self.maker.release(&self.collector, version, serial, &program).unwrap();
    }

    /// Waits until the collector has heard from this version after `after`.
    async fn runs(&self, version: &str, after: Option<Timestamp>) -> Option<Timestamp> {
        eventually(&format!("a report of {version}"), LONG, || async {
            let host = self.store.hosts(self.client).await.unwrap().into_iter().next()?;
            let about = self.store.about_host(self.client, host.id).await.unwrap()?;
            (about.agent == version && host.last_report > after).then_some(host.last_report)
        })
        .await
    }

    /// Waits until the collector knows what came of an attempt with `version`.
    async fn told(&self, version: &str, wanted: impl Fn(&CameTo) -> bool) {
        let version: Option<Version> = Some(version.parse().unwrap());
        eventually("what came of the update", LONG, || async {
            let host = self.store.hosts(self.client).await.unwrap().into_iter().next()?;
            let last = self.store.about_host(self.client, host.id).await.unwrap()?.updates?.last?;
            (last.version == version && wanted(&last.came_to)).then_some(())
        })
        .await;
    }

    fn journal(&self) -> String {
        fs::read_to_string(self.wine.drive(DATA).join("update/journal.json")).unwrap_or_default()
    }

    /// Waits until the privileged step has come so far.
    async fn comes_to(&self, state: &str) {
        eventually(state, LONG, || {
            let there = self.journal().contains(state).then_some(());
            async move { there }
        })
        .await;
    }

    /// Waits until the service for updates is set up so: when it starts, and by which program.
    async fn is_set_up(&self, start: &str, program: &str) {
        eventually(start, LONG, || {
            let said = |value| self.wine.run("reg", &["query", SERVICE, "/v", value]).unwrap_or_default();
            let there = said("Start").contains(start) && said("ImagePath").contains(program);
            async move { there.then_some(()) }
        })
        .await;
    }
}

const WHEN_ASKED: &str = "0x3";
const WITH_THE_MACHINE: &str = "0x2";
const INSTALLED: &str = r#""C:\Program Files\Beforehand\beforehand-agent.exe" service run-update"#;

#[tokio::test(flavor = "multi_thread")]
async fn the_service_is_replaced_while_it_runs_and_comes_back_from_a_version_that_hangs() {
    let place = Place::new("windows-updates").unwrap();
    let mut machine = Machine::start(&place).await;
    machine.runs("0.1.0", None).await;
    machine.is_set_up(WHEN_ASKED, INSTALLED).await;

    machine.release("0.2.0", 1, Runs::Well);
    machine.runs("0.2.0", None).await;
    machine.told("0.2.0", |came_to| matches!(came_to, CameTo::Updated { .. })).await;
    machine.is_set_up(WHEN_ASKED, INSTALLED).await;
    let last = machine.runs("0.2.0", None).await;

    machine.release("0.3.0", 2, Runs::Hung);
    machine.told("0.3.0", |came_to| matches!(came_to, CameTo::Returned { .. })).await;
    let last = machine.runs("0.2.0", last).await;

    // The power fails while a version is on trial that will never start the step itself.
    machine.release("0.4.0", 3, Runs::Hung);
    machine.comes_to("started").await;
    machine.is_set_up(WITH_THE_MACHINE, "updater.exe").await;
    machine.wine.cut_power();
    machine.wine.boot().unwrap();
    machine.told("0.4.0", |came_to| matches!(came_to, CameTo::Returned { .. })).await;
    machine.runs("0.2.0", last).await;
    machine.is_set_up(WHEN_ASKED, INSTALLED).await;

    machine.wine.agent(&["service", "uninstall", "--remove-data"]).unwrap();
    assert!(!machine.wine.has_key(SERVICE) && !machine.wine.drive(DATA).exists());
    let left: Vec<_> = fs::read_dir(machine.wine.drive(PROGRAMS)).unwrap().map(|it| it.unwrap().file_name()).collect();
    assert_eq!(left, ["beforehand-agent.exe"]);
}
