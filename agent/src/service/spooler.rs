//! How the service of the print spooler is.

use windows_service::{
    service::{ServiceAccess, ServiceStartType, ServiceState},
    service_manager::{ServiceManager, ServiceManagerAccess},
};

/// Why the spooler does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Spooler {
    Running,
    Stopped,
    /// It is set never to start.
    Disabled,
}

/// Nothing where the service manager does not tell.
pub fn spooler() -> Option<Spooler> {
    let manager = ServiceManager::local_computer(None::<&str>, ServiceManagerAccess::CONNECT).ok()?;
    let service = manager.open_service("Spooler", ServiceAccess::QUERY_STATUS | ServiceAccess::QUERY_CONFIG).ok()?;
    let is_running = service.query_status().ok()?.current_state == ServiceState::Running;
    let start = service.query_config().ok()?.start_type;
    Some(match (is_running, start) {
        (true, _) => Spooler::Running,
        (false, ServiceStartType::Disabled) => Spooler::Disabled,
        (false, _) => Spooler::Stopped,
    })
}
