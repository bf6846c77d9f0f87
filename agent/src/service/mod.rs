//! The agent as a Windows service. This folder alone speaks with the service manager.

mod direct;
mod log;
mod manage;
mod once;
mod serve;
mod spooler;
mod status;
pub mod updates;

pub use self::{
    manage::{Data, install, restart, start, stop, uninstall},
    once::once,
    serve::serve,
    spooler::{Spooler, spooler},
    status::status,
};

use std::time::Duration;
use windows_service::{
    Error,
    service::{Service, ServiceAccess},
    service_manager::{ServiceManager, ServiceManagerAccess},
};

pub const NAME: &str = "BeforehandAgent";
const DISPLAY_NAME: &str = "Beforehand agent";
const DESCRIPTION: &str = "Looks at this machine, its printers and its connections, and reports to the collector of \
                           the IT provider. It changes nothing and obeys no command.";
/// Little more rights than a visitor has; on the network it is nobody.
const ACCOUNT: &str = r"NT AUTHORITY\LocalService";

/// Windows restarts a failed agent after these, and again after the last.
const RESTART_AFTER: [Duration; 3] = [Duration::from_secs(5), Duration::from_secs(30), Duration::from_secs(300)];
/// After so long without a failure the first wait comes first again.
const FORGIVEN_AFTER: Duration = Duration::from_secs(86_400);

/// Why the service manager did not do what it was asked to.
#[derive(Debug, thiserror::Error)]
pub enum ServiceError {
    #[error("there is no service {NAME} on this machine. Run: beforehand-agent service install")]
    NotInstalled,
    #[error("{doing} needs the rights of an administrator; open the console with \"Run as administrator\"")]
    Denied { doing: &'static str },
    #[error("{doing} failed: {error}")]
    Failed { doing: &'static str, error: String },
    #[error("the service ended as soon as it began; why stands in its log in {log}")]
    Ended { log: String },
    #[error("the service did not {what} within {} s; its log is in {log}", within.as_secs())]
    TooSlow { what: &'static str, within: Duration, log: String },
}

const ERROR_ACCESS_DENIED: i32 = 5;
const ERROR_INVALID_LEVEL: i32 = 124;
const ERROR_SERVICE_DOES_NOT_EXIST: i32 = 1060;
const ERROR_SERVICE_NOT_ACTIVE: i32 = 1062;
const ERROR_SERVICE_ALREADY_RUNNING: i32 = 1056;

fn code(error: &Error) -> Option<i32> {
    if let Error::Winapi(error) = error { error.raw_os_error() } else { None }
}

/// What to say when `doing` failed with the error that is handed in.
fn failed(doing: &'static str) -> impl Fn(Error) -> ServiceError {
    move |error| match (code(&error), error) {
        (Some(ERROR_SERVICE_DOES_NOT_EXIST), _) => ServiceError::NotInstalled,
        (Some(ERROR_ACCESS_DENIED), _) => ServiceError::Denied { doing },
        (_, Error::Winapi(error)) => ServiceError::Failed { doing, error: error.to_string() },
        (_, error) => ServiceError::Failed { doing, error: error.to_string() },
    }
}

fn manager(access: ServiceManagerAccess) -> Result<ServiceManager, ServiceError> {
    ServiceManager::local_computer(None::<&str>, access).map_err(failed("speaking with the service manager"))
}

fn open(access: ServiceAccess, doing: &'static str) -> Result<Service, ServiceError> {
    manager(ServiceManagerAccess::CONNECT)?.open_service(NAME, access).map_err(failed(doing))
}
