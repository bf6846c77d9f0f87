//! A printer that nobody watches announces itself, and the agent finds it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_e2e::{
    parts::{
        agent::Agent,
        announced_printer::{ADDRESS, AnnouncedPrinter, PORT},
        place::Place,
        print_service::PrintService,
    },
    time::eventually,
    tool,
};
use beforehand_shared::{
    observation::Observation,
    printer_details::{FoundPrinter, Way},
    run::ProbeRun,
};
use std::time::Duration;

const SETTINGS: &str = "[printer]\ncups = \"\"\n[printer_discovery]\nlisten = \"2s\"\n";

/// What one probe sees in the printer's network.
fn seen(printer: &AnnouncedPrinter, agent: &Agent, probe: &str) -> Vec<Observation> {
    let mut once = printer.inside(tool::program("beforehand-agent").unwrap());
    let once = once.args(["once", "--probe", probe, "--config"]).arg(&agent.config);
    let runs: Vec<ProbeRun> = serde_json::from_str(&tool::output(once).unwrap()).unwrap();
    runs.iter().flat_map(|run| run.outcome.observations()).cloned().collect()
}

fn found(printer: &AnnouncedPrinter, agent: &Agent) -> Option<FoundPrinter> {
    let seen = seen(printer, agent, "printer_discovery").into_iter();
    let mut found = seen.filter_map(|it| if let Observation::FoundPrinter(found) = it { Some(found) } else { None });
    found.next()
}

/// The device of the queue, once the printer behind it was asked too.
fn behind(printer: &AnnouncedPrinter, agent: &Agent) -> Option<String> {
    let seen = seen(printer, agent, "printer");
    let asked = seen.iter().any(|it| matches!(it, Observation::Printer(printer) if !printer.key.is_empty()));
    let queue = seen.iter().find_map(|it| if let Observation::Queue(queue) = it { Some(queue) } else { None });
    queue.filter(|_| asked)?.device_uri.clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_that_announces_itself_is_found() {
    let place = Place::new("discovery").unwrap();
    let printer = AnnouncedPrinter::start(&place).await.unwrap();
    let agent = Agent::prepare(&place, SETTINGS).unwrap();
    let found =
        eventually("the printer's announcement", Duration::from_secs(60), || async { found(&printer, &agent) }).await;
    assert_eq!((found.address.as_str(), found.found_by), (ADDRESS, Way::DnsSd));
    assert_eq!(found.uri, Some(format!("ipp://{ADDRESS}:{PORT}/ipp/print")));
    assert!(found.key.len() == 36 && found.model.is_some(), "its UUID and its model: {found:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_is_asked_that_a_queue_names_by_its_service() {
    let place = Place::new("dnssd").unwrap();
    let printer = AnnouncedPrinter::start(&place).await.unwrap();
    let queues = PrintService::start_beside(&printer, &place).await.unwrap();
    let agent = Agent::prepare(&place, &format!("[printer]\ncups = \"{}\"\n", queues.url())).unwrap();
    let device =
        eventually("the printer behind the queue", Duration::from_secs(60), || async { behind(&printer, &agent) })
            .await;
    assert_eq!(device, format!("ipp://{ADDRESS}:{PORT}/ipp/print"));
}
