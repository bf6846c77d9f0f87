//! A real agent, enrolled at a collector of the test.

use super::{collector::Collector, place::Place};
use crate::tool::{self, Service, tool};
use anyhow::Result;
use beforehand_agent::identity::Identity;
use std::{fs, path::PathBuf};

#[derive(Debug)]
pub struct Agent {
    pub state: PathBuf,
    pub config: PathBuf,
    pub log: PathBuf,
    service: Option<Service>,
}

/// Nothing leaves the machine.
const QUIET: &str = "[connectivity]\nenabled = false\n";

impl Agent {
    /// Enrols an agent for `client` with the very command that the console shows; `more` is added to its settings.
    ///
    /// # Errors
    /// When enrolment fails.
    pub fn enrol(place: &Place, collector: &Collector, client: &str, more: &str) -> Result<Self> {
        let agent = Self {
            state: place.path("agent"),
            config: place.path("agent.toml"),
            log: place.path("agent.log"),
            service: None,
        };
        fs::create_dir_all(&agent.state)?;
        fs::write(&agent.config, format!("state = {:?}\nreport_every = \"1s\"\n\n{more}\n\n{QUIET}", agent.state))?;
        let mut words = collector.install_command(client)?;
        anyhow::ensure!(words.first().is_some_and(|word| word == "beforehand-agent"), "{words:?} is not our command");
        words.remove(0);
        let mut enrol = tool(tool::program("beforehand-agent")?);
        tool::output(enrol.args(words).arg("--state").arg(&agent.state))?;
        Ok(agent)
    }

    /// Starts it.
    ///
    /// # Errors
    /// When the program cannot be started.
    pub fn run(&mut self) -> Result<()> {
        let mut run = tool(tool::program("beforehand-agent")?);
        run.arg("run").arg("--config").arg(&self.config);
        self.service = Some(Service::start(&mut run, &self.log)?);
        Ok(())
    }

    pub fn stop(&mut self) {
        self.service = None;
    }

    /// Who it became.
    ///
    /// # Errors
    /// When it is not enrolled.
    pub fn identity(&self) -> Result<Identity> {
        Ok(Identity::load(&self.state)?)
    }
}
