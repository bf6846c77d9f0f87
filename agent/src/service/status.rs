//! How the service is and how it is set up, in words.

use super::{NAME, ServiceError, failed, open};
use windows_service::service::{
    ServiceAccess, ServiceConfig, ServiceFailureActions, ServiceStartType, ServiceState, ServiceStatus,
};

/// A few lines for people.
pub fn status() -> Result<String, ServiceError> {
    const DOING: &str = "asking for the service's state";
    let service = open(ServiceAccess::QUERY_STATUS | ServiceAccess::QUERY_CONFIG, DOING)?;
    let status = service.query_status().map_err(failed(DOING))?;
    let config = service.query_config().map_err(failed(DOING))?;
    let failure = service.get_failure_actions().map_or_else(|_| "not known".to_owned(), |actions| on_failure(&actions));
    Ok(text(&status, &config, &failure))
}

fn text(status: &ServiceStatus, config: &ServiceConfig, failure: &str) -> String {
    let state = match status.current_state {
        ServiceState::Running => "running",
        ServiceState::Stopped => "stopped",
        ServiceState::StartPending => "starting",
        ServiceState::StopPending => "stopping",
        _ => "paused",
    };
    let start = match config.start_type {
        ServiceStartType::AutoStart => "automatic",
        ServiceStartType::OnDemand => "by hand",
        _ => "disabled",
    };
    let process = status.process_id.map(|id| format!(", process {id}")).unwrap_or_default();
    let account = config.account_name.as_ref().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let program = config.executable_path.display();
    format!(
        "{NAME}: {state}{process}\nstart:    {start}\naccount:  {account}\nprogram:  {program}\nfailures: {failure}\n"
    )
}

fn on_failure(actions: &ServiceFailureActions) -> String {
    let delays: Vec<String> =
        actions.actions.iter().flatten().map(|action| format!("{} s", action.delay.as_secs())).collect();
    if delays.is_empty() { "nothing".to_owned() } else { format!("restart after {}", delays.join(", ")) }
}
