//! No query of one client returns anything of another.

use crate::{
    accounting, connections, judging, network, printers,
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_core::{
    analyze::Verdict,
    input::Maintenance,
    month::{Effort, Month},
    outcome::Outcome,
    series::Metric,
    site::LineContract,
};
use beforehand_shared::{report::GapReason, time::Millis};
use beforehand_store::{
    Digest, GapRow, MaintenanceRow, OutboxFilter, OutboxId, OutboxItem, OutboxKind, Store, TicketFilter,
};

cases! {
    every_list_of_a_client_without_data_is_empty_while_another_has_some_of_everything,
    changes_of_one_client_leave_the_others_rows_alone,
}

/// Some of everything that a client can have.
async fn fill(office: &Office, store: &Store) {
    let (client, site) = (office.client.id, office.site.id);
    store.commit_frames(&[office.frame(1)]).await.unwrap();
    let gap = GapRow {
        host: office.host,
        incarnation: office.incarnation,
        from: START,
        to: START.plus(Millis::HOUR),
        reason: GapReason::Asleep,
        lost: 0,
        seqs: None,
    };
    network::fill(office, store).await;
    connections::fill(office, store).await;
    let measured = office.measured(&[(Millis(0), 1.0), (Millis::days(2), 2.0)]);
    store.digest(&Digest { gaps: vec![gap], ..measured }).await.unwrap();
    while store.seal(START.plus(Millis::days(2)), 10).await.unwrap().days > 0 {}
    let changes = vec![office.opening(START), office.closing(START, START.plus(Millis::HOUR))];
    store.apply(&office.site, &Verdict { changes, ..Verdict::default() }, START).await.unwrap();
    let again = vec![office.opening(START.plus(Millis::DAY))];
    store.apply(&office.site, &Verdict { changes: again, ..Verdict::default() }, START).await.unwrap();
    store.log_work(client, 1, &judging::work(START, 5, true)).await.unwrap();
    store.insert_user_report(&accounting::report(office, START)).await.unwrap();
    store.append_entry(client, accounting::draft(office, START, Outcome::NotNeeded)).await.unwrap();
    store.save_statement(&accounting::statement(office)).await.unwrap();
    store.insert_credential(&printers::credential(office, "office"), b"sealed".to_vec()).await.unwrap();
    store.adopt_printer(&printers::printer(office, None)).await.unwrap();
    let found = vec![printers::found(office, 9, "Laser", Millis(0))];
    store.digest(&Digest { found, ..office.digest() }).await.unwrap();
    let maintenance = Maintenance { from: START, to: START, asset: None, why: "Moving".into() };
    store
        .insert_maintenance(&MaintenanceRow { client, site, maintenance, by: "anna".into(), entered_at: START })
        .await
        .unwrap();
}

/// How many rows each list of the client has, asked also by the keys of `about`.
#[expect(clippy::too_many_lines, reason = "one line for each list of the store")]
async fn counts(store: &Store, office: &Office, about: &Office) -> Vec<(&'static str, usize)> {
    let (client, span) = (office.client.id, (START, START.plus(Millis::days(9))));
    let (volume, case) = (about.volume(), about.case(START).id);
    let month = Month { year: 2026, month: 11 };
    let many = (std::slice::from_ref(&volume), &[Metric::FreeBytes][..]);
    let tickets = TicketFilter { client: Some(client), ..TicketFilter::default() };
    let outbox = OutboxFilter { client: Some(client), ..OutboxFilter::default() };
    let key = OutboxId { client: Some(client), key: format!("case:{case}:found:{}", START.0) };
    let effort = store.effort(client, span.0, span.1).await.unwrap();
    vec![
        ("gaps", store.gaps(client, span.0, span.1).await.unwrap().len()),
        ("assets", store.assets(client).await.unwrap().len()),
        ("asset", store.asset(client, &volume).await.unwrap().iter().len()),
        ("assets of host", store.assets_of_host(client, about.host).await.unwrap().len()),
        ("samples", store.samples(client, &volume, &Metric::FreeBytes, span).await.unwrap().len()),
        ("hours", store.hours(client, &volume, &Metric::FreeBytes, span).await.unwrap().len()),
        ("series", store.series_of(client, &volume).await.unwrap().len()),
        ("frames", store.frames_of_host(client, about.host, span.0, span.1).await.unwrap().len()),
        ("case", store.case(client, &case).await.unwrap().iter().len()),
        ("case events", store.case_events(client, &case).await.unwrap().len()),
        ("open cases", store.open_cases(client).await.unwrap().len()),
        ("cases of asset", store.cases_of_asset(client, &volume).await.unwrap().len()),
        ("cases between", store.cases_between(client, span.0, span.1).await.unwrap().len()),
        ("tickets", store.tickets(&tickets).await.unwrap().len()),
        ("ticket", store.ticket(client, 1).await.unwrap().iter().len()),
        ("ticket of case", store.ticket_of_case(client, &case).await.unwrap().iter().len()),
        ("work", store.work(client, 1).await.unwrap().len()),
        ("effort", usize::from(effort != Effort::default())),
        ("user reports", store.user_reports(client).await.unwrap().len()),
        ("user report", store.user_report(client, 1).await.unwrap().iter().len()),
        ("ledger", store.ledger(client).await.unwrap().len()),
        ("entry", store.entry(client, 1).await.unwrap().iter().len()),
        ("statement", store.statement(client, month).await.unwrap().iter().len()),
        ("statements", store.statements(client).await.unwrap().len()),
        ("outbox", store.outbox(&outbox).await.unwrap().len()),
        ("outbox row", store.outbox_row(&key).await.unwrap().iter().len()),
        ("credentials", store.credentials(client).await.unwrap().len()),
        ("adopted printers", store.adopted_printers(client).await.unwrap().len()),
        ("found printers", store.found_printers(client, START).await.unwrap().len()),
        ("maintenance", store.maintenance(client, about.site.id).await.unwrap().len()),
        ("closed case", usize::from(store.closed_case(client, &case).await.is_ok())),
        ("input", usize::from(store.load_input(client, about.site.id, span.1).await.is_ok())),
        ("network assets", store.network_assets(client, about.site.id).await.unwrap().len()),
        ("hosts of site", store.hosts_of_site(client, about.site.id).await.unwrap().len()),
        ("cases of site", store.cases_of_site(client, about.site.id, START).await.unwrap().len()),
        ("ticket numbers", store.ticket_numbers(client, std::slice::from_ref(&case)).await.unwrap().len()),
        ("hours of many", store.hours_of(client, many, span).await.unwrap().len()),
        ("samples of many", store.samples_of(client, many, &[START].into()).await.unwrap().len()),
        ("line", usize::from(store.line_contract(client, about.site.id).await.unwrap() != LineContract::default())),
        ("network changes", store.network_changes((client, about.site.id), START, 9).await.unwrap().len()),
        ("site", store.site(client, about.site.id).await.unwrap().iter().len()),
        ("host", store.host(client, about.host).await.unwrap().iter().len()),
    ]
}

async fn every_list_of_a_client_without_data_is_empty_while_another_has_some_of_everything(db: Db) {
    let (full, empty) = (Office::settle(1, &db.store).await, Office::settle(2, &db.store).await);
    fill(&full, &db.store).await;
    for (what, count) in counts(&db.store, &full, &full).await {
        assert!(count > 0, "{what} is not tested");
    }
    for (what, count) in counts(&db.store, &empty, &full).await {
        assert_eq!(count, 0, "{what} of another client");
    }
    let input = db.store.load_input(empty.client.id, empty.site.id, START).await.unwrap();
    assert!(
        input.assets.is_empty() && input.cases.is_empty() && input.closed.is_empty() && input.maintenance.is_empty()
    );
}

async fn changes_of_one_client_leave_the_others_rows_alone(db: Db) {
    let (one, two) = (Office::settle(1, &db.store).await, Office::settle(2, &db.store).await);
    fill(&one, &db.store).await;
    fill(&two, &db.store).await;
    let before = counts(&db.store, &two, &two).await;
    let (client, end) = (one.client.id, START.plus(Millis::days(8)));
    db.store.acknowledge(client, 2, "ben", end).await.unwrap();
    db.store.retire_host(client, one.host, end).await.unwrap();
    db.store.set_scope(client, &one.volume(), false).await.unwrap();
    let key = OutboxId { client: Some(client), key: format!("case:{}:found:{}", one.case(START).id, START.0) };
    db.store.delivered(&key, end).await.unwrap();
    assert!(db.store.set_scope(client, &two.volume(), false).await.is_err());
    assert!(db.store.retire_host(client, two.host, end).await.is_err());
    assert_eq!(counts(&db.store, &two, &two).await, before);
    assert_eq!(db.store.host_by_secret(&two.secret).await.unwrap().unwrap().key.client, two.client.id);
    assert_eq!(db.store.ticket(two.client.id, 2).await.unwrap().unwrap().ticket.assignee, None);
    let item = OutboxItem {
        client: Some(two.client.id),
        key: "x".into(),
        kind: OutboxKind::Mail,
        to: "owner@client.example".into(),
        subject: String::new(),
        text: String::new(),
        html: None,
        attachments: vec![],
        made_at: START,
    };
    assert!(db.store.enqueue(&item).await.unwrap());
}
