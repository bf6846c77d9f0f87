//! The second service, `BeforehandUpdate`: it has the rights that the agent lacks, puts a new version
//! in place, and ends. The agent may start it and nothing more.

use super::{
    ERROR_SERVICE_ALREADY_RUNNING, ERROR_SERVICE_DOES_NOT_EXIST, ServiceError, code, direct, failed, manage::end,
    manager,
};
use crate::platform::SERVICE_SID;
use std::{
    ffi::OsString,
    path::{Path, PathBuf},
};
use windows_service::{
    service::{Service, ServiceAccess, ServiceErrorControl, ServiceInfo, ServiceStartType, ServiceType},
    service_manager::ServiceManagerAccess,
};

pub const NAME: &str = "BeforehandUpdate";
const DISPLAY_NAME: &str = "Beforehand update";
const DESCRIPTION: &str = "Puts a new version of the Beforehand agent in place if its maker signed it, and the old one \
                           back if the new one does not report. It runs only while there is something to do.";
const SETTING_UP: &str = "setting up the service for updates";
const WRITE_DAC: u32 = 0x0004_0000;

/// Everything for the system and administrators; starting it (RP) for the agent's service.
fn rules() -> String {
    const ALL: &str = "CCDCLCSWRPWPDTLOCRSDRCWDWO";
    format!("D:(A;;{ALL};;;SY)(A;;{ALL};;;BA)(A;;RP;;;{SERVICE_SID})")
}

/// Which program the service manager starts, and when.
enum Start<'a> {
    /// The program of the agent's service, when the agent asks for it.
    WhenAsked { program: &'a Path },
    /// While an update is under way, also when the machine starts: the old program `judge`, which needs
    /// neither a new program nor an agent that runs.
    UnderWay { judge: &'a Path, program: &'a Path },
}

/// Installs the service for `program`, or sets up anew the one that is there.
pub(super) fn install(program: &Path) -> Result<(), ServiceError> {
    stop()?;
    let info = info(&Start::WhenAsked { program });
    let manager = manager(ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE)?;
    let access = ServiceAccess::CHANGE_CONFIG | ServiceAccess::from_bits_retain(WRITE_DAC);
    let service = match manager.open_service(NAME, access) {
        Ok(service) => service.change_config(&info).map(|()| service),
        Err(error) if code(&error) == Some(ERROR_SERVICE_DOES_NOT_EXIST) => manager.create_service(&info, access),
        Err(error) => Err(error),
    };
    let service = service.map_err(failed(SETTING_UP))?;
    service.set_description(DESCRIPTION).map_err(failed(SETTING_UP))?;
    let said = |error: std::io::Error| ServiceError::Failed { doing: SETTING_UP, error: error.to_string() };
    direct::restrict(&service, &rules()).map_err(said)
}

/// Stops and removes the service.
pub(super) fn uninstall() -> Result<(), ServiceError> {
    stop()?;
    let Some(service) = open(ServiceAccess::DELETE)? else { return Ok(()) };
    service.delete().map_err(failed("removing the service for updates"))
}

/// Stops an update that is under way; it goes on when the service is started again.
pub fn stop() -> Result<(), ServiceError> {
    const DOING: &str = "stopping the service for updates";
    let Some(service) = open(ServiceAccess::STOP | ServiceAccess::QUERY_STATUS)? else { return Ok(()) };
    end(&service, DOING)
}

/// Starts the service, unless it runs; what it comes to shows in its journal.
pub fn start() -> Result<(), ServiceError> {
    const DOING: &str = "starting the service for updates";
    let Some(service) = open(ServiceAccess::START)? else { return Err(ServiceError::NotInstalled) };
    match service.start::<&str>(&[]) {
        Err(error) if code(&error) != Some(ERROR_SERVICE_ALREADY_RUNNING) => Err(failed(DOING)(error)),
        _ => Ok(()),
    }
}

/// From now on the update goes on by itself when the machine starts, led by `judge`.
pub fn begin(judge: &Path, program: &Path) -> Result<(), ServiceError> {
    set(&Start::UnderWay { judge, program })
}

/// Nothing is under way any more.
pub fn done(program: &Path) -> Result<(), ServiceError> {
    set(&Start::WhenAsked { program })
}

fn set(start: &Start<'_>) -> Result<(), ServiceError> {
    let Some(service) = open(ServiceAccess::CHANGE_CONFIG)? else { return Err(ServiceError::NotInstalled) };
    service.change_config(&info(start)).map_err(failed(SETTING_UP))
}

/// Nothing where there is no such service, as after an installation by an older version.
fn open(access: ServiceAccess) -> Result<Option<Service>, ServiceError> {
    match manager(ServiceManagerAccess::CONNECT)?.open_service(NAME, access) {
        Err(error) if code(&error) == Some(ERROR_SERVICE_DOES_NOT_EXIST) => Ok(None),
        other => other.map(Some).map_err(failed("opening the service for updates")),
    }
}

fn info(start: &Start<'_>) -> ServiceInfo {
    let mut arguments: Vec<OsString> = vec!["service".into(), "run-update".into()];
    let (start_type, executable_path) = match start {
        Start::WhenAsked { program } => (ServiceStartType::OnDemand, PathBuf::from(program)),
        Start::UnderWay { judge, program } => {
            arguments.extend(["--executable".into(), program.into()]);
            (ServiceStartType::AutoStart, PathBuf::from(judge))
        }
    };
    ServiceInfo {
        name: NAME.into(),
        display_name: DISPLAY_NAME.into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type,
        error_control: ServiceErrorControl::Normal,
        // The library puts a path with blanks into quotation marks.
        executable_path,
        launch_arguments: arguments,
        dependencies: Vec::new(),
        // The system itself.
        account_name: None,
        account_password: None,
    }
}
