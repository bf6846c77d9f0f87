//! `cargo xtask bench agent`: our agent beside its peers in one run, each in a control group of its
//! own, all in one network namespace that holds nothing but loopback.

use super::{cgroup::Cgroup, peers, sink};
use crate::{
    build,
    tool::{Service, output, run, target, tool},
    wait,
};
use anyhow::{Result, bail};
use std::{
    ffi::OsString,
    fs,
    net::{Ipv4Addr, SocketAddr, SocketAddrV4},
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

pub(super) const ZABBIX_PORT: u16 = 10151;
pub(super) const NODE: SocketAddr = here(19100);
pub(super) const SMOKEPING: SocketAddr = here(19374);
const COLLECTOR: SocketAddr = here(18480);
const WARM_UP: Duration = Duration::from_secs(120);
const SAMPLE: Duration = Duration::from_secs(15);
/// Set in the run inside the namespace.
const INSIDE: &str = "BEFOREHAND_BENCH_INSIDE";

const fn here(port: u16) -> SocketAddr {
    SocketAddr::V4(SocketAddrV4::new(Ipv4Addr::LOCALHOST, port))
}

/// Where a run keeps its files.
pub(super) struct Place {
    pub(super) folder: PathBuf,
    /// Answers like smartctl would for one healthy drive: there is none in a virtual machine.
    pub(super) smartctl: PathBuf,
    peers: PathBuf,
}

impl Place {
    fn new(folder: PathBuf, peers: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)?;
        let smartctl = folder.join("smartctl");
        fs::write(&smartctl, SMARTCTL)?;
        fs::set_permissions(&smartctl, fs::Permissions::from_mode(0o755))?;
        Ok(Self { folder, smartctl, peers })
    }

    pub(super) fn peer(&self, path: &str) -> PathBuf {
        self.peers.join(path)
    }

    pub(super) fn write(&self, name: &str, text: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        fs::write(&path, text)?;
        Ok(path)
    }
}

const SMARTCTL: &str = r#"#!/bin/sh
case "$*" in
*--scan*) echo '{"devices":[{"name":"/dev/sda","info_name":"/dev/sda [SAT]","type":"sat","protocol":"ATA"}],"smartctl":{"exit_status":0}}' ;;
*) echo '{"device":{"name":"/dev/sda","type":"sat","protocol":"ATA"},"model_name":"Example 4T","serial_number":"BENCH0001","firmware_version":"1","user_capacity":{"bytes":4000787030016},"rotation_rate":7200,"smart_status":{"passed":true},"temperature":{"current":31},"power_on_time":{"hours":9001},"ata_smart_attributes":{"table":[{"id":5,"name":"Reallocated_Sector_Ct","value":100,"worst":100,"thresh":10,"raw":{"value":0,"string":"0"}},{"id":197,"name":"Current_Pending_Sector","value":100,"worst":100,"thresh":0,"raw":{"value":0,"string":"0"}},{"id":199,"name":"UDMA_CRC_Error_Count","value":200,"worst":200,"thresh":0,"raw":{"value":0,"string":"0"}}]},"smartctl":{"exit_status":0}}' ;;
esac
"#;

/// What is measured: one program, or several that do the jobs together.
pub(super) struct Program {
    name: &'static str,
    commands: Vec<(PathBuf, Vec<OsString>)>,
    /// How its jobs differ from the four.
    does: &'static str,
}

impl Program {
    pub(super) fn new(
        name: &'static str,
        program: &Path,
        arguments: impl IntoIterator<Item = OsString>,
        does: &'static str,
    ) -> Self {
        Self { name, commands: vec![(program.to_owned(), arguments.into_iter().collect())], does }
    }

    pub(super) fn also(&mut self, program: &Path, arguments: Vec<OsString>) {
        self.commands.push((program.to_owned(), arguments));
    }

    fn bytes(&self) -> Result<u64> {
        self.commands.iter().map(|(program, _)| Ok(fs::metadata(program)?.len())).sum()
    }
}

/// A program that runs, and what was seen of it.
struct Running {
    program: Program,
    /// Each with its log. Dropped before the group, which cannot be removed while they run.
    services: Vec<(Service, PathBuf)>,
    cgroup: Cgroup,
    cpu_before: f64,
    pss_kib: Vec<u64>,
}

/// Runs everything side by side for so many minutes and prints one table.
pub(super) fn run_all(minutes: u64) -> Result<()> {
    if std::env::var_os(INSIDE).is_none() {
        return again_inside(minutes);
    }
    run(tool("ip").args(["link", "set", "lo", "up"]))?;
    let place = Place::new(target().join("bench-agent"), peers::fetch(&target().join("peers"))?)?;
    // Ours finds the stand-in where it looks for smartctl; only inside this mount namespace.
    run(tool("mount").args(["-t", "tmpfs", "tmpfs", "/usr/local/sbin"]))?;
    fs::copy(&place.smartctl, "/usr/local/sbin/smartctl")?;
    sink::zabbix_server(here(ZABBIX_PORT))?;
    sink::scraper(vec![NODE, SMOKEPING]);
    let (_collector, ours) = ours(&place)?;
    let mut programs = vec![ours];
    programs.extend(peers::all(&place)?);
    let mut running = Vec::new();
    for program in programs {
        running.push(start(&place, program)?);
    }
    println!("{} programs run; {} s to warm up, then {minutes} min", running.len(), WARM_UP.as_secs());
    wait::pause(WARM_UP / 2);
    running.iter_mut().try_for_each(check)?;
    wait::pause(WARM_UP / 2);
    measure(&mut running, minutes)?;
    print(&running, minutes)
}

/// The same command in namespaces of its own: no packet leaves this machine, and no file of it
/// changes.
fn again_inside(minutes: u64) -> Result<()> {
    build::small_agent()?;
    build::programs(build::What::Programs)?;
    peers::fetch(&target().join("peers"))?;
    // The build may just have replaced the file that this process was started from.
    let itself = target().join("debug/xtask");
    let minutes = minutes.to_string();
    let mut inside = tool("unshare");
    inside.args(["--net", "--mount", "--"]).arg(itself).args(["bench", "agent", "--minutes", &minutes]);
    run(inside.env(INSIDE, "1"))
}

/// Our agent as it is shipped, enrolled with a collector that takes its reports.
fn ours(place: &Place) -> Result<(Service, Program)> {
    let programs = target().join("debug");
    let (state, collector_state) = (place.folder.join("state"), place.folder.join("collector"));
    for folder in [&state, &collector_state] {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        fs::create_dir_all(folder)?;
    }
    let collector_config = place.write(
        "collector.toml",
        &format!(
            "[server]\nlisten = \"{COLLECTOR}\"\nhttps = false\nstate = {collector_state:?}\n[mail]\nmode = \"files\"\n"
        ),
    )?;
    let config = place.write(
        "agent.toml",
        &format!(
            "state = {state:?}\n[connectivity]\ngateway = false\nresolvers = []\n\
             anchors = [\"127.0.0.1\", \"127.0.0.2\", \"127.0.0.3\"]\n[printer_discovery]\nenabled = false\n"
        ),
    )?;
    let token = output(tool(programs.join("load-year")).arg("--config").arg(&collector_config).arg("--no-history"))?;
    let collector = Service::start(
        "collector",
        tool(programs.join("beforehand-collector")).arg("serve").arg("--config").arg(&collector_config),
        &place.folder.join("collector.log"),
    )?;
    wait::until("the collector's start", Duration::from_secs(60), || {
        Ok(wait::answers(COLLECTOR, "/healthz").then_some(()))
    })?;
    let agent = target().join("small/beforehand-agent");
    run(tool(&agent)
        .args(["enrol", "--server", &format!("http://{COLLECTOR}"), "--token", &token, "--state"])
        .arg(&state))?;
    let arguments = [OsString::from("run"), "--config".into(), config.into()];
    let does = "all four, also printers, queues and name servers; keeps 30 days while the server is away";
    Ok((collector, Program::new("beforehand-agent", &agent, arguments, does)))
}

fn start(place: &Place, program: Program) -> Result<Running> {
    let cgroup = Cgroup::new(program.name.split_whitespace().next().unwrap_or(program.name))?;
    let entrance = cgroup.entrance();
    let libraries =
        ["usr/lib/x86_64-linux-gnu", "usr/lib"].map(|path| place.peer(path).display().to_string()).join(":");
    let mut services = Vec::new();
    for (executable, arguments) in &program.commands {
        let mut command = tool("sh");
        command.args(["-c", "echo $$ > \"$0\" && exec \"$@\""]).arg(&entrance).arg(executable).args(arguments);
        command.env("LD_LIBRARY_PATH", &libraries).env("DISABLE_TELEMETRY", "1");
        let log = place.folder.join(format!("{}.log", name_of(executable)));
        services.push((Service::start(program.name, &mut command, &log)?, log));
    }
    Ok(Running { program, services, cgroup, cpu_before: 0.0, pss_kib: Vec::new() })
}

fn name_of(executable: &Path) -> String {
    executable.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

fn measure(running: &mut [Running], minutes: u64) -> Result<()> {
    for one in running.iter_mut() {
        one.cpu_before = one.cgroup.cpu_seconds()?;
    }
    for _ in 0..minutes * 60 / SAMPLE.as_secs() {
        wait::pause(SAMPLE);
        for one in running.iter_mut() {
            check(one)?;
            one.pss_kib.push(one.cgroup.pss_kib()?);
        }
    }
    Ok(())
}

/// Fails when one of its programs has ended by itself.
fn check(one: &mut Running) -> Result<()> {
    one.services.iter_mut().try_for_each(|(service, log)| service.check(log))
}

fn print(running: &[Running], minutes: u64) -> Result<()> {
    println!("\n{:34} {:>11} {:>11} {:>9} {:>10} {:>5}", "", "PSS median", "CPU", "of a core", "programs", "procs");
    for one in running {
        let mut pss = one.pss_kib.clone();
        pss.sort_unstable();
        let Some(median) = pss.get(pss.len() / 2) else { bail!("nothing was measured") };
        let cpu = one.cgroup.cpu_seconds()? - one.cpu_before;
        println!(
            "{:34} {:>7.2} MiB {:>9.2} s {:>7.3} % {:>7.2} MB {:>5}  {}",
            one.program.name,
            *median as f64 / 1024.0,
            cpu,
            cpu / (60.0 * minutes as f64) * 100.0,
            one.program.bytes()? as f64 / 1e6,
            one.cgroup.processes()?.len(),
            one.program.does,
        );
    }
    println!(
        "\nPSS with all children, median of one value every {} s; CPU seconds over {minutes} min.",
        SAMPLE.as_secs()
    );
    Ok(())
}
