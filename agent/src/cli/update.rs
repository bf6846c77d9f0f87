//! `update apply`, `update status`

use super::ConfigFile;
use crate::{
    Build,
    time::Clock,
    update::{apply::Apply, note, system, tool},
};
use beforehand_shared::update::{Able, Attempt, CameTo, Version};
use clap::{Args, Subcommand};
use std::{ffi::OsString, path::PathBuf, time::Duration};

#[derive(Subcommand)]
pub(super) enum Update {
    /// Verify what the agent laid ready, put it in place, and return if it does not report; needs root
    Apply(ApplyArgs),
    /// Say whether this agent can be updated, and what was tried last
    Status(ConfigFile),
}

#[derive(Args)]
pub(super) struct ApplyArgs {
    #[command(flatten)]
    config: ConfigFile,
    /// The program that the service runs [default: the packaged one]
    #[arg(long, value_name = "FILE")]
    executable: Option<PathBuf>,
    /// Seconds within which the new version must have sent a report [default: 120]
    #[arg(long, value_name = "SECONDS")]
    healthy_within: Option<u64>,
    /// End with an error after so many points; for tests of interruptions
    #[arg(long, value_name = "N", hide = true)]
    stop_after: Option<u32>,
    /// The program that restarts the service, with its whole path and its arguments [default: the
    /// service manager]
    #[arg(long, value_name = "PROGRAM", num_args = 1.., allow_hyphen_values = true)]
    restart: Vec<OsString>,
}

/// How long a program given with `--restart` may take.
const PATIENCE: Duration = Duration::from_secs(60);

impl Update {
    pub(super) fn run(self, build: Build) -> anyhow::Result<()> {
        match self {
            Self::Apply(arguments) => arguments.run(build),
            Self::Status(config) => {
                let updates = note::updates(&config.load(build)?);
                println!("{}", able_words(updates.able));
                println!("{}", updates.last.as_ref().map_or_else(|| "Nothing was tried yet.".to_owned(), words));
                Ok(())
            }
        }
    }
}

impl ApplyArgs {
    fn run(self, build: Build) -> anyhow::Result<()> {
        let restart = || match self.restart.split_first() {
            Some((program, arguments)) => tool::run(program.as_ref(), arguments, PATIENCE),
            None => system::restart_service(),
        };
        let apply = Apply {
            config: &self.config.load(build)?,
            executable: self.executable.clone().unwrap_or_else(|| system::EXECUTABLE.into()),
            restart: &restart,
            limit: self.healthy_within.map_or(build.healthy_within, Duration::from_secs),
            clock: Clock::system(),
            stop_after: self.stop_after,
        };
        println!("{}", apply.run()?.as_ref().map_or_else(|| "Nothing was to be done.".to_owned(), words));
        Ok(())
    }
}

const fn able_words(able: Able) -> &'static str {
    match able {
        Able::Yes => "This agent asks its collector for updates.",
        Able::Forbidden => "This agent does not ask for updates: its settings say enabled = false under [update].",
        Able::NoKey | Able::Unknown => "This build has no update key: it is never replaced by another.",
    }
}

fn words(attempt: &Attempt) -> String {
    let version = attempt.version.map_or_else(|| "a new version".to_owned(), |version: Version| version.to_string());
    match &attempt.came_to {
        CameTo::Waiting => format!("{version} is laid ready and waits for `update apply`."),
        CameTo::Updated { from } => format!("Updated from {from} to {version}."),
        CameTo::Returned { to, why } => format!("{version} was given up: {why}. {to} runs again."),
        CameTo::Refused { why } => format!("Refused {version}: {why}."),
        CameTo::Failed { why } => format!("Failed for {version}: {why}."),
        CameTo::Unknown => "The last attempt was noted by a newer version.".to_owned(),
    }
}
