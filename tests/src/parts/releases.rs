//! A maker of agents: his key, the programs he packs, and the signing tool of the project.

use super::{collector::Collector, place::Place, wine::Wine};
use crate::tool::{self, tool};
use anyhow::{Context, Result};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

const WINDOWS: &str = "windows-x86_64";

/// What a program does when it is run as the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runs {
    /// It looks and reports.
    Well,
    /// It starts and then does nothing.
    Hung,
}

#[derive(Debug)]
pub struct Maker {
    folder: PathBuf,
    /// As its releases call it.
    platform: String,
    /// The program that all of this maker's are made of.
    agent: PathBuf,
    /// The public key.
    pub key: String,
}

impl Maker {
    /// One for this machine.
    ///
    /// # Errors
    /// When the signing tool makes no key, or the program was not built.
    pub fn new(place: &Place) -> Result<Self> {
        Self::of(place, beforehand_agent::update::platform(), tool::program("agent-of-test")?)
    }

    /// One whose programs run on Windows.
    ///
    /// # Errors
    /// As of [`Self::new`].
    pub fn for_windows(place: &Place, wine: &Wine) -> Result<Self> {
        Self::of(place, WINDOWS.to_owned(), wine.built("agent-of-test.exe"))
    }

    fn of(place: &Place, platform: String, agent: PathBuf) -> Result<Self> {
        let folder = place.path("maker");
        let mut make = tool(tool::program("xtask")?);
        tool::output(make.arg("release-key").arg(&folder).arg("--without-password"))?;
        let key = fs::read_to_string(folder.join("release.pub"))?.trim().to_owned();
        Ok(Self { folder, platform, agent, key })
    }

    /// A program of this version: the agent, told by a few lines which build it is.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn program(&self, version: &str, runs: Runs) -> Result<PathBuf> {
        let path = self.folder.join(format!("agent-{version}"));
        if self.platform == WINDOWS {
            self.windows_program(version, runs, &path)?;
            return Ok(path);
        }
        let hung = match runs {
            Runs::Well => "",
            Runs::Hung => "[ \"$1\" = run ] && exec /bin/sleep 600\n",
        };
        let text = format!(
            "#!/bin/sh\n{hung}export BEFOREHAND_TEST_VERSION={version} BEFOREHAND_TEST_KEY='{}'\nexec '{}' \"$@\"\n",
            self.key,
            self.agent.display()
        );
        fs::write(&path, text)?;
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755))?;
        Ok(path)
    }

    /// Windows starts no scripts as services; there the lines are at the end of the program itself.
    fn windows_program(&self, version: &str, runs: Runs, path: &Path) -> Result<()> {
        let runs = if runs == Runs::Well { "well" } else { "hung" };
        let mut program = fs::read(&self.agent)?;
        program.extend(format!("\nagent-of-test {version} {} {runs}", self.key).bytes());
        Ok(fs::write(path, program)?)
    }

    /// Signs a release of `program` and gives it to the collector.
    ///
    /// # Errors
    /// When either refuses.
    pub fn release(&self, collector: &Collector, version: &str, serial: u64, program: &Path) -> Result<()> {
        let out = self.folder.join(format!("release-{serial}"));
        let mut sign = tool(tool::program("xtask")?);
        sign.args(["sign-index", "--version", version, "--serial", &serial.to_string(), "--key"]);
        sign.arg(self.folder.join("release.key")).arg("--out").arg(&out);
        tool::output(sign.arg(format!("{}={}", self.platform, program.display())))?;
        let out = out.to_str().context("the folder's name is not UTF-8")?;
        collector.command(&["updates", "add", out, "--key", &self.key])?;
        Ok(())
    }
}
