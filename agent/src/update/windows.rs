//! Windows: the same as on Linux with what there is here, and how the privileged step gets out of the
//! way of the program that it swaps.

mod folder;

pub(super) use folder::Folder;

use super::{steps::PREVIOUS, tool};
use crate::{files, platform, service};
use anyhow::{Context, bail};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::atomic::AtomicBool,
};

pub const EXECUTABLE: &str = r"C:\Program Files\Beforehand\beforehand-agent.exe";
/// The copy of the program that leads the privileged step, and what it said last.
const JUDGE: &str = "updater.exe";
const LOG: &str = "updater.log";
/// Endings of programs that were replaced while they ran.
const ASIDE: [&str; 2] = ["old", "older"];

/// Below the folder that only administrators may change, wherever Windows keeps it.
pub fn work_dir() -> PathBuf {
    platform::data_dir().join("update")
}

/// A program that runs cannot be replaced, but it can be renamed. Between the two renames nothing is
/// in its place; the journal knows, and the step is repeated.
pub(super) fn replace(new: &Path, executable: &Path) -> io::Result<()> {
    // The first may still run: then its name stays taken, and the next one is tried.
    let [first, second] = ASIDE.map(|ending| executable.with_extension(ending));
    let aside = files::remove(&first).map_or(second, |()| first);
    match fs::rename(executable, aside) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => fs::rename(new, executable),
    }
}

/// Makes `work`, and makes sure that the agent's service may read it and not change it.
pub(super) fn own_folder(work: &Path) -> io::Result<()> {
    platform::protect_from_service(work)
}

/// Starts the privileged step. That it cannot be started shows in what the collector is told: nothing
/// becomes of the package.
pub(super) fn wake() {
    if let Err(error) = service::updates::start() {
        tracing::warn!(%error, "what was laid ready waits");
    }
}

/// Restarts the agent's service, also one that hangs.
///
/// # Errors
/// What the service manager said.
pub fn restart_service() -> Result<(), String> {
    service::restart().map_err(|error| error.to_string())
}

/// Runs the privileged step until it is done, out of a copy, since it is our own program that is
/// swapped. `executable` is the program that the agent's service runs.
///
/// # Errors
/// When it did not come to its end; it goes on when it is started again.
pub fn apply_from_copy(work: &Path, executable: &Path, stop: &AtomicBool) -> anyhow::Result<()> {
    own_folder(work)?;
    remove_leftovers(executable);
    let judge = judge(work).context("there is no copy to run from")?;
    service::updates::begin(&judge, executable)?;
    let log = work.join(LOG);
    let words = ["update".into(), "apply".into(), "--executable".into(), executable.into()];
    let status = tool::run_unless(stop, &judge, &words, File::create(&log)?)?;
    if !status.success() {
        bail!("the update did not come to its end ({status}) and goes on later; why stands in {}", log.display());
    }
    Ok(service::updates::done(executable)?)
}

/// The program that leads the step: the old one while a new one is on trial, and else ourselves.
fn judge(work: &Path) -> io::Result<PathBuf> {
    let (judge, ourselves, previous) = (work.join(JUDGE), std::env::current_exe()?, work.join(PREVIOUS));
    if ourselves == judge {
        return Ok(judge);
    }
    let mut from = File::open(if previous.exists() { &previous } else { &ourselves })?;
    files::fill(work, JUDGE, files::Readers::Program, |to| io::copy(&mut from, to).map(drop))?;
    Ok(judge)
}

/// Removes the programs that earlier updates put aside, as far as none of them runs.
pub(crate) fn remove_leftovers(executable: &Path) {
    for ending in ASIDE {
        // One that still runs goes the next time.
        drop(files::remove(&executable.with_extension(ending)));
    }
}
