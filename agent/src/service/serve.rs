//! The service itself: what the service manager starts, tells and watches.

use super::{NAME, ServiceError, failed, log};
use crate::{platform, run::Told};
use beforehand_shared::report::Goodbye;
use std::{
    ffi::OsString,
    sync::{Arc, Mutex, OnceLock, PoisonError, mpsc::sync_channel},
    time::Duration,
};
use tokio::sync::mpsc;
use windows_service::{
    define_windows_service,
    service::{
        PowerEventParam, ServiceControl, ServiceControlAccept, ServiceExitCode, ServiceState, ServiceStatus,
        ServiceType,
    },
    service_control_handler::{self, ServiceControlHandlerResult, ServiceStatusHandle},
    service_dispatcher,
};

/// The agent until it is told to end.
type Agent = Box<dyn FnOnce(mpsc::Receiver<Told>) -> anyhow::Result<()> + Send>;

/// Windows calls a plain function, which finds here what it is to run.
static AGENT: Mutex<Option<Agent>> = Mutex::new(None);

/// How long the agent may take to begin, and to say goodbye.
const PATIENCE: Duration = Duration::from_secs(10);
/// Windows waits about this long for a service before it sleeps.
const BEFORE_SLEEP: Duration = Duration::from_millis(1_800);
/// What Windows is told of an agent that ended with an error; the text is in the log.
const ERROR: ServiceExitCode = ServiceExitCode::ServiceSpecific(1);

/// Runs `agent` as the service, until the service manager has seen it end.
pub fn serve(
    agent: impl FnOnce(mpsc::Receiver<Told>) -> anyhow::Result<()> + Send + 'static,
) -> Result<(), ServiceError> {
    *AGENT.lock().unwrap_or_else(PoisonError::into_inner) = Some(Box::new(agent));
    service_dispatcher::start(NAME, service_main).map_err(failed("running as a service"))
}

define_windows_service!(service_main, main);

fn main(_arguments: Vec<OsString>) {
    if let Err(error) = log::start() {
        tracing::warn!(%error, "the log file cannot be written");
    }
    let Some(agent) = AGENT.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
    if let Err(error) = watched(agent) {
        tracing::error!(%error, "the service manager does not listen");
    }
}

fn watched(agent: Agent) -> windows_service::Result<()> {
    let (tell, told) = mpsc::channel(8);
    let handle = Arc::new(OnceLock::new());
    let known = handle.clone();
    let handler = move |control| obey(&control, &tell, known.get());
    let handle = handle.get_or_init(|| service_control_handler::register(NAME, handler));
    let handle = match handle {
        Ok(handle) => handle,
        Err(error) => {
            tracing::error!(%error, "the service manager takes no listener");
            return Ok(());
        }
    };
    handle.set_service_status(status(ServiceState::StartPending, ServiceExitCode::NO_ERROR))?;
    let running = *handle;
    platform::listen(move |state| {
        if state == "READY=1" {
            // It runs, whether or not the service manager heard this.
            drop(running.set_service_status(status(ServiceState::Running, ServiceExitCode::NO_ERROR)));
        }
    });
    let exit = match agent(told) {
        Ok(()) => ServiceExitCode::NO_ERROR,
        Err(error) => {
            tracing::error!("{error:#}");
            ERROR
        }
    };
    handle.set_service_status(status(ServiceState::Stopped, exit))
}

type Known<'a> = Option<&'a windows_service::Result<ServiceStatusHandle>>;

fn obey(control: &ServiceControl, tell: &mpsc::Sender<Told>, handle: Known<'_>) -> ServiceControlHandlerResult {
    let goodbye = match control {
        ServiceControl::Interrogate => return ServiceControlHandlerResult::NoError,
        ServiceControl::Stop => Goodbye::Stop,
        ServiceControl::Shutdown | ServiceControl::Preshutdown => Goodbye::Shutdown,
        ServiceControl::PowerEvent(PowerEventParam::Suspend) => {
            let (done, waited) = sync_channel(0);
            if tell.try_send(Told::Suspend(done)).is_ok() {
                // The machine sleeps anyway; its agent goes on when it wakes.
                let _ = waited.recv_timeout(BEFORE_SLEEP);
            }
            return ServiceControlHandlerResult::NoError;
        }
        ServiceControl::PowerEvent(_) => return ServiceControlHandlerResult::NoError,
        _ => return ServiceControlHandlerResult::NotImplemented,
    };
    if let Some(Ok(handle)) = handle {
        // The agent ends whether or not the service manager heard this.
        drop(handle.set_service_status(status(ServiceState::StopPending, ServiceExitCode::NO_ERROR)));
    }
    // Where eight wishes wait already it does not read them any more, and Windows ends its process.
    drop(tell.try_send(Told::End(goodbye)));
    ServiceControlHandlerResult::NoError
}

fn status(state: ServiceState, exit_code: ServiceExitCode) -> ServiceStatus {
    let is_running = state == ServiceState::Running;
    let accepted = ServiceControlAccept::STOP | ServiceControlAccept::PRESHUTDOWN | ServiceControlAccept::POWER_EVENT;
    ServiceStatus {
        service_type: ServiceType::OWN_PROCESS,
        current_state: state,
        controls_accepted: if is_running { accepted } else { ServiceControlAccept::empty() },
        exit_code,
        checkpoint: 0,
        wait_hint: match state {
            ServiceState::StartPending | ServiceState::StopPending => PATIENCE,
            _ => Duration::ZERO,
        },
        process_id: None,
    }
}
