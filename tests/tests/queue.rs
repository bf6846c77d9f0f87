//! A real print queue that somebody stopped: the agent shows its state and how long the oldest job
//! has waited, and the collector's console does too.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use beforehand_e2e::{
    parts::{
        agent::Agent,
        collector::Collector,
        console::Console,
        place::Place,
        print_service::{DEVICE, PrintService, QUEUE},
    },
    time::{eventually, now},
};
use beforehand_shared::{
    observation::Observation,
    printer::{PrinterState, Queue},
    run::ProbeRun,
    time::Millis,
};
use beforehand_store::Store;
use std::time::Duration;

const CLIENT: &str = "Harbour Dental";
const SOON: Duration = Duration::from_secs(60);

/// The queue as `beforehand-agent once` sees it now.
fn seen(agent: &Agent) -> Queue {
    let runs: Vec<ProbeRun> = serde_json::from_str(&agent.command(&["once", "--probe", "printer"]).unwrap()).unwrap();
    let seen = runs.iter().flat_map(|run| run.outcome.observations()).find_map(|observation| match observation {
        Observation::Queue(queue) => Some(queue.clone()),
        _ => None,
    });
    seen.unwrap_or_else(|| panic!("no queue in {runs:#?}"))
}

async fn stored(store: &Store, client: beforehand_shared::ids::ClientId) -> Option<Queue> {
    let assets = store.assets(client).await.unwrap();
    assets.into_iter().find_map(|asset| match asset.facts {
        Observation::Queue(queue) => Some(queue),
        _ => None,
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_queue_shows_its_state_and_how_long_its_oldest_job_has_waited() {
    let place = Place::new("queue").unwrap();
    let service = PrintService::start(&place).await.unwrap();
    let collector = Collector::start(&place, "").await.unwrap();
    let (client, _) = collector.add_client(CLIENT, &[]).await.unwrap();
    let settings = format!("[printer]\nevery = \"1s\"\ncups = \"{}\"\n", service.url());
    let mut agent = Agent::enrol(&place, &collector, CLIENT, &settings).unwrap();

    let empty = seen(&agent);
    assert_eq!((empty.name.as_str(), empty.device_uri.as_deref()), (QUEUE, Some(DEVICE)));
    assert_eq!((empty.state, empty.accepting, empty.jobs, empty.oldest), (PrinterState::Stopped, true, 0, None));

    let before = now();
    service.print().unwrap();
    let after = now();
    service.print().unwrap();
    let full = seen(&agent);
    assert_eq!((full.state, full.jobs), (PrinterState::Stopped, 2));
    assert!(full.reasons.iter().any(|reason| reason.starts_with("paused")), "{:?}", full.reasons);
    let oldest = full.oldest.unwrap().since;
    // CUPS counts whole seconds.
    let second = Millis::seconds(2);
    assert!((before.minus(second)..after.plus(second)).contains(&oldest), "{before} to {after}, and not {oldest}");
    let table = agent.command(&["once", "--print", "--probe", "printer"]).unwrap();
    assert!(table.starts_with("BAD") && table.contains("stopped, 2 jobs wait, the oldest for 0 min"), "{table}");

    agent.run().unwrap();
    let store = collector.store().await.unwrap();
    let known = eventually("the queue at the collector", SOON, || async { stored(&store, client).await }).await;
    assert_eq!((known.name.as_str(), known.state, known.jobs), (QUEUE, PrinterState::Stopped, 2));
    let console = Console::set_up(&collector).await.unwrap();
    let (_, found) = console.page(&format!("/search?q={QUEUE}")).await.unwrap();
    let page = found.split('"').find(|word| word.starts_with("/assets/")).unwrap();
    let (_, page) = console.page(page).await.unwrap();
    assert!(page.contains(QUEUE) && page.to_lowercase().contains("stopped"), "the console shows it");

    service.cancel_all().unwrap();
    eventually("the emptying of the queue", SOON, || async {
        stored(&store, client).await.filter(|queue| queue.jobs == 0 && queue.oldest.is_none())
    })
    .await;
}
