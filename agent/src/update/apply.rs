//! The privileged half: takes what was laid ready, and leads the step from one state of the
//! [`super::journal`] to the next, until the new version is healthy or the old one is back.

use super::{
    choose::NotChosen,
    health,
    journal::{Facts, State, Step, next},
    memory::Memory,
    stage::{FOLDER, READY_FILE},
    system::{Folder, own_folder},
};
use crate::{
    config::Config,
    files,
    time::{Clock, Stopwatch},
};
use beforehand_shared::update::{Attempt, KeyError, NotAVersion};
use std::{
    fs::{File, TryLockError},
    io,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long a new version may take to send its first report.
pub const HEALTHY_WITHIN: Duration = Duration::from_secs(120);
const GLANCE: Duration = Duration::from_millis(250);

/// What the privileged step is given.
pub struct Apply<'a> {
    pub config: &'a Config,
    /// The program that the service runs.
    pub executable: PathBuf,
    /// Restarts the service.
    pub restart: &'a dyn Fn() -> Result<(), String>,
    pub limit: Duration,
    pub clock: Clock,
    /// Ends with an error after so many points, of which each step has two: done, and written down.
    /// This is how it is tested that the step may be cut anywhere.
    pub stop_after: Option<u32>,
}

/// Why the step did not come to its end. It goes on from its journal when it is started again.
#[derive(Debug, thiserror::Error)]
pub enum ApplyError {
    #[error("{}: {error}", path.display())]
    File { path: PathBuf, error: io::Error },
    #[error("another update is under way")]
    UnderWay,
    #[error("the old version is in place again but could not be started: {0}")]
    NotStarted(String),
    #[error("stopped after {0} points, as asked")]
    Stopped(u32),
    #[error(transparent)]
    Version(#[from] NotAVersion),
}

/// Why what was laid ready is not installed.
#[derive(Debug, thiserror::Error)]
pub(super) enum Unverified {
    #[error("the owner of this machine does not want updates")]
    Forbidden,
    #[error("this build has no update key")]
    NoKey,
    #[error(transparent)]
    Key(#[from] KeyError),
    #[error(transparent)]
    NotChosen(#[from] NotChosen),
    #[error("the package is not the file that the index names")]
    OtherPackage,
    #[error("the package cannot be unpacked: {0}")]
    Packed(io::Error),
    #[error("what was laid ready cannot be read: {0}")]
    Read(io::Error),
}

impl Apply<'_> {
    /// Does whatever is to be done, from where it was left.
    ///
    /// # Errors
    /// See [`ApplyError`].
    pub fn run(&self) -> Result<Option<Attempt>, ApplyError> {
        let work = self.work();
        own_folder(work).map_err(at(work))?;
        let _lock = self.lock()?;
        let before = self.memory()?.last;
        let mut state = self.journal()?;
        if matches!(state, State::Started { .. }) {
            state = state.resumed();
            self.write_down(&state)?;
        }
        let (mut points, mut watch) = (0, Stopwatch::start());
        loop {
            match next(&state, &self.facts(watch)) {
                Step::Rest => break,
                Step::Watch => std::thread::sleep(GLANCE),
                step => {
                    tracing::info!(?step, "updating");
                    state = self.perform(step, state)?;
                    self.point(&mut points)?;
                    self.write_down(&state)?;
                    self.point(&mut points)?;
                    // Were something left that cannot be cleared away, this would go on for ever.
                    if step == Step::Clean {
                        break;
                    }
                    watch = Stopwatch::start();
                }
            }
        }
        Ok(self.memory()?.last.filter(|last| Some(last) != before.as_ref()))
    }

    fn point(&self, points: &mut u32) -> Result<(), ApplyError> {
        *points += 1;
        if self.stop_after == Some(*points) { Err(ApplyError::Stopped(*points)) } else { Ok(()) }
    }

    /// What the other user's folder cannot be asked is taken for not there: a new version that spoils
    /// it must still be given up.
    fn facts(&self, watch: Stopwatch) -> Facts {
        let state = Folder::open(&self.config.state).ok();
        let stage = state.as_ref().and_then(|state| state.sub(FOLDER).ok()?);
        let ready = stage.map(|stage| stage.file(READY_FILE));
        let staged = matches!(ready, Some(Ok(Some(_))));
        let litter = matches!(ready, Some(Err(_))) || self.returns().iter().any(|path| path.exists());
        let healthy = state.as_ref().and_then(health::read);
        Facts { staged, litter, healthy, watched: watch.elapsed(), limit: self.limit }
    }

    pub(super) fn work(&self) -> &Path {
        &self.config.update.work
    }

    pub(super) fn memory(&self) -> Result<Memory, ApplyError> {
        Memory::load(self.work()).map_err(at(self.work()))
    }

    pub(super) fn remember(&self, memory: &Memory) -> Result<(), ApplyError> {
        memory.save(self.work()).map_err(at(self.work()))
    }

    fn lock(&self) -> Result<File, ApplyError> {
        let path = self.work().join("lock");
        let file = File::create(&path).map_err(at(&path))?;
        match file.try_lock() {
            Ok(()) => Ok(file),
            Err(TryLockError::WouldBlock) => Err(ApplyError::UnderWay),
            Err(TryLockError::Error(error)) => Err(at(&path)(error)),
        }
    }

    fn journal(&self) -> Result<State, ApplyError> {
        journal(self.work()).map_err(at(&self.work().join(JOURNAL)))
    }

    fn write_down(&self, state: &State) -> Result<(), ApplyError> {
        let json = serde_json::to_vec(state).map_err(|error| at(self.work())(io::Error::other(error)))?;
        files::write(self.work(), JOURNAL, &json, files::Readers::All).map_err(at(self.work()))
    }
}

const JOURNAL: &str = "journal.json";
const JOURNAL_BYTES: u64 = 16 * 1024;

/// Whether a step was cut short; what cannot be read does not say so.
pub(super) fn is_under_way(work: &Path) -> bool {
    journal(work).is_ok_and(|state| state != State::Idle)
}

fn journal(work: &Path) -> io::Result<State> {
    let Some(bytes) = files::read(&work.join(JOURNAL), JOURNAL_BYTES)? else { return Ok(State::Idle) };
    serde_json::from_slice(&bytes).map_err(io::Error::other)
}

/// An error of the system with the path that it is about.
pub(super) fn at(path: &Path) -> impl FnOnce(io::Error) -> ApplyError {
    let path = path.to_owned();
    move |error| ApplyError::File { path, error }
}
