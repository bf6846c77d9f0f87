//! A Windows of its own for one test: wine, in a folder of the test, with the programs that
//! `cargo xtask test --only windows` built.

use super::place::Place;
use crate::tool::{self, Service, tool};
use anyhow::{Result, bail};
use sha2::{Digest, Sha256};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What wine's own programs may take, in seconds; a hanging one is a failed test.
const PATIENCE_S: &str = "120";
/// How long a machine lives at most, should its test be killed.
const LIFE_S: &str = "900";
/// Under wine as under Windows.
const PROGRAM: &str = r"C:\Program Files\Beforehand\beforehand-agent.exe";

#[derive(Debug)]
pub struct Wine {
    prefix: PathBuf,
    built: PathBuf,
    log: PathBuf,
    session: Option<Service>,
}

impl Wine {
    /// Starts one that nothing was installed on.
    ///
    /// # Errors
    /// When the agent for Windows was not built, or wine does not start.
    pub fn start(place: &Place) -> Result<Self> {
        let built = built()?;
        let prefix = place.path("wine");
        tool::output(tool("cp").args(["-a", "--reflink=auto"]).arg(template(&built)?).arg(&prefix))?;
        let mut wine = Self { prefix, built, log: place.path("session.log"), session: None };
        wine.boot()?;
        Ok(wine)
    }

    /// Starts the machine, and so the services that start with it.
    ///
    /// # Errors
    /// When wine does not start.
    pub fn boot(&mut self) -> Result<()> {
        self.session = Some(Service::start(&mut in_prefix(&self.prefix, LIFE_S, r"C:\session.exe", &[]), &self.log)?);
        // Services that start with this program keep what it writes to open, so that is nothing: a test
        // that reads from a program of its own would read for ever.
        let mut up = self.command("cmd", &["/c", "exit"]);
        let status = up.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status()?;
        anyhow::ensure!(status.success(), "wine does not start: {status}");
        Ok(())
    }

    /// Ends everything at once: what runs in this prefix, and nothing else.
    pub fn cut_power(&mut self) {
        let server =
            |argument| tool("timeout").args(["20", "wineserver", argument]).env("WINEPREFIX", &self.prefix).output();
        // What is gone already needs no ending.
        drop([server("-k"), server("-w")]);
        self.session = None;
    }

    /// A path of this Windows' drive C.
    pub fn drive(&self, path: &str) -> PathBuf {
        self.prefix.join("drive_c").join(path)
    }

    /// What `cargo xtask test --only windows` built under this name.
    pub fn built(&self, name: &str) -> PathBuf {
        self.built.join(name)
    }

    /// The same as Windows sees it.
    fn package(&self, name: &str) -> String {
        format!("Z:{}", self.built(name).display()).replace('/', r"\")
    }

    fn command(&self, program: &str, arguments: &[&str]) -> Command {
        in_prefix(&self.prefix, PATIENCE_S, program, arguments)
    }

    /// Runs a program to its end and gives what it said.
    ///
    /// # Errors
    /// When it fails or takes too long.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        tool::output(&mut self.command(program, arguments))
    }

    /// `msiexec` in silence, with a package that was built.
    ///
    /// # Errors
    /// When it fails.
    pub fn msiexec(&self, verb: &str, package: &str, properties: &[&str]) -> Result<()> {
        let package = self.package(package);
        let mut arguments = vec![verb, &package, "/qn"];
        arguments.extend(properties);
        self.run("msiexec", &arguments).map(|_| ())
    }

    /// The installed agent.
    ///
    /// # Errors
    /// When it fails.
    pub fn agent(&self, arguments: &[&str]) -> Result<String> {
        self.run(PROGRAM, arguments)
    }

    /// The agent as it was built, installed nowhere.
    ///
    /// # Errors
    /// When it fails.
    pub fn loose_agent(&self, arguments: &[&str]) -> Result<String> {
        self.run(&self.package("beforehand-agent.exe"), arguments)
    }

    /// Whether the registry has a key.
    pub fn has_key(&self, key: &str) -> bool {
        self.run("reg", &["query", key]).is_ok()
    }
}

impl Drop for Wine {
    fn drop(&mut self) {
        self.cut_power();
    }
}

fn in_prefix(prefix: &Path, patience_s: &str, program: &str, arguments: &[&str]) -> Command {
    let mut command = tool("timeout");
    command.args([patience_s, "wine", program]).args(arguments);
    command.env("WINEPREFIX", prefix).env("WINEDEBUG", "-all").env("WINEARCH", "win64");
    // Neither .NET nor a browser is needed, and wine would offer to fetch them.
    command.env("WINEDLLOVERRIDES", "mscoree,mshtml=").env_remove("DISPLAY");
    command
}

/// Where the agent for Windows and its packages lie.
fn built() -> Result<PathBuf> {
    let folder = match std::env::var_os("BEFOREHAND_WINDOWS") {
        Some(folder) => PathBuf::from(folder),
        None => target()?.join("windows/tests"),
    };
    for name in ["beforehand-agent.exe", "agent-of-test.exe", "beforehand-agent.msi", "next.msi"] {
        if !folder.join(name).exists() {
            bail!("{} is not built. Run: cargo xtask test --only windows", folder.join(name).display());
        }
    }
    Ok(folder)
}

fn target() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    here.ancestors().nth(3).map(Path::to_owned).ok_or_else(|| anyhow::anyhow!("no target directory"))
}

/// A fresh Windows to copy, made once: that takes wine ten seconds.
fn template(built: &Path) -> Result<PathBuf> {
    let sources = [source("bcryptprimitives.c"), source("session.c")];
    let mut sum = Sha256::new();
    for source in &sources {
        sum.update(fs::read(source)?);
    }
    // A template with other programs of ours in it is another one.
    let template = built.join(format!("wine-template-{}", &hex::encode(sum.finalize())[..16]));
    if template.exists() {
        return Ok(template);
    }
    // Tests that start together each make one; whoever is first keeps theirs.
    let making = tempfile::Builder::new().prefix("wine-").tempdir_in(built)?.keep();
    tool::output(&mut in_prefix(&making, PATIENCE_S, "wineboot", &["--init"]))?;
    tool::output(tool("timeout").args([PATIENCE_S, "wineserver", "-w"]).env("WINEPREFIX", &making))?;
    let drive = making.join("drive_c");
    let [primitives, session] = &sources;
    compile(primitives, &["-shared", "-ladvapi32"], &drive.join("windows/system32/bcryptprimitives.dll"))?;
    compile(session, &[], &drive.join("session.exe"))?;
    if fs::rename(&making, &template).is_err() {
        fs::remove_dir_all(&making)?;
    }
    Ok(template)
}

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("wine").join(name)
}

fn compile(source: &Path, more: &[&str], out: &Path) -> Result<()> {
    tool::output(tool("x86_64-w64-mingw32-gcc").arg(source).arg("-o").arg(out).args(more)).map(|_| ())
}
