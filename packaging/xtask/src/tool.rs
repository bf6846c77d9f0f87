//! The only place that starts child processes.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    ffi::OsStr,
    fs::{self, File},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// A command that is not started yet.
#[expect(clippy::disallowed_methods, reason = "the one place that starts child processes")]
pub(crate) fn tool(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Cargo as it runs this program, in the directory of the workspace.
pub(crate) fn cargo() -> Command {
    in_workspace(tool(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into())))
}

/// `cargo`, or a program that calls it, in the directory of the workspace.
pub(crate) fn in_workspace(mut cargo: Command) -> Command {
    cargo.current_dir(root());
    // What cargo tells this program about its own package; build scripts that watch these would
    // run again, and a build started by hand and one started here would undo each other.
    for name in std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()) {
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(name);
        }
    }
    cargo
}

/// Runs to the end, with our own input and output.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("{} cannot be started", spoken(command)))?;
    if !status.success() {
        bail!("{} failed: {status}", spoken(command));
    }
    Ok(())
}

/// Runs to the end and gives its standard output.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let output =
        command.stderr(Stdio::inherit()).output().with_context(|| format!("{} cannot be started", spoken(command)))?;
    if !output.status.success() {
        bail!("{} failed: {}", spoken(command), output.status);
    }
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a command can be started and says yes.
pub(crate) fn succeeds(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn spoken(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}

/// The directory of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here).to_owned()
}

/// Where cargo builds.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The target of this machine's architecture.
pub(crate) fn linux_triple() -> String {
    format!("{}-unknown-linux-gnu", std::env::consts::ARCH)
}

/// The size of a file in MB.
pub(crate) fn megabytes(file: &Path) -> Result<f64> {
    Ok(fs::metadata(file).with_context(|| format!("no {}", file.display()))?.len() as f64 / 1e6)
}

/// One line for each of `files`: its size and where it is.
pub(crate) fn print_sizes<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> Result<()> {
    for file in files {
        println!("{:>7.2} MB  {}", megabytes(file)?, file.display());
    }
    Ok(())
}

/// A program that runs beside us, is asked to stop when dropped, and is killed if it does not.
pub(crate) struct Service {
    name: &'static str,
    child: Child,
}

/// How long a service may take to stop.
const PATIENCE: Duration = Duration::from_secs(25);
const POLL: Duration = Duration::from_millis(50);

impl Service {
    /// Starts `command` with everything it says going to `log`.
    pub(crate) fn start(name: &'static str, command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("{} cannot be started", spoken(command)))?;
        Ok(Self { name, child })
    }

    /// Fails when it has ended by itself.
    pub(crate) fn check(&mut self, log: &Path) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("the {} ended ({status}). Its last words:\n{}", self.name, tail(log));
        }
        Ok(())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw) {
            // It may have ended by itself: then there is nothing to ask.
            let _ = kill_process(pid, Signal::TERM);
        }
        let tries = PATIENCE.as_millis() / POLL.as_millis();
        for _ in 0..tries {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(POLL);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The last lines of a log.
pub(crate) fn tail(log: &Path) -> String {
    let text = fs::read_to_string(log).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(15)..].join("\n")
}
