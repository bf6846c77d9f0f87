//! The privileged half, with programs that are only files and a service that is only a note of what
//! was started last. What happens with real programs is tested end to end.

use crate::maker::{Maker, NEW, NEW_PROGRAM, NOW, OLD, index, packed};
use beforehand_agent::{
    config::Config,
    time::{Clock, Reading},
    update::{
        apply::{Apply, ApplyError},
        memory::Memory,
    },
};
use beforehand_shared::{
    limits,
    update::{Attempt, CameTo, Index},
};
use std::{
    cell::{Cell, RefCell},
    fs,
    path::PathBuf,
    time::Duration,
};

const OLD_PROGRAM: &[u8] = b"the old program";

/// What the new program does when it is started.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NewProgram {
    Reports,
    NeverReports,
}

struct Machine {
    maker: Maker,
    config: Config,
    executable: PathBuf,
    /// What the service runs.
    runs: RefCell<Vec<u8>>,
    new_program: NewProgram,
    /// How many more times the service cannot be started.
    broken_starts: Cell<u32>,
    folder: tempfile::TempDir,
}

impl Machine {
    fn new(new_program: NewProgram) -> Self {
        let (maker, folder) = (Maker::new(), tempfile::tempdir().unwrap());
        let config = maker.config(folder.path());
        fs::create_dir_all(config.state.join("update")).unwrap();
        let executable = folder.path().join("beforehand-agent");
        fs::write(&executable, OLD_PROGRAM).unwrap();
        let runs = RefCell::new(OLD_PROGRAM.to_vec());
        Self { maker, config, executable, runs, new_program, broken_starts: Cell::new(0), folder }
    }

    /// With a new version laid ready.
    fn staged(new_program: NewProgram) -> Self {
        let machine = Self::new(new_program);
        machine.stage(|_| {});
        machine
    }

    fn stage(&self, change: impl FnOnce(&mut Index)) {
        let file = packed(NEW_PROGRAM);
        let mut index = index(&file);
        change(&mut index);
        let offer = self.maker.offer(&index);
        self.lay("index.json", offer.index);
        self.lay("index.json.minisig", offer.signature);
        self.lay("package", file);
        self.lay("ready", "");
    }

    fn lay(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::write(self.config.state.join("update").join(name), content).unwrap();
    }

    fn start(&self) -> Result<(), String> {
        let broken = self.broken_starts.get();
        if broken > 0 {
            self.broken_starts.set(broken - 1);
            return Err("the service manager is busy".to_owned());
        }
        let program = fs::read(&self.executable).unwrap();
        let version = if program == NEW_PROGRAM { NEW } else { OLD };
        if version == OLD || self.new_program == NewProgram::Reports {
            fs::write(self.config.state.join("healthy"), version.to_string()).unwrap();
        }
        self.runs.replace(program);
        Ok(())
    }

    fn apply(&self, stop_after: Option<u32>) -> Result<Option<Attempt>, ApplyError> {
        let apply = Apply {
            config: &self.config,
            executable: self.executable.clone(),
            restart: &|| self.start(),
            limit: Duration::ZERO,
            clock: Clock::standing(Reading { wall: NOW, mono_ms: 0, awake_ms: 0 }),
            stop_after,
        };
        apply.run()
    }

    fn memory(&self) -> Memory {
        Memory::load(&self.config.update.work).unwrap()
    }

    /// The promise, whatever happened before.
    fn check(&self, why: &str) {
        let (program, memory) = (fs::read(&self.executable).unwrap(), self.memory());
        assert_eq!(program, *self.runs.borrow(), "what is in place runs: {why}");
        match self.new_program {
            NewProgram::Reports => {
                assert_eq!((&program[..], memory.highest), (NEW_PROGRAM, Some(NEW)), "{why}");
                assert!(memory.refused.is_empty(), "{why}");
            }
            NewProgram::NeverReports => {
                assert_eq!((&program[..], memory.highest), (OLD_PROGRAM, None), "{why}");
                assert_eq!(memory.refused, [NEW], "{why}");
            }
        }
        assert_eq!(memory.serial, 7);
        self.nothing_is_left();
    }

    fn nothing_is_left(&self) {
        let beside = fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
        let beside: Vec<_> = beside.filter(|name| name.to_string_lossy().contains("beforehand-agent.")).collect();
        assert!(beside.is_empty(), "{beside:?}");
        assert_eq!(fs::read_dir(self.config.state.join("update")).unwrap().count(), 0);
        let mut left: Vec<_> =
            fs::read_dir(&self.config.update.work).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["journal.json", "lock", "memory.json"]);
    }

    /// Why what was laid ready was refused; nothing is changed then.
    fn refused(&self) -> String {
        let attempt = self.apply(None).unwrap().unwrap();
        assert_eq!(fs::read(&self.executable).unwrap(), OLD_PROGRAM);
        assert_eq!(*self.runs.borrow(), OLD_PROGRAM);
        self.nothing_is_left();
        match attempt.came_to {
            CameTo::Refused { why } => why,
            other => panic!("{other:?}"),
        }
    }
}

/// Refused after one change to a good index.
fn refused(change: impl FnOnce(&mut Index)) -> String {
    let machine = Machine::new(NewProgram::Reports);
    machine.stage(change);
    machine.refused()
}

#[test]
fn a_new_version_that_reports_stays() {
    let machine = Machine::staged(NewProgram::Reports);
    let attempt = machine.apply(None).unwrap().unwrap();
    assert_eq!((attempt.version, attempt.came_to), (Some(NEW), CameTo::Updated { from: OLD }));
    machine.check("it reports");
    assert_eq!(machine.apply(None).unwrap(), None, "nothing is left to do");
}

#[test]
fn a_new_version_that_never_reports_goes_and_is_not_tried_again() {
    let machine = Machine::staged(NewProgram::NeverReports);
    let attempt = machine.apply(None).unwrap().unwrap();
    let why = "it sent no report within 0 seconds".to_owned();
    assert_eq!(attempt.came_to, CameTo::Returned { to: OLD, why });
    machine.check("it does not report");
    machine.stage(|index| index.serial = 8);
    assert!(machine.refused().contains("did not become healthy here and is not tried again"));
}

/// S09 asks for this: whatever is cut, in the end the new version is healthy or the old one runs.
#[test]
fn a_crash_between_any_two_steps_ends_with_the_new_version_healthy_or_the_old_one_running() {
    for (new_program, steps) in [(NewProgram::Reports, 7), (NewProgram::NeverReports, 9)] {
        let whole = (1..).find(|point| {
            let machine = Machine::staged(new_program);
            let Err(ApplyError::Stopped(_)) = machine.apply(Some(*point)) else { return true };
            machine.apply(None).unwrap();
            machine.check(&format!("{new_program:?}, cut after point {point}"));
            false
        });
        assert_eq!(whole, Some(2 * steps + 1), "each step was cut when it was done, and when it was written down");
    }
}

#[test]
fn crashes_in_a_row_end_no_differently() {
    for new_program in [NewProgram::Reports, NewProgram::NeverReports] {
        for stride in 1..6 {
            let machine = Machine::staged(new_program);
            let crashes = (0..40).take_while(|_| machine.apply(Some(stride)).is_err()).count();
            // At a stride of one a step is done again and again but never written down.
            if stride > 1 {
                assert!(crashes < 40, "stride {stride} comes to an end");
            } else {
                machine.apply(None).unwrap();
            }
            machine.check(&format!("{new_program:?}, crashes every {stride} points"));
        }
    }
}

#[cfg(unix)]
#[test]
fn a_program_that_cannot_be_put_in_place_leaves_all_as_it_was_and_is_told() {
    let mut machine = Machine::staged(NewProgram::Reports);
    let elsewhere = machine.folder.path().join("gone");
    let executable = std::mem::replace(&mut machine.executable, elsewhere.join("beforehand-agent"));
    let attempt = machine.apply(None).unwrap().unwrap();
    assert!(matches!(attempt.came_to, CameTo::Failed { why } if why.contains("gone")));
    machine.executable = executable;
    machine.nothing_is_left();
    machine.stage(|_| {});
    machine.apply(None).unwrap();
    machine.check("it is tried again");
}

#[test]
fn the_old_version_is_started_although_the_service_manager_is_busy() {
    let machine = Machine::staged(NewProgram::NeverReports);
    // The start of the new one, and the first of the old one.
    machine.broken_starts.set(2);
    machine.apply(None).unwrap();
    machine.check("the third start succeeds");
}

#[test]
fn what_the_agent_verified_is_verified_again() {
    let machine = Machine::staged(NewProgram::Reports);
    machine.lay("index.json.minisig", "");
    assert!(machine.refused().contains("signature cannot be read"), "unsigned");

    let machine = Machine::staged(NewProgram::Reports);
    machine.lay("index.json.minisig", Maker::new().offer(&index(&packed(NEW_PROGRAM))).signature);
    assert!(machine.refused().contains("not signed with this build's key"), "wrong key");

    let machine = Machine::staged(NewProgram::Reports);
    machine.lay("package", packed(b"another"));
    assert!(machine.refused().contains("is not the file that the index names"), "swapped package");

    let machine = Machine::staged(NewProgram::Reports);
    machine.lay("package", &packed(NEW_PROGRAM)[..10]);
    assert!(machine.refused().contains("is not the file that the index names"), "truncated package");

    let machine = Machine::staged(NewProgram::Reports);
    fs::remove_file(machine.config.state.join("update/package")).unwrap();
    assert!(machine.refused().contains("package is missing"));
}

#[test]
fn older_expired_and_foreign_packages_are_refused() {
    assert!(refused(|index| index.packages[0].version = "0.9.0".parse().unwrap()).contains("older than 1.0.0"));
    assert!(refused(|index| index.packages[0].version = OLD).contains("runs already"));
    assert!(refused(|index| index.expires_at = NOW).contains("expired"));
    assert!(refused(|index| index.packages[0].platform = "amiga-m68k".into()).contains("no package for"));
}

#[test]
fn neither_an_older_index_nor_an_older_version_comes_after_a_newer_one() {
    let mut machine = Machine::staged(NewProgram::Reports);
    machine.apply(None).unwrap();
    // Somebody put the old program back by hand.
    fs::write(&machine.executable, OLD_PROGRAM).unwrap();
    machine.start().unwrap();
    machine.stage(|index| index.serial = 6);
    assert!(machine.refused().contains("serial number 6, and one with 7"));
    machine.stage(|index| index.serial = 8);
    assert!(machine.refused().contains("not newer than 1.1.0, which ran here before"));
    machine.config.update.enabled = false;
    machine.stage(|_| {});
    assert!(machine.refused().contains("does not want updates"), "the owner has the last word here too");
}

#[test]
fn a_build_whose_key_protects_nothing_installs_nothing() {
    let mut machine = Machine::staged(NewProgram::Reports);
    machine.config.build.update_key = Some("RWQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");
    assert!(machine.refused().contains("anybody can sign"));
    machine.stage(|_| {});
    machine.config.build.update_key = None;
    assert!(machine.refused().contains("no update key"));
}

#[test]
fn a_package_that_unpacks_to_more_than_a_program_may_have_is_refused() {
    let machine = Machine::new(NewProgram::Reports);
    let bomb = packed(&vec![0; limits::PROGRAM_BYTES as usize + 1]);
    let offer = machine.maker.offer(&index(&bomb));
    for (name, content) in [
        ("index.json", offer.index.as_bytes()),
        ("index.json.minisig", offer.signature.as_bytes()),
        ("package", &bomb),
        ("ready", b""),
    ] {
        machine.lay(name, content);
    }
    let why = machine.refused();
    assert!(why.contains("cannot be unpacked") && why.contains("67108864"), "{why}");
}

#[test]
fn files_over_their_limit_are_not_taken() {
    for (name, limit) in [
        ("index.json", limits::INDEX_BYTES as u64),
        ("index.json.minisig", limits::SIGNATURE_BYTES as u64),
        ("package", limits::PACKAGE_BYTES),
    ] {
        let machine = Machine::staged(NewProgram::Reports);
        let path = machine.config.state.join("update").join(name);
        fs::OpenOptions::new().write(true).open(path).unwrap().set_len(limit + 1).unwrap();
        assert!(machine.refused().contains(&format!("longer than {limit} bytes")), "{name}");
    }
}

#[cfg(unix)]
#[test]
fn the_agents_user_cannot_lead_the_privileged_step_elsewhere() {
    let machine = Machine::staged(NewProgram::Reports);
    let secret = machine.folder.path().join("secret");
    fs::write(&secret, "root's own").unwrap();
    let package = machine.config.state.join("update/package");
    fs::remove_file(&package).unwrap();
    std::os::unix::fs::symlink(&secret, &package).unwrap();
    assert!(machine.refused().contains("cannot be read"));
    assert_eq!(fs::read_to_string(&secret).unwrap(), "root's own");
    // A folder that is a link to elsewhere holds nothing for us.
    let stage = machine.config.state.join("update");
    fs::remove_dir(&stage).unwrap();
    std::os::unix::fs::symlink(machine.folder.path(), &stage).unwrap();
    fs::write(machine.folder.path().join("ready"), "").unwrap();
    assert_eq!(machine.apply(None).unwrap(), None);
}

#[test]
fn a_folder_in_place_of_the_mark_is_cleared_away_and_ends_no_step() {
    let machine = Machine::new(NewProgram::Reports);
    let ready = machine.config.state.join("update/ready");
    for inside in [None, Some("anything")] {
        fs::create_dir(&ready).unwrap();
        if let Some(name) = inside {
            fs::write(ready.join(name), "").unwrap();
        }
        assert_eq!(machine.apply(None).unwrap(), None);
        assert!(!ready.exists(), "the path unit would start the step again and again");
        assert_eq!(*machine.runs.borrow(), OLD_PROGRAM);
    }
    machine.stage(|_| {});
    machine.apply(None).unwrap();
    assert_eq!(*machine.runs.borrow(), NEW_PROGRAM, "an update still comes");
}

#[test]
fn programs_that_no_trial_needs_any_more_are_cleared_away() {
    let machine = Machine::new(NewProgram::Reports);
    machine.apply(None).unwrap();
    for path in [machine.executable.with_added_extension("kept"), machine.config.update.work.join("previous")] {
        fs::write(&path, OLD_PROGRAM).unwrap();
        assert_eq!(machine.apply(None).unwrap(), None);
        assert!(!path.exists(), "the path unit would start the step again and again");
    }
}

#[cfg(unix)]
#[test]
fn a_folder_of_the_agent_that_leads_elsewhere_does_not_keep_a_step_from_its_end() {
    let machine = Machine::staged(NewProgram::Reports);
    // Cut when the copies were taken.
    assert!(machine.apply(Some(2)).is_err());
    let stage = machine.config.state.join("update");
    fs::remove_dir_all(&stage).unwrap();
    std::os::unix::fs::symlink(machine.folder.path(), &stage).unwrap();
    machine.apply(None).unwrap();
    assert_eq!(*machine.runs.borrow(), NEW_PROGRAM);
    assert_eq!(machine.memory().highest, Some(NEW));
}
