//! A service that does one thing and ends, such as an update.

use super::{ServiceError, failed, log};
use std::{
    ffi::OsString,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use windows_service::{
    define_windows_service,
    service::{ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceState, ServiceStatus, ServiceType},
    service_control_handler::{self, ServiceControlHandlerResult},
    service_dispatcher,
};

/// What is to be done, until it is done or the flag is set.
type Work = Box<dyn FnOnce(&AtomicBool) -> anyhow::Result<()> + Send>;

/// Windows calls a plain function, which finds here what it is to run, and as which service.
static WORK: Mutex<Option<(&str, Work)>> = Mutex::new(None);

const ERROR: ServiceExitCode = ServiceExitCode::ServiceSpecific(1);

/// Runs `work` as the service `name`, until the service manager has seen it end. What goes wrong stands
/// in the event log alone: a folder that the agent may write to is no place for files of the system.
pub fn once(
    name: &'static str,
    work: impl FnOnce(&AtomicBool) -> anyhow::Result<()> + Send + 'static,
) -> Result<(), ServiceError> {
    *WORK.lock().unwrap_or_else(PoisonError::into_inner) = Some((name, Box::new(work)));
    service_dispatcher::start(name, service_main).map_err(failed("running as a service"))
}

define_windows_service!(service_main, main);

fn main(_arguments: Vec<OsString>) {
    log::events();
    let Some((name, work)) = WORK.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    if let Err(error) = told(name, work) {
        tracing::error!(%error, "the service manager does not listen");
    }
}

fn told(name: &str, work: Work) -> windows_service::Result<()> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = stop.clone();
    let handle = service_control_handler::register(name, move |control| match control {
        ServiceControl::Interrogate => ServiceControlHandlerResult::NoError,
        ServiceControl::Stop | ServiceControl::Shutdown => {
            asked.store(true, Ordering::Release);
            ServiceControlHandlerResult::NoError
        }
        _ => ServiceControlHandlerResult::NotImplemented,
    })?;
    handle.set_service_status(status(ServiceState::Running, ServiceExitCode::NO_ERROR))?;
    let exit = match work(&stop) {
        Ok(()) => ServiceExitCode::NO_ERROR,
        Err(error) => {
            tracing::error!("{error:#}");
            ERROR
        }
    };
    handle.set_service_status(status(ServiceState::Stopped, exit))
}

fn status(state: ServiceState, exit_code: ServiceExitCode) -> ServiceStatus {
    let accepted = ServiceControlAccept::STOP | ServiceControlAccept::SHUTDOWN;
    ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: if state == ServiceState::Running { accepted } else { ServiceControlAccept::empty() },
        exit_code,
        checkpoint: 0,
        wait_hint: Duration::ZERO,
        process_id: None,
    }
}
