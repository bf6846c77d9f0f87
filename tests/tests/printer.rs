//! Seen working, 2: a real IPP printer runs out of toner, then jams: one ticket for each, wording a person
//! can act on, closed only by a healthy observation.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::{case::Case, finding::FindingKind};
use beforehand_e2e::{
    parts::{agent::Agent, collector::Collector, console::Console, place::Place, printer::Printer},
    time::{eventually, now},
};
use beforehand_shared::{ids::ClientId, time::Millis};
use beforehand_store::{Store, TicketFilter, TicketRow};
use std::time::Duration;

const CLIENT: &str = "Harbour Dental";
const SOON: Duration = Duration::from_secs(90);
const EMPTY: FindingKind = FindingKind::SupplyLow;
const FAULT: FindingKind = FindingKind::PrinterFault;

async fn tickets(store: &Store, client: ClientId, kind: FindingKind) -> Vec<TicketRow> {
    let filter = TicketFilter { client: Some(client), ..TicketFilter::default() };
    let rows = store.tickets(&filter).await.unwrap();
    rows.into_iter().filter(|row| row.kind == Some(kind)).collect()
}

async fn case_of(store: &Store, row: &TicketRow) -> Case {
    let id = row.ticket.case.clone().unwrap();
    store.case(row.ticket.client, &id).await.unwrap().unwrap()
}

/// The printer is mended while the agent does not look at printers.
async fn repair_unseen(agent: &mut Agent, printer: &Printer) {
    agent.stop();
    printer.print_with("-media-jam-error").unwrap();
    printer.set_toner(90).await.unwrap();
    agent.configure("[printer]\nenabled = false\n").unwrap();
    agent.run().unwrap();
}

/// Waits until the agent, which runs, has reported once more, stops it, and waits for a judgement
/// that began after that.
async fn until_judged_again(agent: &mut Agent, store: &Store) {
    let (identity, begun) = (agent.identity().unwrap(), now());
    eventually("a report after the repair", SOON, || async {
        let host = store.host(identity.client, identity.host).await.unwrap().unwrap();
        host.last_report.filter(|at| *at > begun)
    })
    .await;
    agent.stop();
    let since = now();
    eventually("a later judgement", SOON, || async {
        // Due then would be what was not judged since, and what has something new.
        store.sites_due(since, Millis(0)).await.unwrap().is_empty().then_some(())
    })
    .await;
}

/// What the ticket says to do about a jam, each step also on its page.
async fn assert_steps(collector: &Collector, store: &Store, jammed: &TicketRow) {
    let steps = case_of(store, jammed).await.latest.steps;
    assert!(steps.iter().any(|step| step.contains("pull the paper out")), "it says how to clear the jam: {steps:?}");
    let console = Console::set_up(collector).await.unwrap();
    let address = format!("/tickets/{}/{}", jammed.ticket.client, jammed.ticket.number);
    let (_, page) = console.page(&address).await.unwrap();
    assert!(steps.iter().all(|step| page.contains(step)), "the ticket's page shows every step: {steps:?}");
}

/// The one ticket of this kind, once what it says contains `word`.
async fn ticket_saying(store: &Store, client: ClientId, (kind, word): (FindingKind, &str)) -> TicketRow {
    eventually(&format!("a ticket that says {word:?}"), SOON, || async {
        let rows = tickets(store, client, kind).await;
        assert!(rows.len() <= 1, "one printer, one cause, one ticket: {rows:#?}");
        rows.into_iter().find(|row| row.sentence.to_lowercase().contains(word))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_out_of_toner_that_then_jams_has_a_ticket_for_each_until_it_is_seen_well_again() {
    let place = Place::new("printer").unwrap();
    let printer = Printer::start(&place).await.unwrap();
    printer.set_toner(80).await.unwrap();
    let collector = Collector::start(&place, "").await.unwrap();
    let (client, _) = collector.add_client(CLIENT, &[]).await.unwrap();
    let settings = format!(
        "[printer]\nevery = \"1s\"\nask_every = \"1s\"\nask_busy_every = \"1s\"\ncups = \"\"\nuris = [\"{}\"]\n",
        printer.uri()
    );
    let mut agent = Agent::enrol(&place, &collector, CLIENT, &settings).unwrap();
    let store = collector.store().await.unwrap();
    agent.run().unwrap();
    eventually("the printer's first appearance", SOON, || async {
        let assets = store.assets(client).await.unwrap();
        assets.into_iter().find(|asset| asset.name.contains("Front desk"))
    })
    .await;
    for kind in [EMPTY, FAULT] {
        assert_eq!(tickets(&store, client, kind).await, []);
    }

    printer.set_toner(0).await.unwrap();
    let empty = ticket_saying(&store, client, (EMPTY, "is empty")).await;
    assert!(!case_of(&store, &empty).await.latest.steps.is_empty(), "it says what to do");

    printer.print_with("+media-jam-error").unwrap();
    let jammed = ticket_saying(&store, client, (FAULT, "jam")).await;
    assert_steps(&collector, &store, &jammed).await;

    // Silence is not recovery.
    repair_unseen(&mut agent, &printer).await;
    until_judged_again(&mut agent, &store).await;
    for ticket in [&empty, &jammed] {
        assert!(!case_of(&store, ticket).await.is_closed());
    }

    agent.configure(&settings).unwrap();
    agent.run().unwrap();
    for (kind, ticket) in [(EMPTY, &empty), (FAULT, &jammed)] {
        eventually("the closing of the case", SOON, || async {
            Some(case_of(&store, ticket).await).filter(Case::is_closed)
        })
        .await;
        assert_eq!(tickets(&store, client, kind).await.len(), 1);
    }
}
