//! Seen working, 2: a real IPP printer runs out of toner, then jams: one ticket, wording a person
//! can act on, closed only by a healthy observation.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_core::{case::Case, finding::FindingKind};
use beforehand_e2e::{
    parts::{agent::Agent, collector::Collector, place::Place, printer::Printer},
    time::eventually,
};
use beforehand_shared::ids::ClientId;
use beforehand_store::{Store, TicketFilter, TicketRow};
use std::time::Duration;

const CLIENT: &str = "Harbour Dental";
const SOON: Duration = Duration::from_secs(90);

async fn tickets(store: &Store, client: ClientId) -> Vec<TicketRow> {
    let filter = TicketFilter { client: Some(client), ..TicketFilter::default() };
    let rows = store.tickets(&filter).await.unwrap();
    rows.into_iter().filter(|row| row.kind == Some(FindingKind::PrinterFault)).collect()
}

async fn case_of(store: &Store, row: &TicketRow) -> Case {
    let id = row.ticket.case.clone().unwrap();
    store.case(row.ticket.client, &id).await.unwrap().unwrap()
}

/// The printer's one ticket, once what it says contains `word`.
async fn ticket_saying(store: &Store, client: ClientId, word: &str) -> TicketRow {
    eventually(&format!("a ticket that says {word:?}"), SOON, || async {
        let rows = tickets(store, client).await;
        assert!(rows.len() <= 1, "one printer, one cause, one ticket: {rows:#?}");
        rows.into_iter().find(|row| row.sentence.to_lowercase().contains(word))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_printer_out_of_toner_that_then_jams_has_one_ticket_until_it_is_seen_well_again() {
    let place = Place::new("printer").unwrap();
    let printer = Printer::start(&place).await.unwrap();
    printer.set_toner(80).await.unwrap();
    let collector = Collector::start(&place, "").await.unwrap();
    let (client, _) = collector.add_client(CLIENT, &[]).await.unwrap();
    let settings = format!("[printer]\nevery = \"1s\"\ncups = \"\"\nuris = [\"{}\"]\n", printer.uri());
    let mut agent = Agent::enrol(&place, &collector, CLIENT, &settings).unwrap();
    let store = collector.store().await.unwrap();
    agent.run().unwrap();
    eventually("the printer's first appearance", SOON, || async {
        let assets = store.assets(client).await.unwrap();
        assets.into_iter().find(|asset| asset.name.contains("Front desk"))
    })
    .await;
    assert_eq!(tickets(&store, client).await, []);

    printer.set_toner(0).await.unwrap();
    let ticket = ticket_saying(&store, client, "toner").await;
    assert!(!case_of(&store, &ticket).await.latest.steps.is_empty(), "it says what to do");

    printer.print_with("+media-jam-error").unwrap();
    let jammed = ticket_saying(&store, client, "jam").await;
    assert_eq!(jammed.ticket.number, ticket.ticket.number);

    // Silence is not recovery: the printer is repaired while nobody looks.
    agent.stop();
    let seen = store.host(client, agent.identity().unwrap().host).await.unwrap().unwrap().last_report;
    printer.print_with("-media-jam-error").unwrap();
    printer.set_toner(90).await.unwrap();
    assert!(!case_of(&store, &jammed).await.is_closed());
    assert!(seen.is_some());

    agent.run().unwrap();
    eventually("the closing of the case", SOON, || async {
        Some(case_of(&store, &jammed).await).filter(Case::is_closed)
    })
    .await;
    assert_eq!(tickets(&store, client).await.len(), 1);
}
