//! `beforehand-agent service …`: the Windows service, from its installation to its removal.

use super::{ConfigFile, runtime};
use crate::{
    Build, enrol,
    identity::{Identity, IdentityError},
    platform::{self, event_log},
    service::{self, Data},
    update::system,
};
use clap::{Args, Subcommand};
use std::path::PathBuf;

#[derive(Subcommand)]
pub(super) enum Service {
    /// Install or renew the service, and start it if this machine is enrolled
    Install(Enrolment),
    /// Stop and remove the service
    Uninstall {
        /// Remove identity, reports not yet sent, settings and log too
        #[arg(long)]
        remove_data: bool,
    },
    /// Start the service and wait until it runs
    Start,
    /// Stop the service and wait until it has ended
    Stop,
    /// Say how the service is and how it is set up
    Status,
    /// What the service manager starts
    #[command(hide = true)]
    Run,
    /// What the service manager starts to put a new version in place
    #[command(hide = true)]
    RunUpdate {
        /// The program that the agent's service runs [default: this one]
        #[arg(long, value_name = "FILE")]
        executable: Option<PathBuf>,
    },
}

/// With these the machine is enrolled on the way, unless it already is.
#[derive(Args)]
pub(super) struct Enrolment {
    /// Address of the collector, such as https://collector.example:8443
    #[arg(long, value_name = "URL", requires = "token", default_value = "", hide_default_value = true)]
    server: String,
    /// Single-use token from the console
    #[arg(long, value_name = "TOKEN", default_value = "", hide_default_value = true)]
    token: String,
    /// Fingerprint of the collector's certificate authority; needed for https
    #[arg(long, value_name = "sha256:HEX", default_value = "", hide_default_value = true)]
    fingerprint: String,
}

impl Service {
    /// What fails under the installer is read by nobody, so the event log has it too.
    pub(super) async fn obey(self, build: Build) -> anyhow::Result<()> {
        let outcome = self.carry_out(build).await;
        if let Err(error) = &outcome {
            event_log::tell(service::NAME, &format!("{error:#}"));
        }
        outcome
    }

    async fn carry_out(self, build: Build) -> anyhow::Result<()> {
        match self {
            Self::Install(enrolment) => install(enrolment).await,
            Self::Uninstall { remove_data } => {
                service::uninstall(if remove_data { Data::Remove } else { Data::Keep })?;
                println!("The service is removed.");
                Ok(())
            }
            Self::Start => Ok(service::start()?),
            Self::Stop => {
                // An update would start the agent again.
                service::updates::stop()?;
                Ok(service::stop()?)
            }
            Self::Status => {
                print!("{}", service::status()?);
                Ok(())
            }
            Self::Run => run(build),
            Self::RunUpdate { executable } => run_update(executable),
        }
    }
}

/// Enrolment comes first: what it refuses leaves no service.
async fn install(enrolment: Enrolment) -> anyhow::Result<()> {
    platform::prepare_data_dir()?;
    let state = platform::state_dir();
    match Identity::load(&state) {
        // An upgrade repeats the words of the first installation; their token is spent.
        Ok(identity) => println!("This machine is enrolled at {} already.", identity.server),
        Err(IdentityError::NotEnrolled { .. }) if enrolment.server.is_empty() => {
            service::install()?;
            println!(
                "The service is installed. Enrol this machine with the command that the console shows, then run: \
                 beforehand-agent service start"
            );
            return Ok(());
        }
        Err(IdentityError::NotEnrolled { .. }) => {
            let fingerprint = Some(enrolment.fingerprint.as_str()).filter(|fingerprint| !fingerprint.is_empty());
            let reply = enrol::enrol(&enrolment.server, &enrolment.token, fingerprint, &state).await?;
            println!("Enrolled for {}, {}. Host {}.", reply.client_name, reply.site_name, reply.host);
        }
        Err(error) => return Err(error.into()),
    }
    service::install()?;
    service::start()?;
    println!("The service runs.");
    Ok(())
}

/// Runs as the service until the service manager ends it.
pub(super) fn run(build: Build) -> anyhow::Result<()> {
    Ok(service::serve(move |told| {
        let config = ConfigFile { config: None }.load(build)?;
        runtime()?.block_on(async { Ok(crate::run::run(&config, crate::time::Clock::system(), told).await?) })
    })?)
}

/// Runs as the service for updates until nothing is left to do.
pub(super) fn run_update(executable: Option<PathBuf>) -> anyhow::Result<()> {
    Ok(service::once(service::updates::NAME, move |stop| {
        let executable = executable.map_or_else(std::env::current_exe, Ok)?;
        system::apply_from_copy(&ConfigFile { config: None }.read()?.update.work, &executable, stop)
    })?)
}
