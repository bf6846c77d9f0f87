//! Installing, removing, starting and stopping the service.

use super::{
    ACCOUNT, DESCRIPTION, DISPLAY_NAME, ERROR_INVALID_LEVEL, ERROR_SERVICE_ALREADY_RUNNING, ERROR_SERVICE_NOT_ACTIVE,
    FORGIVEN_AFTER, NAME, RESTART_AFTER, ServiceError, code,
    direct::{self, Running},
    failed, manager, open, updates,
};
use crate::{
    platform::{self, event_log},
    update::system::remove_leftovers,
};
use std::{thread, time::Duration};
use windows_service::{
    Result,
    service::{
        Service, ServiceAccess, ServiceAction, ServiceActionType, ServiceErrorControl, ServiceFailureActions,
        ServiceFailureResetPeriod, ServiceInfo, ServiceSidType, ServiceStartType, ServiceState, ServiceType,
    },
    service_manager::ServiceManagerAccess,
};

/// Whether identity, spool, settings and log outlive the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Data {
    Keep,
    Remove,
}

/// How long the service may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(30);
const GLANCE: Duration = Duration::from_millis(100);
/// How long a shutdown waits for the last report.
const LAST_WORDS: Duration = Duration::from_secs(10);

/// Installs the service for this very program, or sets up anew the one that is there.
pub fn install() -> std::result::Result<(), ServiceError> {
    const DOING: &str = "installing the service";
    let io = |error: std::io::Error| ServiceError::Failed { doing: DOING, error: error.to_string() };
    let info = ServiceInfo {
        name: NAME.into(),
        display_name: DISPLAY_NAME.into(),
        service_type: ServiceType::OWN_PROCESS,
        start_type: ServiceStartType::AutoStart,
        error_control: ServiceErrorControl::Normal,
        // The library puts a path with blanks into quotation marks.
        executable_path: std::env::current_exe().map_err(io)?,
        launch_arguments: vec!["service".into(), "run".into()],
        dependencies: Vec::new(),
        account_name: Some(ACCOUNT.into()),
        account_password: None,
    };
    let manager = manager(ServiceManagerAccess::CONNECT | ServiceManagerAccess::CREATE_SERVICE)?;
    // Without the right to start it, Windows refuses actions that restart it.
    let access = ServiceAccess::CHANGE_CONFIG | ServiceAccess::QUERY_CONFIG | ServiceAccess::START;
    let service = match manager.open_service(NAME, access) {
        // Without an account the one that it has stays: an administrator may have given it more rights.
        Ok(service) => service.change_config(&ServiceInfo { account_name: None, ..info }).map(|()| service),
        Err(error) if code(&error) == Some(super::ERROR_SERVICE_DOES_NOT_EXIST) => {
            manager.create_service(&info, access)
        }
        Err(error) => Err(error),
    };
    set_up(&service.map_err(failed(DOING))?).map_err(failed(DOING))?;
    updates::install(&std::env::current_exe().map_err(io)?)?;
    event_log::register(NAME).map_err(io)
}

fn set_up(service: &Service) -> Result<()> {
    service.set_description(DESCRIPTION)?;
    let restart = |delay| ServiceAction { action_type: ServiceActionType::Restart, delay };
    known(
        "restarting after a failure",
        service.update_failure_actions(ServiceFailureActions {
            reset_period: ServiceFailureResetPeriod::After(FORGIVEN_AFTER),
            reboot_msg: None,
            command: None,
            actions: Some(RESTART_AFTER.map(restart).to_vec()),
        }),
    )?;
    known("restarting after an error", service.set_failure_actions_on_non_crash_failures(true))?;
    known("a delayed start", service.set_delayed_auto_start(true))?;
    // So that folders can be given to this service alone.
    known("an identity of its own", service.set_config_service_sid_info(ServiceSidType::Unrestricted))?;
    known("waiting for the last report", service.set_preshutdown_timeout(LAST_WORDS))
}

/// A service manager that does not know a setting at all does without it, and that is said.
fn known(what: &str, outcome: Result<()>) -> Result<()> {
    match outcome {
        Err(error) if code(&error) == Some(ERROR_INVALID_LEVEL) => {
            tracing::warn!("this system's service manager does not know: {what}");
            Ok(())
        }
        other => other,
    }
}

/// Stops and removes the service, and its source in the event log.
pub fn uninstall(data: Data) -> std::result::Result<(), ServiceError> {
    const DOING: &str = "removing the service";
    let updates = updates::uninstall();
    match stop().and_then(|()| open(ServiceAccess::DELETE, DOING)?.delete().map_err(failed(DOING))) {
        Ok(()) | Err(ServiceError::NotInstalled) => {}
        Err(error) => return Err(error),
    }
    updates?;
    event_log::unregister(NAME);
    if let Ok(program) = std::env::current_exe() {
        remove_leftovers(&program);
    }
    let dir = platform::data_dir();
    if data == Data::Remove && dir.exists() {
        let said =
            |error: std::io::Error| ServiceError::Failed { doing: "removing the data", error: error.to_string() };
        std::fs::remove_dir_all(dir).map_err(said)?;
    }
    Ok(())
}

/// Starts the service and waits until it runs.
pub fn start() -> std::result::Result<(), ServiceError> {
    const DOING: &str = "starting the service";
    let service = open(ServiceAccess::START | ServiceAccess::QUERY_STATUS, DOING)?;
    match service.start::<&str>(&[]) {
        Err(error) if code(&error) != Some(ERROR_SERVICE_ALREADY_RUNNING) => return Err(failed(DOING)(error)),
        _ => {}
    }
    until(&service, ServiceState::Running, "start")
}

/// Ends the service, also one that does not obey, and starts it.
pub fn restart() -> std::result::Result<(), ServiceError> {
    match stop() {
        Err(ServiceError::Failed { .. } | ServiceError::TooSlow { .. }) => end_by_force()?,
        other => other?,
    }
    start()
}

/// For a program that hangs before it listens to the service manager, or never answers it.
fn end_by_force() -> std::result::Result<(), ServiceError> {
    const DOING: &str = "ending the service";
    let service = open(ServiceAccess::QUERY_STATUS, DOING)?;
    if let Some(process) = service.query_status().map_err(failed(DOING))?.process_id {
        tracing::warn!(process, "the service does not stop; its process is ended");
        let said = |error: std::io::Error| ServiceError::Failed { doing: DOING, error: error.to_string() };
        direct::end(process).map_err(said)?;
    }
    until(&service, ServiceState::Stopped, "end")
}

/// Stops the service and waits until it has ended.
pub fn stop() -> std::result::Result<(), ServiceError> {
    const DOING: &str = "stopping the service";
    end(&open(ServiceAccess::STOP | ServiceAccess::QUERY_STATUS, DOING)?, DOING)
}

/// Stops a service, unless it has ended, and waits until its process is gone: that is a moment after it
/// said so, and until then nobody can replace its program.
pub(super) fn end(service: &Service, doing: &'static str) -> std::result::Result<(), ServiceError> {
    let process = service.query_status().map_err(failed(doing))?.process_id.map(Running::of);
    match service.stop() {
        Err(error) if code(&error) != Some(ERROR_SERVICE_NOT_ACTIVE) => return Err(failed(doing)(error)),
        _ => until(service, ServiceState::Stopped, "stop")?,
    }
    match process {
        Some(Ok(process)) if !process.ended(PATIENCE) => Err(too_slow("end")),
        // One that cannot be opened is gone.
        _ => Ok(()),
    }
}

pub(super) fn until(
    service: &Service,
    wanted: ServiceState,
    what: &'static str,
) -> std::result::Result<(), ServiceError> {
    for _ in 0..PATIENCE.as_millis() / GLANCE.as_millis() {
        let status = service.query_status().map_err(failed("asking for the service's state"))?;
        match status.current_state {
            state if state == wanted => return Ok(()),
            ServiceState::Stopped => return Err(ServiceError::Ended { log: log_dir() }),
            _ => {}
        }
        thread::sleep(GLANCE);
    }
    Err(too_slow(what))
}

fn too_slow(what: &'static str) -> ServiceError {
    ServiceError::TooSlow { what, within: PATIENCE, log: log_dir() }
}

fn log_dir() -> String {
    platform::log_dir().display().to_string()
}
