//! The steps of the privileged half. Each may be repeated: a crash comes after the step and before it
//! is written down.

use super::{
    apply::{Apply, ApplyError, Unverified, at},
    choose::{Here, choose},
    journal::{State, Step, Trial, Unfit},
    memory::Memory,
    platform,
    stage::{FOLDER, PACKAGE_FILE, READY_FILE},
    system::{Folder, replace},
};
use crate::files::{self, Readers};
use beforehand_shared::{
    limits,
    update::{Attempt, CameTo, INDEX_FILE, Package, SIGNATURE_FILE, UpdateKey, Version},
};
use sha2::{Digest, Sha256};
use std::{
    fs::File,
    io::{self, BufReader},
    path::{Path, PathBuf},
    time::Duration,
};

/// What is taken from the agent, with the size that each may have.
const TAKEN: [(&str, u64); 3] = [
    (INDEX_FILE, limits::INDEX_BYTES as u64),
    (SIGNATURE_FILE, limits::SIGNATURE_BYTES as u64),
    (PACKAGE_FILE, limits::PACKAGE_BYTES),
];
const NEW: &str = "new";
/// The old program. The service unit starts this one first, so that it is the old program that
/// judges the new one.
pub(super) const PREVIOUS: &str = "previous";
/// Endings of programs beside the one that the service runs: the new one before it takes its place,
/// and the old one after that.
const NEXT: &str = "next";
const KEPT: &str = "kept";
/// How often, and at what distance, the old version is started.
const STARTS: u32 = 5;
const PAUSE: Duration = Duration::from_secs(2);

impl Apply<'_> {
    /// Does one step and gives the state after it.
    pub(super) fn perform(&self, step: Step, state: State) -> Result<State, ApplyError> {
        match (step, state) {
            (Step::Take, _) => self.take(),
            (Step::Verify, _) => self.verify(),
            (Step::Keep, State::Verified { trial }) => self.keep(trial),
            (Step::Swap, State::Kept { trial }) => self.swap(trial),
            (Step::StartNew, State::Swapped { trial }) => Ok(self.start_new(trial)),
            (Step::Accept, State::Started { trial, .. }) => self.accept(trial),
            (Step::GiveUp(unfit), State::Started { trial, .. }) => self.give_up(trial, unfit),
            (Step::PutBack, State::GivenUp { trial }) => self.put_back(trial),
            (Step::StartOld, State::PutBack { .. }) => self.start_old(),
            (Step::Clean, _) => self.clean(),
            (_, state) => Ok(state),
        }
    }

    /// Copies what was laid ready to where only we can write. From here on the agent's user can
    /// change nothing.
    fn take(&self) -> Result<State, ApplyError> {
        match self.copies() {
            Ok(()) => Ok(State::Taken),
            Err(error) => self.refuse(None, &Unverified::Read(error)),
        }
    }

    fn copies(&self) -> io::Result<()> {
        let missing = |name: &str| io::Error::new(io::ErrorKind::NotFound, format!("{name} is missing"));
        let stage = Folder::open(&self.config.state)?.sub(FOLDER)?.ok_or_else(|| missing(FOLDER))?;
        for (name, limit) in TAKEN {
            let from = stage.file(name)?.ok_or_else(|| missing(name))?;
            files::fill(self.work(), name, Readers::Owner, |to| files::copy(from, to, limit).map(drop))?;
        }
        Ok(())
    }

    /// Everything is verified as if nobody had done it before.
    fn verify(&self) -> Result<State, ApplyError> {
        let running = self.config.build.version.parse()?;
        let mut memory = self.memory()?;
        let (package, serial) = match self.chosen(running, &memory) {
            Ok(chosen) => chosen,
            Err(why) => return self.refuse(None, &why),
        };
        memory.serial = memory.serial.max(serial);
        self.remember(&memory)?;
        match self.unpack(&package) {
            Ok(()) => Ok(State::Verified { trial: Trial { from: running, to: package.version } }),
            Err(why) => self.refuse(Some(package.version), &why),
        }
    }

    /// The package to install, and the serial number of its index.
    fn chosen(&self, running: Version, memory: &Memory) -> Result<(Package, u64), Unverified> {
        let (index, signature, key) = self.signed()?;
        let index = key.open(&index, &signature)?;
        let here = Here { platform: &platform(), running, memory, now: self.clock.now().wall };
        Ok((choose(&index, &here)?.clone(), index.serial))
    }

    /// Index and signature as they were taken, and the key of this build.
    fn signed(&self) -> Result<(String, String, UpdateKey), Unverified> {
        if !self.config.update.enabled {
            return Err(Unverified::Forbidden);
        }
        let key = UpdateKey::parse(self.config.build.update_key.ok_or(Unverified::NoKey)?)?;
        let text = |(name, limit): (&str, u64)| {
            let bytes = files::bounded(File::open(self.work().join(name)).map_err(Unverified::Read)?, limit);
            String::from_utf8(bytes.map_err(Unverified::Read)?)
                .map_err(|error| Unverified::Read(io::Error::other(error)))
        };
        Ok((text(TAKEN[0])?, text(TAKEN[1])?, key))
    }

    /// Unpacks the package, if it is the one that the index names.
    fn unpack(&self, package: &Package) -> Result<(), Unverified> {
        let path = self.work().join(PACKAGE_FILE);
        let open = || File::open(&path).map_err(Unverified::Read);
        let mut hash = Sha256::new();
        let bytes = io::copy(&mut open()?, &mut hash).map_err(Unverified::Read)?;
        if bytes != package.bytes || hex::encode(hash.finalize()) != package.sha256 {
            return Err(Unverified::OtherPackage);
        }
        let unpacked = open().map(|packed| {
            let mut decoder = zstd::stream::read::Decoder::with_buffer(BufReader::new(packed))?;
            decoder.window_log_max(limits::PROGRAM_WINDOW_LOG)?;
            files::fill(self.work(), NEW, Readers::Owner, |to| {
                files::copy(decoder, to, limits::PROGRAM_BYTES).map(drop)
            })
        });
        unpacked?.map_err(Unverified::Packed)
    }

    /// Two copies: one that judges the new program, and one beside it that can take its place again
    /// by its name alone, should the new program fill the disk.
    fn keep(&self, trial: Trial) -> Result<State, ApplyError> {
        let kept = self.copy(&self.executable, self.work(), PREVIOUS).and_then(|()| self.lay_beside(PREVIOUS, KEPT));
        match kept {
            Ok(()) => Ok(State::Kept { trial }),
            Err(error) => self.fail(trial, &error),
        }
    }

    fn swap(&self, trial: Trial) -> Result<State, ApplyError> {
        if let Err(error) = self.lay_beside(NEW, NEXT) {
            return self.fail(trial, &error);
        }
        self.move_in(NEXT)?;
        Ok(State::Swapped { trial })
    }

    fn put_back(&self, trial: Trial) -> Result<State, ApplyError> {
        // Gone if this step was done before and not written down.
        if !self.beside(KEPT).exists() {
            self.lay_beside(PREVIOUS, KEPT)?;
        }
        self.move_in(KEPT)?;
        Ok(State::PutBack { trial })
    }

    /// Copies the program `name` of our folder to the folder of the one that the service runs.
    fn lay_beside(&self, name: &str, ending: &str) -> Result<(), ApplyError> {
        let beside = self.beside(ending);
        let (folder, file) = (beside.parent().unwrap_or(Path::new("/")), beside.file_name().unwrap_or_default());
        self.copy(&self.work().join(name), folder, &file.to_string_lossy())
    }

    fn move_in(&self, ending: &str) -> Result<(), ApplyError> {
        let executable = &self.executable;
        replace(&self.beside(ending), executable).map_err(at(executable))?;
        let folder = executable.parent().unwrap_or(Path::new("/"));
        crate::platform::sync_dir(folder).map_err(at(folder))
    }

    fn beside(&self, ending: &str) -> PathBuf {
        self.executable.with_added_extension(ending)
    }

    fn copy(&self, from: &Path, folder: &Path, name: &str) -> Result<(), ApplyError> {
        let source = File::open(from).map_err(at(from))?;
        let copied = files::fill(folder, name, Readers::Program, |mut to| io::copy(&mut &source, &mut to).map(drop));
        copied.map_err(at(folder))
    }

    /// A service manager that cannot start it, or not at once, may still come to it: the new version
    /// is judged by its reports alone.
    fn start_new(&self, trial: Trial) -> State {
        if let Err(why) = (self.restart)() {
            tracing::warn!(why, "the new version does not start at once");
        }
        State::Started { trial, windows: 1 }
    }

    fn accept(&self, trial: Trial) -> Result<State, ApplyError> {
        let mut memory = self.memory()?;
        memory.highest = memory.highest.max(Some(trial.to));
        memory.last = Some(self.attempt(Some(trial.to), CameTo::Updated { from: trial.from }));
        self.remember(&memory)?;
        Ok(State::Settled)
    }

    /// Remembered before the old program is put back, so that no crash makes it be tried again.
    fn give_up(&self, trial: Trial, unfit: Unfit) -> Result<State, ApplyError> {
        let mut memory = self.memory()?;
        memory.refuse(trial.to);
        let came_to = CameTo::Returned { to: trial.from, why: unfit.to_string() };
        memory.last = Some(self.attempt(Some(trial.to), came_to));
        self.remember(&memory)?;
        Ok(State::GivenUp { trial })
    }

    fn start_old(&self) -> Result<State, ApplyError> {
        let mut said = String::new();
        for turn in 0..STARTS {
            if turn > 0 {
                std::thread::sleep(PAUSE);
            }
            match (self.restart)() {
                Ok(()) => return Ok(State::Settled),
                Err(why) => said = why,
            }
        }
        Err(ApplyError::NotStarted(said))
    }

    fn refuse(&self, version: Option<Version>, why: &Unverified) -> Result<State, ApplyError> {
        tracing::warn!(%why, "what was laid ready is not installed");
        let mut memory = self.memory()?;
        memory.last = Some(self.attempt(version, CameTo::Refused { why: why.to_string() }));
        self.remember(&memory)?;
        Ok(State::Settled)
    }

    /// Nothing was put in place yet; the agent will lay it ready again.
    fn fail(&self, trial: Trial, error: &ApplyError) -> Result<State, ApplyError> {
        tracing::warn!(%error, "the new version cannot be put in place");
        let mut memory = self.memory()?;
        memory.last = Some(self.attempt(Some(trial.to), CameTo::Failed { why: error.to_string() }));
        self.remember(&memory)?;
        Ok(State::Settled)
    }

    /// The two places of the program to return to. While one of them is there, the step is started.
    pub(super) fn returns(&self) -> [PathBuf; 2] {
        [self.beside(KEPT), self.work().join(PREVIOUS)]
    }

    /// Removes what was laid ready, and our copies.
    fn clean(&self) -> Result<State, ApplyError> {
        // What the agent's user does to his own folder ends no step.
        if let Err(error) = self.clean_stage() {
            tracing::warn!(%error, "what was laid ready cannot be removed");
        }
        let ours = |name| self.work().join(name);
        let copies = [INDEX_FILE, SIGNATURE_FILE, PACKAGE_FILE, NEW].map(ours);
        // The old program last: while it is there, the service unit comes back to this.
        for path in copies.into_iter().chain([self.beside(NEXT)]).chain(self.returns()) {
            for path in [path.with_added_extension("part"), path] {
                files::remove(&path).map_err(at(&path))?;
            }
        }
        Ok(State::Idle)
    }

    /// The mark goes first; whatever cannot be removed keeps nothing else.
    fn clean_stage(&self) -> io::Result<()> {
        let Some(stage) = Folder::open(&self.config.state)?.sub(FOLDER)? else { return Ok(()) };
        let removed = [READY_FILE, INDEX_FILE, SIGNATURE_FILE, PACKAGE_FILE].map(|name| stage.remove(name));
        removed.into_iter().collect()
    }

    fn attempt(&self, version: Option<Version>, came_to: CameTo) -> Attempt {
        Attempt { at: self.clock.now().wall, version, came_to }
    }
}
