//! A printer that nobody watches announces itself, and the agent finds it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_e2e::{
    parts::{
        agent::Agent,
        announced_printer::{ADDRESS, AnnouncedPrinter, PORT},
        place::Place,
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

fn found(printer: &AnnouncedPrinter, agent: &Agent) -> Option<FoundPrinter> {
    let mut once = printer.inside(tool::program("beforehand-agent").unwrap());
    let once = once.args(["once", "--probe", "printer_discovery", "--config"]).arg(&agent.config);
    let runs: Vec<ProbeRun> = serde_json::from_str(&tool::output(once).unwrap()).unwrap();
    let seen = runs.iter().flat_map(|run| run.outcome.observations());
    let mut found =
        seen.filter_map(|it| if let Observation::FoundPrinter(found) = it { Some(found.clone()) } else { None });
    found.next()
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
