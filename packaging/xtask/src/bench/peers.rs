//! The peers: which packages they come in, and how each is set up for the same four jobs once a
//! minute: free space of `/`, health of one drive, five pings to each of three addresses, counters of
//! one interface.

use super::agents::{Place, Program};
use crate::tool::{run, tool};
use anyhow::{Context, Result};
use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
};

/// Peers and the libraries that they do not bring along.
const PACKAGES: [&str; 11] = [
    "zabbix-agent",
    "zabbix-agent2",
    "prometheus-node-exporter",
    "prometheus-smokeping-prober",
    "collectd-core",
    "netdata-core",
    "netdata-plugins-bash",
    "fping",
    "libuv1",
    "libmodbus5",
    "liboping0",
];

/// Fetches the packages and unpacks them beside the system: nothing is installed, nothing starts by
/// itself.
pub(super) fn fetch(folder: &Path) -> Result<PathBuf> {
    let root = folder.join("root");
    if root.exists() {
        return Ok(root);
    }
    let debs = folder.join("debs");
    fs::create_dir_all(&debs)?;
    run(tool("apt-get").current_dir(&debs).args(["download", "-q"]).args(PACKAGES))
        .context("the peers cannot be fetched; `apt-get update` may help")?;
    let unpacking = folder.join("unpacking");
    for deb in fs::read_dir(&debs)? {
        run(tool("dpkg").arg("-x").arg(deb?.path()).arg(&unpacking))?;
    }
    fs::rename(&unpacking, &root)?;
    Ok(root)
}

pub(super) fn all(place: &Place) -> Result<Vec<Program>> {
    Ok(vec![zabbix_agent(place)?, zabbix_agent2(place)?, node_exporter(place)?, collectd(place)?, netdata(place)?])
}

/// Settings that both Zabbix agents share; pings by fping, as its documentation does it.
fn zabbix_settings(place: &Place, name: &str) -> String {
    let folder = place.folder.display();
    let (fping, smartctl) = (place.peer("usr/bin/fping"), place.smartctl.display());
    format!(
        "Server=127.0.0.1\nServerActive=127.0.0.1:{}\nHostname={name}\nLogFile={folder}/{name}.log\nPidFile={folder}/{name}.pid\n\
         Timeout=20\nRefreshActiveChecks=60\nUserParameter=beforehand.ping[*],{} -q -c5 $1 2>&1\n\
         UserParameter=beforehand.smart,{smartctl} --json=c -x -d sat /dev/sda\n",
        super::agents::ZABBIX_PORT,
        fping.display(),
    )
}

fn zabbix_agent(place: &Place) -> Result<Program> {
    let settings = format!("{}StartAgents=1\nListenPort=10150\nAllowRoot=1\n", zabbix_settings(place, "zabbix-agent"));
    let file = place.write("zabbix-agent.conf", &settings)?;
    let program = place.peer("usr/sbin/zabbix_agentd");
    Ok(Program::new("zabbix-agent", &program, [OsString::from("-f"), "-c".into(), file.into()], "all four"))
}

fn zabbix_agent2(place: &Place) -> Result<Program> {
    let folder = place.folder.display();
    let settings = format!(
        "{}ListenPort=10152\nControlSocket={folder}/zabbix-agent2.sock\nEnablePersistentBuffer=1\n\
         PersistentBufferFile={folder}/zabbix-agent2.db\n",
        zabbix_settings(place, "zabbix-agent2")
    );
    let file = place.write("zabbix-agent2.conf", &settings)?;
    let program = place.peer("usr/sbin/zabbix_agent2");
    Ok(Program::new("zabbix-agent2", &program, [OsString::from("-f"), "-c".into(), file.into()], "all four"))
}

/// Pings need a second exporter; twelve seconds apart is five a minute.
fn node_exporter(place: &Place) -> Result<Program> {
    let collectors = ["filesystem", "diskstats", "netdev"].map(|name| format!("--collector.{name}").into());
    let mut arguments: Vec<OsString> =
        vec![format!("--web.listen-address={}", super::agents::NODE).into(), "--collector.disable-defaults".into()];
    arguments.extend(collectors);
    let targets = "targets:\n  - hosts: [127.0.0.1, 127.0.0.2, 127.0.0.3]\n    interval: 12s\n";
    let config = place.write("smokeping.yml", targets)?;
    let pings: Vec<OsString> = vec![
        format!("--web.listen-address={}", super::agents::SMOKEPING).into(),
        format!("--config.file={}", config.display()).into(),
        "--privileged".into(),
    ];
    let mut program = Program::new(
        "node_exporter + smokeping_prober",
        &place.peer("usr/bin/prometheus-node-exporter"),
        arguments,
        "no drive health; keeps nothing while the server is away",
    );
    program.also(&place.peer("usr/bin/prometheus-smokeping-prober"), pings);
    Ok(program)
}

fn collectd(place: &Place) -> Result<Program> {
    let (folder, plugins) = (place.folder.display(), place.peer("usr/lib/collectd"));
    let types = place.peer("usr/share/collectd/types.db");
    let settings = format!(
        "Hostname \"bench\"\nFQDNLookup false\nInterval 60\nBaseDir \"{folder}\"\nPIDFile \"{folder}/collectd.pid\"\n\
         PluginDir \"{}\"\nTypesDB \"{}\"\nLoadPlugin df\nLoadPlugin disk\nLoadPlugin interface\n\
         <LoadPlugin ping>\n  Interval 12\n</LoadPlugin>\nLoadPlugin network\n\
         <Plugin df>\n  MountPoint \"/\"\n</Plugin>\n<Plugin interface>\n  Interface \"lo\"\n</Plugin>\n\
         <Plugin ping>\n  Host \"127.0.0.1\"\n  Host \"127.0.0.2\"\n  Host \"127.0.0.3\"\n  Interval 12\n</Plugin>\n\
         <Plugin network>\n  Server \"127.0.0.1\" \"25826\"\n</Plugin>\n",
        plugins.display(),
        types.display(),
    );
    let file = place.write("collectd.conf", &settings)?;
    let program = place.peer("usr/sbin/collectd");
    let does = "no drive health (its plugin needs a real drive); sends by UDP, keeps nothing";
    Ok(Program::new("collectd", &program, [OsString::from("-f"), "-C".into(), file.into()], does))
}

fn netdata(place: &Place) -> Result<Program> {
    let folder = place.folder.join("netdata");
    let make = |name: &str| -> Result<PathBuf> {
        let made = folder.join(name);
        fs::create_dir_all(&made)?;
        Ok(made)
    };
    let (config, cache, lib, log) = (make("etc")?, make("cache")?, make("lib")?, make("log")?);
    fs::write(config.join(".opt-out-from-anonymous-statistics"), "")?;
    fs::write(
        config.join("fping.conf"),
        format!(
            "fping=\"{}\"\nhosts=\"127.0.0.1 127.0.0.2 127.0.0.3\"\nupdate_every=60\nping_every=12000\n",
            place.peer("usr/bin/fping").display()
        ),
    )?;
    let settings = format!(
        "[global]\nrun as user = root\n[db]\nmode = ram\nupdate every = 60\nretention = 240\n[ml]\nenabled = no\n\
         [health]\nenabled = no\n[web]\nbind to = 127.0.0.1:19999\n[cloud]\nenabled = no\n\
         [directories]\nconfig = {}\nstock config = {}\ncache = {}\nlib = {}\nlog = {}\nhome = {}\nplugins = {}\nweb = {}\n\
         [plugins]\napps = no\ncgroups = no\ntc = no\nidlejitter = no\nperf = no\nslabinfo = no\nnfacct = no\ncharts.d = no\n\
         ioping = no\ncups = no\nstatsd = no\ntimex = no\nfping = yes\n",
        config.display(),
        place.peer("usr/lib/netdata/conf.d").display(),
        cache.display(),
        lib.display(),
        log.display(),
        folder.display(),
        place.peer("usr/lib/netdata/plugins.d").display(),
        place.peer("usr/share/netdata/web").display(),
    );
    let file = config.join("netdata.conf");
    fs::write(&file, settings)?;
    let program = place.peer("usr/sbin/netdata");
    let does = "no drive health; every 60 s, no machine learning, nothing but /proc, diskspace and fping";
    Ok(Program::new("netdata", &program, [OsString::from("-D"), "-c".into(), file.into()], does))
}
