//! The packages on a real machine: installed, upgraded, killed, starved of space and removed.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_agent::identity::Identity;
use beforehand_e2e::{
    parts::{
        collector::Collector,
        machine::{Machine, Root, packages},
        place::Place,
    },
    time::{Stopwatch, eventually},
    tool::{output, tool},
};
use beforehand_shared::{
    observation::Observation,
    report::{Goodbye, Report},
    time::Timestamp,
    wire,
};
use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    time::Duration,
};

const VERSION: &str = env!("CARGO_PKG_VERSION");
const OLDER: &str = "0.0.9";
const CLIENT: &str = "Harbour Dental";
const AGENT: &str = "beforehand-agent";
const COLLECTOR: &str = "beforehand-collector";
const STATE: &str = "/var/lib/beforehand-agent";
const SOON: Duration = Duration::from_secs(60);
/// Nothing leaves this machine.
const SETTINGS: &str = "report_every = \"1s\"\n[disk_space]\nevery = \"1s\"\n[connectivity]\nevery = \"2s\"\n\
                        timeout = \"500ms\"\ngateway = false\nanchors = [\"127.0.0.1\"]\nresolvers = []\n[printer_discovery]\nenabled = false\n";

fn deb(folder: &Path, name: &str, version: &str) -> PathBuf {
    folder.join(format!("{name}_{version}_amd64.deb"))
}

/// A machine with an agent that reports to a collector outside of it.
struct Office {
    machine: Machine,
    collector: Collector,
    identity: Identity,
}

impl Office {
    async fn open(place: &Place, version: &str) -> Self {
        let collector = Collector::start(place, "").await.unwrap();
        collector.add_client(CLIENT, &[]).await.unwrap();
        let machine = Machine::boot(place).await.unwrap();
        machine.install(&deb(&packages(place, version, "agent").unwrap(), AGENT, version)).unwrap();
        fs::write(machine.path("/etc/beforehand/agent.toml"), SETTINGS).unwrap();

        machine.run(&["systemctl", "enable", "--now", AGENT]).unwrap();
        assert_eq!(machine.property(AGENT, "ActiveState").unwrap(), "inactive", "not enrolled is no fault");
        assert_eq!(machine.property(AGENT, "NRestarts").unwrap(), "0");

        let command = collector.install_command(CLIENT).unwrap();
        machine.run(&command.iter().map(String::as_str).collect::<Vec<_>>()).unwrap();
        machine.run(&["systemctl", "start", AGENT]).unwrap();
        let identity = Identity::load(&machine.path(STATE)).unwrap();
        Self { machine, collector, identity }
    }

    async fn reports(&self) -> Vec<Report> {
        let store = self.collector.store().await.unwrap();
        let (client, host) = (self.identity.client, self.identity.host);
        let frames = store.frames_of_host(client, host, Timestamp(0), Timestamp(i64::MAX)).await.unwrap();
        frames.iter().map(|frame| wire::decode(&frame.body).unwrap()).collect()
    }

    async fn another_report(&self) {
        let before = self.reports().await.len();
        eventually("another report", SOON, || async { (self.reports().await.len() > before).then_some(()) }).await;
    }

    /// Waits for the next report that says goodbye in these words.
    async fn said(&self, goodbye: Goodbye) {
        eventually("a goodbye", SOON, || async {
            let said = self.reports().await.iter().rev().find_map(|report| report.goodbye);
            (said == Some(goodbye)).then_some(())
        })
        .await;
    }

    async fn observed(&self, what: &str, is_it: impl Fn(&Observation) -> bool + Copy) {
        eventually(what, SOON, || async {
            let reports = self.reports().await;
            let seen = |report: &Report| report.runs.iter().any(|run| run.outcome.observations().iter().any(is_it));
            reports.iter().any(seen).then_some(())
        })
        .await;
    }
}

async fn active_again(machine: &Machine, service: &str, former: &str) {
    eventually("the service's return", SOON, || async {
        let [state, pid] = ["ActiveState", "MainPID"].map(|name| machine.property(service, name).unwrap());
        (state == "active" && pid != former && pid != "0").then_some(())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_packaged_agent_reports_with_few_rights_and_is_back_after_a_kill() {
    let place = Place::new("systemd-agent").unwrap();
    let office = Office::open(&place, VERSION).await;
    let machine = &office.machine;
    office.observed("the root volume", |seen| matches!(seen, Observation::Volume(v) if v.mount == "/")).await;
    office.observed("answered pings", |seen| matches!(seen, Observation::Link(link) if link.lost < link.sent)).await;

    let exposure = machine.exposure(AGENT).unwrap();
    assert!(exposure <= 2.5, "exposure is {exposure}");
    let pid = machine.property(AGENT, "MainPID").unwrap();
    let status = machine.run(&["cat", &format!("/proc/{pid}/status")]).unwrap();
    let field = |name: &str| status.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
    assert_eq!(field("CapEff:"), format!("{:016x}", 1 << 13), "CAP_NET_RAW and nothing else");
    assert_ne!(field("Uid:").split_whitespace().next().unwrap(), "0");
    let owner = fs::metadata(machine.path(STATE)).unwrap().uid();
    let identity = fs::metadata(machine.path(&format!("{STATE}/identity.toml"))).unwrap();
    assert_eq!((identity.uid(), identity.mode() & 0o777), (owner, 0o600));

    let watch = Stopwatch::start();
    machine.run(&["systemctl", "kill", "--signal=KILL", AGENT]).unwrap();
    active_again(machine, AGENT, &pid).await;
    assert!(watch.elapsed() < Duration::from_secs(5), "back after {:?}", watch.elapsed());
    office.another_report().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_agent_whose_own_volume_is_full_keeps_reporting_and_uses_the_space_that_comes_back() {
    let place = Place::new("systemd-full").unwrap();
    let office = Office::open(&place, VERSION).await;
    let machine = &office.machine;
    machine.run(&["systemctl", "stop", AGENT]).unwrap();
    machine
        .shell(&format!(
            "cp -a {STATE} /root/state && mount -t tmpfs -o size=512k,mode=700 tmpfs {STATE} && \
             chown --reference=/root/state {STATE} && cp -a /root/state/identity.toml {STATE}"
        ))
        .unwrap();
    machine.run(&["systemctl", "start", AGENT]).unwrap();
    office.another_report().await;
    let pid = machine.property(AGENT, "MainPID").unwrap();

    machine.try_run(&["dd", "if=/dev/zero", "bs=4k", &format!("of={STATE}/ballast")]);
    let free = machine.run(&["stat", "-f", "-c", "%f", STATE]).unwrap();
    assert_eq!(free.trim(), "0", "the volume is full");
    office.another_report().await;
    office.another_report().await;
    assert_eq!(machine.property(AGENT, "MainPID").unwrap(), pid, "it kept running");

    machine.run(&["rm", &format!("{STATE}/ballast")]).unwrap();
    let kept = || machine.shell(&format!("ls {STATE}/spool/acked | sort | tail -n 1")).unwrap();
    let before = kept();
    eventually("a report that is kept on the volume again", SOON, || async { (kept() > before).then_some(()) }).await;
    assert_eq!(machine.property(AGENT, "MainPID").unwrap(), pid);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_packaged_agent_says_whether_its_machine_sleeps_shuts_down_or_it_was_stopped() {
    let place = Place::new("systemd-goodbye").unwrap();
    let office = Office::open(&place, VERSION).await;
    let machine = &office.machine;
    office.another_report().await;
    // As systemd-suspend.service(8) calls it.
    machine.run(&["/usr/lib/systemd/system-sleep/beforehand-agent", "pre", "suspend"]).unwrap();
    office.said(Goodbye::Suspend).await;
    office.another_report().await;
    machine.run(&["systemctl", "stop", AGENT]).unwrap();
    office.said(Goodbye::Stop).await;
    machine.run(&["systemctl", "start", AGENT]).unwrap();
    office.another_report().await;
    machine.try_run(&["systemctl", "poweroff"]);
    office.said(Goodbye::Shutdown).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn upgrade_and_downgrade_keep_settings_and_identity_and_purge_leaves_nothing() {
    let place = Place::new("systemd-upgrade").unwrap();
    let office = Office::open(&place, OLDER).await;
    let machine = &office.machine;
    office.another_report().await;
    let kept = || {
        ["/etc/beforehand/agent.toml", "/var/lib/beforehand-agent/identity.toml"]
            .map(|file| fs::read_to_string(machine.path(file)).unwrap())
    };
    let before = kept();
    let newer = packages(&place, VERSION, "agent").unwrap();
    machine.run(&["systemctl", "mask", "--now", "beforehand-agent-update.path"]).unwrap();
    for (folder, version) in [(newer.as_path(), VERSION), (&place.path(&format!("packages-{OLDER}")), OLDER)] {
        let former = machine.property(AGENT, "MainPID").unwrap();
        leave_trial(|path| machine.path(path));
        machine.install(&deb(folder, AGENT, version)).unwrap();
        trial_is_discarded(|path| machine.path(path));
        let unit = machine.try_run(&["systemctl", "is-enabled", "beforehand-agent-update.path"]);
        assert_eq!(unit.trim(), "masked", "who masked it has said so for good");
        assert_eq!(machine.run(&["dpkg-query", "-W", "-f", "${Version}", AGENT]).unwrap(), version);
        active_again(machine, AGENT, &former).await;
        assert_eq!(kept(), before);
        office.another_report().await;
    }
    machine.run(&["systemctl", "unmask", "beforehand-agent-update.path"]).unwrap();
    leave_trial(|path| machine.path(path));
    machine.run(&["apt-get", "remove", "-y", "-q", AGENT]).unwrap();
    trial_is_discarded(|path| machine.path(path));
    assert_eq!(kept(), before, "removal alone forgets nothing");
    machine.run(&["apt-get", "purge", "-y", "-q", AGENT]).unwrap();
    nothing_is_left(machine, "beforehand");
}

/// What a step that was cut leaves behind: would it go on, it would put its old program back.
const TRIAL: [&str; 3] = [
    "/var/lib/beforehand-agent-update/journal.json",
    "/var/lib/beforehand-agent-update/previous",
    "/usr/bin/beforehand-agent.kept",
];
const MEMORY: &str = "/var/lib/beforehand-agent-update/memory.json";

fn leave_trial(at: impl Fn(&str) -> PathBuf) {
    fs::create_dir_all(at("/var/lib/beforehand-agent-update")).unwrap();
    TRIAL.into_iter().chain([MEMORY]).for_each(|path| fs::write(at(path), "{}").unwrap());
}

fn trial_is_discarded(at: impl Fn(&str) -> PathBuf) {
    for path in TRIAL {
        assert!(!at(path).exists(), "{path} would bring an old program back");
    }
    assert!(at(MEMORY).exists(), "what was learned of versions stays");
}

fn nothing_is_left(machine: &Machine, name: &str) {
    let left = machine.shell(&format!("find /etc /usr /var/lib /run/systemd -name '*{name}*' | grep -v dpkg/; true"));
    assert_eq!(left.unwrap(), "");
    assert_eq!(machine.shell(&format!("getent passwd | grep {name}; getent group | grep {name}; true")).unwrap(), "");
    assert_eq!(machine.try_run(&["systemctl", "list-units", "--all", "--no-legend", &format!("*{name}*")]), "");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_packaged_collector_serves_with_few_rights_and_comes_back_when_it_hangs() {
    let place = Place::new("systemd-collector").unwrap();
    let machine = Machine::boot(&place).await.unwrap();
    for (product, name) in [("collector", COLLECTOR), ("agent", AGENT)] {
        machine.install(&deb(&packages(&place, VERSION, product).unwrap(), name, VERSION)).unwrap();
    }
    let port = beforehand_e2e::parts::collector::free_address().unwrap().port();
    let settings = format!("[server]\nlisten = \"127.0.0.1:{port}\"\n");
    fs::write(machine.path("/etc/beforehand/collector.toml"), settings).unwrap();
    fs::write(machine.path("/etc/beforehand/agent.toml"), SETTINGS).unwrap();
    machine.run(&["systemctl", "enable", "--now", COLLECTOR]).unwrap();
    let link = format!("https://localhost:{port}/setup/");
    assert!(machine.journal(COLLECTOR).contains(&link), "{}", machine.journal(COLLECTOR));
    let exposure = machine.exposure(COLLECTOR).unwrap();
    assert!(exposure <= 2.0, "exposure is {exposure}");

    let as_service = format!("runuser -u {COLLECTOR} -- {COLLECTOR}");
    machine.shell(&format!("{as_service} client add --name '{CLIENT}'")).unwrap();
    let said = machine.shell(&format!("{as_service} enrol-token --client '{CLIENT}' --site 'Main office'")).unwrap();
    let command = said.lines().find(|line| line.trim().starts_with(AGENT)).unwrap();
    machine.shell(&format!("{command} && systemctl enable --now {AGENT}")).unwrap();
    eventually("a report that was acknowledged", SOON, || async {
        let kept = machine.try_run(&["ls", "/var/lib/beforehand-agent/spool/acked"]);
        kept.contains("report").then_some(())
    })
    .await;
    machine.shell(&format!("{as_service} backup --to /var/lib/{COLLECTOR}/copy.db")).unwrap();

    let pid = machine.property(COLLECTOR, "MainPID").unwrap();
    let watch = Stopwatch::start();
    machine.run(&["systemctl", "kill", "--signal=KILL", COLLECTOR]).unwrap();
    active_again(&machine, COLLECTOR, &pid).await;
    assert!(watch.elapsed() < Duration::from_secs(5), "back after {:?}", watch.elapsed());

    let drop_in = machine.path(&format!("/etc/systemd/system/{COLLECTOR}.service.d"));
    fs::create_dir_all(&drop_in).unwrap();
    fs::write(drop_in.join("watchdog.conf"), "[Service]\nWatchdogSec=4\n").unwrap();
    machine.shell(&format!("systemctl daemon-reload && systemctl restart {COLLECTOR}")).unwrap();
    let pid = machine.property(COLLECTOR, "MainPID").unwrap();
    machine.run(&["systemctl", "kill", "--signal=STOP", COLLECTOR]).unwrap();
    active_again(&machine, COLLECTOR, &pid).await;
    assert!(machine.property(COLLECTOR, "NRestarts").unwrap() != "0");

    machine.run(&["apt-get", "purge", "-y", "-q", COLLECTOR]).unwrap();
    nothing_is_left(&machine, COLLECTOR);
}

#[test]
fn the_rpm_brings_the_same_files_its_user_and_its_service_and_keeps_changed_settings() {
    let place = Place::new("systemd-rpm").unwrap();
    let root = Root::new(&place).unwrap();
    let rpm = |arguments: &[&str]| output(tool("rpm").arg("--root").arg(&root.folder).args(arguments)).unwrap();
    rpm(&["--initdb"]);
    for product in ["agent", "collector"] {
        let name = format!("beforehand-{product}");
        let file = |version: &str| {
            let folder = packages(&place, version, product).unwrap();
            folder.join(format!("{name}-{version}-1.x86_64.rpm")).display().to_string()
        };
        rpm(&["--install", "--nodeps", &file(OLDER)]);
        let (config, state) =
            (root.path(&format!("/etc/beforehand/{product}.toml")), root.path(&format!("/var/lib/{name}")));
        let [service, settings] = [&state, &config].map(|path| fs::metadata(path).unwrap());
        assert_eq!(service.mode() & 0o777, 0o700);
        assert_ne!(service.uid(), 0);
        assert_eq!((settings.uid(), settings.gid(), settings.mode() & 0o777), (0, service.gid(), 0o640));
        assert!(root.path(&format!("/usr/lib/systemd/system/{name}.service")).is_file());
        assert_eq!(fs::metadata(root.path(&format!("/usr/bin/{name}"))).unwrap().mode() & 0o7777, 0o755);

        fs::write(&config, "# changed\n").unwrap();
        fs::write(state.join("kept"), "").unwrap();
        leave_trial(|path| root.path(path));
        rpm(&["--upgrade", "--nodeps", &file(VERSION)]);
        if product == "agent" {
            trial_is_discarded(|path| root.path(path));
        }
        assert_eq!(rpm(&["--query", &name]).trim(), format!("{name}-{VERSION}-1.x86_64"));
        assert_eq!(fs::read_to_string(&config).unwrap(), "# changed\n");
        rpm(&["--erase", "--nodeps", &name]);
        assert!(!root.path(&format!("/usr/bin/{name}")).exists());
        assert!(state.join("kept").exists(), "what an agent or a collector knows is not removed with its program");
    }
}

#[test]
fn the_same_programs_give_the_same_packages() {
    let place = Place::new("systemd-same").unwrap();
    let sums = || {
        let folder = packages(&place, VERSION, "agent").unwrap();
        let sums = fs::read_to_string(folder.join("SHA256SUMS")).unwrap();
        fs::remove_dir_all(folder).unwrap();
        sums
    };
    let first = sums();
    assert_eq!(first.lines().count(), 2);
    assert_eq!(first, sums());
}
