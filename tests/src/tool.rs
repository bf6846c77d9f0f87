//! The one place that starts child processes. Each is ended by its own number when dropped.

use anyhow::{Context, Result, bail};
use rustix::process::{Pid, Signal, kill_process};
use std::{
    ffi::OsStr,
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::Duration,
};

/// A command that is not started yet.
#[expect(clippy::disallowed_methods, reason = "the one starting of child processes")]
pub fn tool(program: impl AsRef<OsStr>) -> Command {
    Command::new(program)
}

/// Runs to the end and gives what it wrote.
///
/// # Errors
/// When it cannot be started or fails; the text holds what it said.
pub fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?} cannot be started"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    if !output.status.success() {
        bail!("{command:?}: {}\n{said}\n{}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(said)
}

/// A program of this workspace, built beside the tests.
///
/// # Errors
/// When it was not built.
pub fn program(name: &str) -> Result<PathBuf> {
    let folder = match std::env::var_os("BEFOREHAND_BIN") {
        Some(folder) => PathBuf::from(folder),
        None => std::env::current_exe()?.ancestors().nth(2).map(Path::to_owned).context("no target directory")?,
    };
    let program = folder.join(name);
    if !program.exists() {
        bail!("{} is not built. Run: cargo build --bins -p {name}, or cargo xtask test", program.display());
    }
    Ok(program)
}

/// A program that runs beside the test.
#[derive(Debug)]
pub struct Service {
    child: Child,
    log: PathBuf,
}

/// How long a service may take to stop when asked.
const PATIENCE: Duration = Duration::from_secs(20);
const POLL: Duration = Duration::from_millis(10);

impl Service {
    /// Starts `command`; what it says is added to `log`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self> {
        let file = File::options().create(true).append(true).open(log)?;
        let child = command
            .stdin(Stdio::null())
            .stdout(file.try_clone()?)
            .stderr(file)
            .spawn()
            .with_context(|| format!("{command:?} cannot be started"))?;
        Ok(Self { child, log: log.to_owned() })
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub fn said(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// # Errors
    /// When it has ended by itself; the text holds its last words.
    pub fn check(&mut self) -> Result<()> {
        if let Some(status) = self.child.try_wait()? {
            bail!("it ended with {status}:\n{}", self.said());
        }
        Ok(())
    }

    /// Lets it stand still, as a device that sleeps, until [`Service::resume`].
    ///
    /// # Errors
    /// When it is gone.
    pub fn pause(&self) -> Result<()> {
        self.signal(Signal::STOP)
    }

    /// # Errors
    /// When it is gone.
    pub fn resume(&self) -> Result<()> {
        self.signal(Signal::CONT)
    }

    fn signal(&self, signal: Signal) -> Result<()> {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw).context("no number")?;
        Ok(kill_process(pid, signal)?)
    }

    /// Ends it at once, as a power cut would.
    pub fn kill(&mut self) {
        // It may be gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    /// Asks it to end, waits, and ends it if it does not.
    pub fn stop(&mut self) {
        if let Some(pid) = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw)
            && matches!(self.child.try_wait(), Ok(None))
        {
            let _ = kill_process(pid, Signal::TERM);
        }
        for _ in 0..PATIENCE.as_millis() / POLL.as_millis() {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return;
            }
            thread::sleep(POLL);
        }
        self.kill();
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.stop();
    }
}
