//! The one place that starts child processes. Each is ended by its own number when dropped; all of a lab end with
//! its first process.

use anyhow::{Context, Result, bail, ensure};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    ffi::OsStr,
    io::Write,
    path::PathBuf,
    process::{Child, Command, Stdio},
};

/// A command that is not started yet.
#[expect(clippy::disallowed_methods, reason = "the one starting of child processes")]
pub fn tool(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Runs to the end, with `input`, and gives what it wrote.
///
/// # Errors
/// When it cannot be started or fails; the text holds what it said.
pub fn output(command: &mut Command, input: &str) -> Result<String> {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("{command:?} cannot be started"))?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes())?;
    }
    let output = child.wait_with_output()?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        bail!("{}: {}\n{said}{words}", command.get_program().display(), output.status);
    }
    Ok(said)
}

/// A program of this workspace, built beside this one.
///
/// # Errors
/// When it was not built.
pub fn program(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let folders = here.ancestors().skip(1).take(2);
    let beside = std::env::var_os("BEFOREHAND_BIN").map(PathBuf::from);
    let found = beside.iter().map(PathBuf::as_path).chain(folders).map(|it| it.join(name)).find(|it| it.exists());
    found.with_context(|| format!("{name} is not built. Run: cargo build --bins -p {name}, or cargo xtask test"))
}

/// A program that runs beside us.
#[derive(Debug)]
pub struct Service(Child);

impl Service {
    /// Starts `command` without input; what it says goes where ours goes.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command) -> Result<Self> {
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).spawn();
        Ok(Self(child.with_context(|| format!("{command:?} cannot be started"))?))
    }

    /// # Errors
    /// When it has ended by itself.
    pub fn check(&mut self) -> Result<()> {
        let ended = self.0.try_wait()?;
        ensure!(ended.is_none(), "a program of the lab ended: {ended:?}");
        Ok(())
    }

    /// Lets it stand still: its port is open, and nothing answers.
    ///
    /// # Errors
    /// When it is gone.
    pub fn pause(&self) -> Result<()> {
        let pid = i32::try_from(self.0.id()).ok().and_then(Pid::from_raw).context("no number")?;
        Ok(kill_process(pid, Signal::STOP)?)
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may be gone already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
