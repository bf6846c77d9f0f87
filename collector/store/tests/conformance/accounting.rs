//! The ledger cannot fork, users' reports are counted, statements stay as they were sent.

use crate::{
    judging::work,
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_core::{
    analyze,
    finding::FindingKind,
    ledger::{Draft, Story, StoryChart, Subject, verify},
    month::Month,
    outcome::Outcome,
    record,
    series::Sample,
    ticket::{UserReport, Verdict},
};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::{Judged, SentMail, StatementRow, StatementState, StoreError, TicketFilter};

cases! {
    entries_are_chained_and_read_back_exactly,
    two_processes_cannot_fork_the_chain,
    two_processes_cannot_count_a_case_twice,
    a_case_is_unaccounted_until_it_has_an_entry_and_again_when_it_closes_again,
    who_judged_a_case_by_less_than_is_known_writes_nothing,
    what_is_entered_late_makes_a_closed_case_due_again,
    a_case_judged_again_corrects_its_entry_once,
    a_closed_case_comes_with_everything_its_outcome_is_decided_from,
    the_records_of_rules_are_those_of_the_ledger,
    a_users_report_opens_a_ticket_unless_a_case_has_one,
    a_statement_that_was_sent_stays_as_it_was,
}

pub(crate) fn report(office: &Office, noticed_at: Timestamp) -> UserReport {
    UserReport {
        client: office.client.id,
        number: 0,
        site: office.site.id,
        asset: Some(office.volume()),
        who: "Ms Weber".into(),
        what: "Cannot save".into(),
        noticed_at,
        entered_at: noticed_at,
        minutes_lost: 30,
        people: 2,
        in_scope: true,
    }
}

pub(crate) fn draft(office: &Office, opened_at: Timestamp, outcome: Outcome) -> Draft {
    let chart = StoryChart {
        title: "Free space (GB)".into(),
        measured: vec![Sample { at: opened_at, value: 0.1 + 0.2 }, Sample { at: opened_at, value: 1.0 / 3.0 }],
        fan: vec![],
        limit: Some(1e-7),
        acted_at: None,
        onset: None,
    };
    Draft {
        at: opened_at.plus(Millis::DAY),
        subject: Subject::Case { id: office.case(opened_at).id },
        site: office.site.id,
        asset: Some(office.volume()),
        asset_name: "/home on FRONTDESK".into(),
        kind: Some(FindingKind::VolumeFull),
        outcome,
        counted_at: opened_at,
        onset: None,
        ticketed_at: Some(opened_at),
        p: None,
        because: "It was so.".into(),
        evidence: Story { chart: Some(chart), work: vec![work(opened_at, 5, true)], ..Story::default() },
        corrects: None,
        by: "analysis".into(),
    }
}

async fn entries_are_chained_and_read_back_exactly(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let mut written = vec![];
    for day in 0..4 {
        let draft = draft(&office, START.plus(Millis::days(day)), Outcome::NotNeeded);
        written.push(db.store.append_entry(office.client.id, draft).await.unwrap());
    }
    let read = db.reopened().await.ledger(office.client.id).await.unwrap();
    assert_eq!(read, written);
    verify(&read).unwrap();
    assert_eq!(db.store.entry(office.client.id, 3).await.unwrap().as_ref(), Some(&written[2]));
}

async fn two_processes_cannot_fork_the_chain(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let other = db.reopened().await;
    for day in 0..6 {
        let at = START.plus(Millis::days(day * 2));
        let (a, b) = (draft(&office, at, Outcome::False), draft(&office, at.plus(Millis::DAY), Outcome::False));
        let (a, b) = tokio::join!(db.store.append_entry(office.client.id, a), other.append_entry(office.client.id, b));
        assert_ne!(a.unwrap().seq, b.unwrap().seq);
    }
    let ledger = db.store.ledger(office.client.id).await.unwrap();
    assert_eq!(ledger.len(), 12);
    verify(&ledger).unwrap();
}

async fn two_processes_cannot_count_a_case_twice(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    let other = db.reopened().await;
    let entry = draft(&office, START, Outcome::NotNeeded);
    open(&db, &office, START).await;
    close(&db, &office, START, START.plus(Millis::HOUR)).await;
    let judged = judged(&db).await;
    let both = (db.store.enter(client, &judged, entry.clone()), other.enter(client, &judged, entry.clone()));
    let (a, b) = tokio::join!(both.0, both.1);
    assert!(a.unwrap().is_some() != b.unwrap().is_some(), "exactly one");
    let correction = Draft { corrects: Some(1), by: "anna".into(), ..draft(&office, START, Outcome::False) };
    db.store.append_entry(client, correction.clone()).await.unwrap();
    let stale = db.store.append_entry(client, correction).await;
    assert!(matches!(stale, Err(StoreError::Conflict(_))), "entry 1 no longer stands");
    assert_eq!(db.store.ledger(client).await.unwrap().len(), 2);
}

/// The one closed case that is due.
async fn judged(db: &Db) -> Judged {
    let [(_, id, entered)] = &db.store.unaccounted(10).await.unwrap()[..] else { panic!("one case is due") };
    Judged::Case { id: id.clone(), entered: *entered }
}

async fn nothing_is_due(db: &Db) -> bool {
    db.store.unaccounted(10).await.unwrap().is_empty()
}

async fn close(db: &Db, office: &Office, opened_at: Timestamp, at: Timestamp) {
    let verdict = analyze::Verdict { changes: vec![office.closing(opened_at, at)], ..analyze::Verdict::default() };
    db.store.apply(&office.site, &verdict, at).await.unwrap();
}

async fn open(db: &Db, office: &Office, at: Timestamp) {
    let verdict = analyze::Verdict { changes: vec![office.opening(at)], ..analyze::Verdict::default() };
    db.store.apply(&office.site, &verdict, at).await.unwrap();
}

async fn a_case_is_unaccounted_until_it_has_an_entry_and_again_when_it_closes_again(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    open(&db, &office, START).await;
    assert!(nothing_is_due(&db).await);
    close(&db, &office, START, START.plus(Millis::HOUR)).await;
    let first = judged(&db).await;
    db.store.enter(client, &first, draft(&office, START, Outcome::NotNeeded)).await.unwrap().unwrap();
    close(&db, &office, START, START.plus(Millis::HOUR)).await;
    assert!(nothing_is_due(&db).await);
    close(&db, &office, START, START.plus(Millis::days(2))).await;
    db.store.leave_out(client, &judged(&db).await).await.unwrap();
    assert!(nothing_is_due(&db).await);
}

async fn what_is_entered_late_makes_a_closed_case_due_again(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    open(&db, &office, START).await;
    db.store.log_work(client, 1, &work(START, 5, false)).await.unwrap();
    let closed = START.plus(Millis::days(2));
    close(&db, &office, START, closed).await;
    for entered in ["work", "a verdict", "a report", "a report of another time"] {
        db.store.leave_out(client, &judged(&db).await).await.unwrap();
        match entered {
            "work" => db.store.log_work(client, 1, &work(closed, 20, true)).await.unwrap(),
            "a verdict" => db.store.resolve(client, 1, Verdict::FalseAlarm, ("anna", closed)).await.unwrap(),
            "a report" => drop(db.store.insert_user_report(&report(&office, START.minus(Millis::HOUR))).await.unwrap()),
            _ => drop(db.store.insert_user_report(&report(&office, closed.plus(Millis::HOUR))).await.unwrap()),
        }
        assert_eq!(nothing_is_due(&db).await, entered == "a report of another time", "{entered}");
    }
}

async fn who_judged_a_case_by_less_than_is_known_writes_nothing(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    open(&db, &office, START).await;
    close(&db, &office, START, START.plus(Millis::HOUR)).await;
    let stale = judged(&db).await;
    db.store.log_work(client, 1, &work(START, 5, true)).await.unwrap();
    assert_eq!(db.store.enter(client, &stale, draft(&office, START, Outcome::NotNeeded)).await.unwrap(), None);
    let fresh = judged(&db).await;
    db.store.enter(client, &fresh, draft(&office, START, Outcome::PreventedLikely)).await.unwrap().unwrap();
    assert_eq!(db.store.enter(client, &stale, draft(&office, START, Outcome::NotNeeded)).await.unwrap(), None);
    db.store.leave_out(client, &stale).await.unwrap();
    let outcomes: Vec<_> = db.store.ledger(client).await.unwrap().iter().map(|entry| entry.outcome).collect();
    assert_eq!(outcomes, [Outcome::PreventedLikely]);
    assert!(nothing_is_due(&db).await);
}

async fn a_case_judged_again_corrects_its_entry_once(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    open(&db, &office, START).await;
    close(&db, &office, START, START.plus(Millis::HOUR)).await;
    let case = judged(&db).await;
    let first = db.store.enter(client, &case, draft(&office, START, Outcome::NotNeeded)).await.unwrap().unwrap();
    let late = db.store.enter(client, &case, draft(&office, START, Outcome::Late)).await.unwrap().unwrap();
    assert_eq!(late.corrects, Some(first.seq));
    db.store.log_work(client, 1, &work(START, 5, false)).await.unwrap();
    let case = judged(&db).await;
    assert_eq!(db.store.enter(client, &case, draft(&office, START, Outcome::Late)).await.unwrap(), None);
    assert!(nothing_is_due(&db).await, "nothing new is done too");
    let correction = Draft { corrects: Some(2), by: "anna".into(), ..draft(&office, START, Outcome::False) };
    db.store.append_entry(client, correction).await.unwrap();
    let again = draft(&office, START, Outcome::Late);
    assert_eq!(db.store.enter(client, &case, again).await.unwrap(), None, "anna decided");
    assert_eq!(db.store.ledger(client).await.unwrap().len(), 3);
}

async fn a_closed_case_comes_with_everything_its_outcome_is_decided_from(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    let hourly: Vec<(Millis, f64)> = (0..24 * 20).map(|hour| (Millis::hours(hour), hour as f64)).collect();
    db.store.digest(&office.measured(&hourly)).await.unwrap();
    let (opened, closed) = (START.plus(Millis::days(12)), START.plus(Millis::days(14)));
    open(&db, &office, opened).await;
    assert!(matches!(db.store.closed_case(client, &office.case(opened).id).await, Err(StoreError::NotFound(_))));
    db.store.log_work(client, 1, &work(opened, 15, true)).await.unwrap();
    for days in [10, 11, 13, 15] {
        db.store.insert_user_report(&report(&office, START.plus(Millis::days(days)))).await.unwrap();
    }
    close(&db, &office, opened, closed).await;
    let case = db.store.closed_case(client, &office.case(opened).id).await.unwrap();
    assert_eq!((case.events.len(), case.work.len(), case.user_reports.len()), (2, 1, 2));
    assert_eq!((case.asset_name.as_str(), case.time_zone.as_str()), ("/home on FRONTDESK", "Europe/Berlin"));
    assert_eq!(case.ticket.unwrap().number, 1);
    assert!(case.measured.is_sorted_by(|a, b| a.at < b.at));
    assert_eq!(case.measured.len(), 14 * 24 + 1);
    assert_eq!(case.measured.last().unwrap().at, closed);
}

async fn the_records_of_rules_are_those_of_the_ledger(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let other = Office::settle(2, &db.store).await;
    assert!(db.store.records().await.unwrap().is_empty());
    for (office, outcome) in [(&office, Outcome::False), (&other, Outcome::Shortened)] {
        db.store.append_entry(office.client.id, draft(office, START, outcome)).await.unwrap();
    }
    let correction = Draft { corrects: Some(1), ..draft(&office, START, Outcome::Shortened) };
    db.store.append_entry(office.client.id, correction).await.unwrap();
    let mut ledger = db.store.ledger(office.client.id).await.unwrap();
    ledger.extend(db.store.ledger(other.client.id).await.unwrap());
    assert_eq!(db.store.records().await.unwrap(), record::records(&ledger));
}

async fn a_users_report_opens_a_ticket_unless_a_case_has_one(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let client = office.client.id;
    assert_eq!(db.store.insert_user_report(&report(&office, START)).await.unwrap(), 1);
    open(&db, &office, START).await;
    let second = UserReport { who: "Mr Kaya".into(), ..report(&office, START.plus(Millis::HOUR)) };
    assert_eq!(db.store.insert_user_report(&second).await.unwrap(), 2);
    let tickets = db.store.tickets(&TicketFilter::default()).await.unwrap();
    assert_eq!(tickets.len(), 2, "one of the first report, one of the case");
    assert_eq!(tickets.iter().filter(|row| row.ticket.case.is_none()).count(), 1);
    let reports = db.store.user_reports(client).await.unwrap();
    assert_eq!(reports[0], UserReport { number: 2, ..second });
    assert_eq!(db.store.user_report(client, 1).await.unwrap().unwrap().who, "Ms Weber");
    assert_eq!(db.store.unaccounted_user_reports(10).await.unwrap(), [(client, 1), (client, 2)]);
    db.store.leave_out(client, &Judged::UserReport { number: 1 }).await.unwrap();
    assert_eq!(db.store.unaccounted_user_reports(10).await.unwrap(), [(client, 2)]);
}

pub(crate) fn statement(office: &Office) -> StatementRow {
    StatementRow {
        client: office.client.id,
        month: Month { year: 2026, month: 11 },
        made_at: START,
        input_json: "{}".into(),
        figures_json: "{\"a\":1}".into(),
        pdf: (0..=255).collect(),
        html: "<p>ü</p>".into(),
        text: "ü".into(),
        subject: "Your November".into(),
        state: StatementState::Draft,
        sent: vec![],
    }
}

async fn a_statement_that_was_sent_stays_as_it_was(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let (client, month) = (office.client.id, statement(&office).month);
    db.store.save_statement(&statement(&office)).await.unwrap();
    let better = StatementRow { subject: "Your month".into(), ..statement(&office) };
    db.store.save_statement(&better).await.unwrap();
    assert_eq!(db.store.statement(client, month).await.unwrap(), Some(better.clone()));
    db.store.set_statement_state(client, month, StatementState::Queued).await.unwrap();
    let mail = SentMail { to: "owner@client.example".into(), at: START };
    db.store.statement_sent(client, month, &mail).await.unwrap();
    db.store.statement_sent(client, month, &mail).await.unwrap();
    let again = db.store.save_statement(&statement(&office)).await;
    assert!(matches!(again, Err(StoreError::Conflict(_))));
    let sent = db.store.statement(client, month).await.unwrap().unwrap();
    assert_eq!(sent, StatementRow { state: StatementState::Sent, sent: vec![mail], ..better });
    let listed = db.store.statements(client).await.unwrap();
    assert_eq!((listed.len(), listed[0].pdf.len()), (1, 0));
    assert_eq!(db.store.all_statements().await.unwrap(), listed);
}
