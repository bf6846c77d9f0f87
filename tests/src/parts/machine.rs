//! A whole machine: a Debian with its own systemd as the first process, booted in a container from a
//! root that is made once. It shares the network of this machine, so that loopback reaches both ways.

use super::place::Place;
use crate::{
    time::eventually,
    tool::{self, Service, output, tool},
};
use anyhow::{Context, Result, ensure};
use std::{
    fs::{self, File},
    path::{Path, PathBuf},
    time::Duration,
};

#[derive(Debug)]
pub struct Machine {
    /// Declared before the root that it runs in, so that it ends first.
    container: Service,
    /// Its systemd, by the number that this machine knows it by.
    leader: u32,
    root: Root,
}

/// A root of its own: what a test writes is gone with it.
#[derive(Debug)]
pub struct Root {
    /// As seen from outside.
    pub folder: PathBuf,
    /// Containers that are started by hand share one control group, so there is one at a time.
    _alone: File,
}

const PATH: &str = "/usr/sbin:/usr/bin:/sbin:/bin";
const BOOT: Duration = Duration::from_secs(240);

impl Root {
    /// Needs root, and the first time some minutes and the mirror of this machine's own packages.
    ///
    /// # Errors
    /// When the root cannot be made or mounted.
    pub fn new(place: &Place) -> Result<Self> {
        let store = store()?;
        let alone = File::create(store.join("lock"))?;
        alone.lock()?;
        let base = base(&store)?;
        let [folder, upper, work] = ["root", "upper", "work"].map(|name| place.path(name));
        for folder in [&folder, &upper, &work] {
            fs::create_dir_all(folder)?;
        }
        let layers = format!("lowerdir={},upperdir={},workdir={}", base.display(), upper.display(), work.display());
        output(tool("mount").args(["-t", "overlay", "overlay", "-o", &layers]).arg(&folder))?;
        Ok(Self { folder, _alone: alone })
    }

    pub fn path(&self, inside: &str) -> PathBuf {
        self.folder.join(inside.trim_start_matches('/'))
    }
}

impl Drop for Root {
    fn drop(&mut self) {
        // Lazily: the last of the container may still go.
        if let Err(error) = output(tool("umount").arg("--lazy").arg(&self.folder)) {
            eprintln!("{error}");
        }
    }
}

impl Machine {
    /// Boots one and waits until it is up.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn boot(place: &Place) -> Result<Self> {
        let root = Root::new(place)?;
        let mut nspawn = tool("systemd-nspawn");
        nspawn.args(["--quiet", "--boot", "--register=no", "--keep-unit", "--console=pipe", "--link-journal=no"]);
        nspawn.args(["--machine=office", "--directory"]).arg(&root.folder);
        let container = Service::start(&mut nspawn, &place.path("machine.log"))?;
        let mut machine = Self { leader: 0, container, root };
        machine.leader = eventually("the machine's first process", BOOT, || {
            let child = machine.first_child();
            async move { child }
        })
        .await;
        eventually("the machine's start", BOOT, || {
            let state = machine.try_run(&["systemctl", "is-system-running"]);
            async move { ["running", "degraded"].contains(&state.trim()).then_some(()) }
        })
        .await;
        Ok(machine)
    }

    fn first_child(&self) -> Option<u32> {
        let nspawn = self.container.pid();
        fs::read_to_string(format!("/proc/{nspawn}/task/{nspawn}/children"))
            .ok()?
            .split_whitespace()
            .next()?
            .parse()
            .ok()
    }

    /// What a command in the machine wrote.
    ///
    /// # Errors
    /// When it fails; the text holds what it said.
    pub fn run(&self, command: &[&str]) -> Result<String> {
        output(&mut self.command(command))
    }

    /// As [`Machine::run`], for a line of shell.
    ///
    /// # Errors
    /// When it fails.
    pub fn shell(&self, line: &str) -> Result<String> {
        self.run(&["sh", "-c", line])
    }

    /// What a command wrote, whether or not it failed.
    pub fn try_run(&self, command: &[&str]) -> String {
        let said = self.command(command).output();
        said.map(|said| String::from_utf8_lossy(&said.stdout).into_owned()).unwrap_or_default()
    }

    fn command(&self, command: &[&str]) -> std::process::Command {
        let mut enter = tool("nsenter");
        enter.args(["--target", &self.leader.to_string(), "--all", "--"]).args(command);
        enter.env_clear().env("PATH", PATH).env("DEBIAN_FRONTEND", "noninteractive");
        enter
    }

    /// Installs a package as an administrator would, with what it depends on.
    ///
    /// # Errors
    /// When it cannot be installed.
    pub fn install(&self, deb: &Path) -> Result<String> {
        let name = deb.file_name().context("no file")?.to_string_lossy();
        fs::copy(deb, self.path("/root").join(&*name))?;
        self.run(&["apt-get", "install", "-y", "-q", "--allow-downgrades", &format!("/root/{name}")])
    }

    /// A file of the machine, as seen from outside.
    pub fn path(&self, inside: &str) -> PathBuf {
        self.root.path(inside)
    }

    /// A property of a service, as systemd tells it.
    ///
    /// # Errors
    /// When systemd does not answer.
    pub fn property(&self, service: &str, name: &str) -> Result<String> {
        Ok(self.run(&["systemctl", "show", "--value", "--property", name, service])?.trim().to_owned())
    }

    /// What a service wrote to the journal.
    pub fn journal(&self, service: &str) -> String {
        self.try_run(&["journalctl", "--no-pager", "--output=cat", "--unit", service])
    }

    /// The figure of `systemd-analyze security`, from 0 (closed) to 10 (open).
    ///
    /// # Errors
    /// When systemd gives none.
    pub fn exposure(&self, service: &str) -> Result<f64> {
        let said = self.run(&["systemd-analyze", "security", "--no-pager", service])?;
        let line = said.lines().find(|line| line.contains("Overall exposure level")).context("no figure")?;
        let figure = line.rsplit(": ").next().and_then(|rest| rest.split(' ').next()).context("no figure")?;
        Ok(figure.parse()?)
    }
}

/// The packages of the programs beside the tests, made as version `version`.
///
/// # Errors
/// When they cannot be made.
pub fn packages(place: &Place, version: &str, of: &str) -> Result<PathBuf> {
    let out = place.path(&format!("packages-{version}"));
    let programs = tool::program("xtask")?.parent().context("no folder")?.to_owned();
    let mut xtask = tool(tool::program("xtask")?);
    xtask.args(["package", "--profile", "dev", "--version", version, "--only", of]);
    output(xtask.arg("--programs").arg(programs).arg("--out").arg(&out))?;
    Ok(out)
}

/// Where roots are kept.
fn store() -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"), PathBuf::from);
    let folder = target.join("machines");
    fs::create_dir_all(&folder)?;
    Ok(std::path::absolute(folder)?)
}

/// A Debian of the same release as this machine's, so that programs built here run there.
fn base(store: &Path) -> Result<PathBuf> {
    let (codename, mirror) = source()?;
    let base = store.join(&codename);
    if base.exists() {
        return Ok(base);
    }
    let new = store.join(format!("{codename}.new"));
    if new.exists() {
        fs::remove_dir_all(&new)?;
    }
    let mut debootstrap = tool("debootstrap");
    debootstrap.args(["--variant=minbase", "--include=systemd-sysv,dbus", &codename]);
    output(debootstrap.arg(&new).arg(&mirror))?;
    fs::write(new.join("etc/hosts"), "127.0.0.1 localhost\n::1 localhost\n")?;
    // Tests fetch nothing; what is installed must hold by itself.
    fs::write(new.join("etc/apt/sources.list"), "")?;
    fs::rename(&new, &base)?;
    Ok(base)
}

/// Release and mirror that this machine's own package manager uses.
fn source() -> Result<(String, String)> {
    let release = fs::read_to_string("/etc/os-release")?;
    let codename = release.lines().find_map(|line| line.strip_prefix("VERSION_CODENAME=")).context("no codename")?;
    let format = "$(REPO_URI) $(CODENAME) $(COMPONENT)";
    let targets = output(tool("apt-get").args(["indextargets", "--format", format]))?;
    let wanted = format!(" {codename} main");
    let mirror = targets.lines().find_map(|line| line.strip_suffix(&wanted));
    let mirror = mirror.with_context(|| format!("apt knows no mirror of {codename}"))?;
    ensure!(mirror.contains("://"), "{mirror} is no mirror");
    Ok((codename.to_owned(), mirror.to_owned()))
}
