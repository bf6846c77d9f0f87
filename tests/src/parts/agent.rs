//! A real agent, enrolled at a collector of the test.

use super::{collector::Collector, place::Place};
use crate::tool::{self, Service, tool};
use anyhow::{Result, bail, ensure};
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
const QUIET: &str = "[connectivity]\nenabled = false\n\n[printer_discovery]\nenabled = false\n";

impl Agent {
    /// Enrols an agent for `client` with the very command that the console shows; `more` is added to its settings.
    ///
    /// # Errors
    /// When enrolment fails.
    pub fn enrol(place: &Place, collector: &Collector, client: &str, more: &str) -> Result<Self> {
        let agent = Self::prepare(place, "")?;
        agent.configure(more)?;
        agent.enrol_with(&collector.install_command(client)?)?;
        Ok(agent)
    }

    /// Gives it other settings, which it takes when it starts; they are added to a report a second
    /// and no connections.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn configure(&self, more: &str) -> Result<()> {
        self.write(&format!("report_every = \"1s\"\n\n{more}\n\n{QUIET}"))
    }

    /// An agent with these settings that is not enrolled yet.
    ///
    /// # Errors
    /// When its folder cannot be written.
    pub fn prepare(place: &Place, settings: &str) -> Result<Self> {
        let agent = Self {
            state: place.path("agent"),
            config: place.path("agent.toml"),
            log: place.path("agent.log"),
            service: None,
        };
        fs::create_dir_all(&agent.state)?;
        agent.write(settings)?;
        Ok(agent)
    }

    fn write(&self, settings: &str) -> Result<()> {
        Ok(fs::write(&self.config, format!("state = {:?}\n{settings}", self.state))?)
    }

    /// Enrols it with the words of an install command.
    ///
    /// # Errors
    /// When enrolment fails; the text holds what the agent said.
    pub fn enrol_with(&self, install_command: &[String]) -> Result<String> {
        let [program, words @ ..] = install_command else { bail!("there is no command") };
        ensure!(program == "beforehand-agent", "{program} is not our program");
        let mut enrol = tool(tool::program("beforehand-agent")?);
        tool::output(enrol.args(words).arg("--state").arg(&self.state))
    }

    /// One of its commands; its standard output.
    ///
    /// # Errors
    /// When it fails; the text holds what it said.
    pub fn command(&self, arguments: &[&str]) -> Result<String> {
        let mut command = tool(tool::program("beforehand-agent")?);
        tool::output(command.args(arguments).arg("--config").arg(&self.config))
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

    /// Ends it in order.
    pub fn stop(&mut self) {
        self.service = None;
    }

    /// Ends it at once.
    pub fn kill(&mut self) {
        if let Some(service) = &mut self.service {
            service.kill();
        }
        self.service = None;
    }

    /// # Errors
    /// When it has ended by itself; the text holds its last words.
    pub fn check(&mut self) -> Result<()> {
        self.service.as_mut().map_or(Ok(()), Service::check)
    }

    /// What it has said so far, over all its lives.
    pub fn said(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Who it became.
    ///
    /// # Errors
    /// When it is not enrolled.
    pub fn identity(&self) -> Result<Identity> {
        Ok(Identity::load(&self.state)?)
    }
}
