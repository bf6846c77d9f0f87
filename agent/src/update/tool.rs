//! Starts what restarts the service, and on Windows the privileged step itself out of a copy. Only the
//! privileged step calls it; the agent that looks and reports starts nothing here.

use crate::time::Stopwatch;
use std::{ffi::OsString, path::Path, process::Command, process::Stdio, time::Duration};

const GLANCE: Duration = Duration::from_millis(50);

/// Runs `program` to its end, within `patience`, with an empty environment.
pub(crate) fn run(program: &Path, arguments: &[OsString], patience: Duration) -> Result<(), String> {
    let name = program.display();
    if !program.is_absolute() {
        return Err(format!("{name} is not given with its whole path"));
    }
    let started = command(program).args(arguments).env_clear().stdin(Stdio::null()).spawn();
    let mut child = started.map_err(|error| format!("{name} cannot be started: {error}"))?;
    let watch = Stopwatch::start();
    while watch.elapsed() < patience {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => return Ok(()),
            Ok(Some(status)) => return Err(format!("{name} failed: {status}")),
            Ok(None) => std::thread::sleep(GLANCE),
            Err(error) => return Err(format!("{name} is lost: {error}")),
        }
    }
    // It may have ended by itself in this moment.
    drop(child.kill());
    drop(child.wait());
    Err(format!("{name} did not end within {} s", patience.as_secs()))
}

/// Runs `program` to its end or until `stop` is set; what it says goes to `log`. It has the environment
/// that the service manager gave us: programs for Windows do not start without one.
#[cfg(windows)]
pub(crate) fn run_unless(
    stop: &std::sync::atomic::AtomicBool,
    program: &Path,
    arguments: &[OsString],
    log: std::fs::File,
) -> std::io::Result<std::process::ExitStatus> {
    use std::os::windows::process::CommandExt;
    const CREATE_NO_WINDOW: u32 = 0x0800_0000;
    let mut command = command(program);
    command.args(arguments).stdin(Stdio::null()).stdout(log.try_clone()?).stderr(log);
    let mut child = command.creation_flags(CREATE_NO_WINDOW).spawn()?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if stop.load(std::sync::atomic::Ordering::Acquire) {
            // It may have ended by itself in this moment.
            drop(child.kill());
            return child.wait();
        }
        std::thread::sleep(GLANCE);
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one place that starts a process")]
fn command(program: &Path) -> Command {
    Command::new(program)
}
