//! What a service manager does for the agent: starts the program again whenever it ends.

use crate::tool::{Service, tool};
use anyhow::Result;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

const POLL: Duration = Duration::from_millis(20);
/// From an end to the next start.
const REST: Duration = Duration::from_millis(200);

#[derive(Debug)]
pub struct Supervisor {
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<()>>,
    pid_file: PathBuf,
}

impl Supervisor {
    /// Keeps `program run --config` running, whatever `program` is at each start.
    pub fn start(program: &Path, config: &Path, log: &Path) -> Self {
        let stop = Arc::new(AtomicBool::new(false));
        let pid_file = log.with_extension("pid");
        let keeping = Keeping {
            program: program.to_owned(),
            config: config.to_owned(),
            log: log.to_owned(),
            pid_file: pid_file.clone(),
            stop: stop.clone(),
        };
        let thread = Some(thread::spawn(move || keeping.on()));
        Self { stop, thread, pid_file }
    }

    /// The words of a command that makes it start again, as a service manager's `restart` would.
    pub fn restart(&self) -> Vec<String> {
        let ends = format!("kill -TERM \"$(cat '{}')\"", self.pid_file.display());
        vec!["/bin/sh".to_owned(), "-c".to_owned(), ends]
    }
}

impl Drop for Supervisor {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            // A panic in it would have shown itself in the test already.
            let _ = thread.join();
        }
    }
}

struct Keeping {
    program: PathBuf,
    config: PathBuf,
    log: PathBuf,
    pid_file: PathBuf,
    stop: Arc<AtomicBool>,
}

impl Keeping {
    fn on(&self) {
        while !self.is_over() {
            if let Ok(mut service) = self.start() {
                while !self.is_over() && service.check().is_ok() {
                    thread::sleep(POLL);
                }
            }
            thread::sleep(REST);
        }
    }

    fn start(&self) -> Result<Service> {
        let mut run = tool(&self.program);
        let service = Service::start(run.arg("run").arg("--config").arg(&self.config), &self.log)?;
        fs::write(&self.pid_file, service.pid().to_string())?;
        Ok(service)
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Acquire)
    }
}
