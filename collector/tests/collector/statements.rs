//! The monthly statement: made when its hour has come, sent to each address exactly once.

use crate::common::{NOW, TestApp};
use beforehand_collector::tasks;
use beforehand_core::{calendar::Calendar, month::Month};
use beforehand_shared::time::Millis;
use beforehand_store::StatementState;

const NOVEMBER: Month = Month { year: 2026, month: 11 };

/// A minute before the statement of November is due.
async fn just_before() -> (TestApp, beforehand_core::site::Client) {
    let app = TestApp::new().await;
    let (client, _) = app.client("Harbour Dental").await;
    let due = Calendar::new(&client.time_zone).instant(jiff::civil::date(2026, 12, 3).at(8, 0, 0, 0));
    app.app.clock.set(due.minus(Millis::MINUTE));
    (app, client)
}

#[tokio::test]
async fn a_statement_goes_to_each_address_once_however_often_the_tasks_run() {
    let (app, client) = just_before().await;
    // That of October would be due since 3 November; only the latest month is made.
    app.work().await;
    let before = app.mails().len();
    app.later(Millis::MINUTE);
    for _ in 0..3 {
        app.work().await;
        app.later(Millis::HOUR);
    }
    let mails = app.mails();
    assert_eq!(mails.len() - before, 2, "one for each of the two addresses");
    for (mail, other) in
        [("owner@client.example", "office@client.example"), ("office@client.example", "owner@client.example")]
    {
        let to_him: Vec<&String> =
            mails[before..].iter().filter(|text| text.contains(&format!("To: {mail}"))).collect();
        assert_eq!(to_him.len(), 1);
        assert!(!to_him[0].contains(other), "nobody sees who else got it");
        assert!(to_him[0].contains("application/pdf") && to_him[0].contains("statement-2026-11.pdf"));
    }
    let row = app.app.store.statement(client.id, NOVEMBER).await.unwrap().unwrap();
    assert_eq!((row.state, row.sent.len()), (StatementState::Sent, 2));
    assert!(row.pdf.starts_with(b"%PDF"));
}

#[tokio::test]
async fn two_processes_on_one_database_send_it_once() {
    let (app, _) = just_before().await;
    app.later(Millis::MINUTE);
    let before = app.mails().len();
    let (one, two) = tokio::join!(tasks::run_due(&app.app), tasks::run_due(&app.app));
    drop((one, two));
    app.work().await;
    assert_eq!(app.mails().len() - before, 2);
}

#[tokio::test]
async fn a_statement_that_is_held_waits_for_a_person() {
    let (app, mut client) = just_before().await;
    client.delivery.hold_for_review = true;
    app.app.store.update_client(&client).await.unwrap();
    app.later(Millis::MINUTE);
    app.work().await;
    app.later(Millis::DAY);
    app.work().await;
    assert!(app.mails().is_empty());
    let row = app.app.store.statement(client.id, NOVEMBER).await.unwrap().unwrap();
    assert_eq!(row.state, StatementState::Held);
    tasks::statements::release(&app.app, &client, &row).await.unwrap();
    app.work().await;
    assert_eq!(app.mails().len(), 2);
}

#[tokio::test]
async fn the_same_month_made_again_gives_the_same_figures() {
    let (app, client) = just_before().await;
    let first = tasks::statements::make(&app.app, &client, NOVEMBER).await.unwrap();
    let input: beforehand_core::month::MonthInput = serde_json::from_str(&first.input_json).unwrap();
    let again = serde_json::to_string(&beforehand_core::month::figures(&input)).unwrap();
    assert_eq!(again, first.figures_json);
}

#[tokio::test]
async fn what_was_sent_does_not_change() {
    let (app, client) = just_before().await;
    app.later(Millis::MINUTE);
    app.work().await;
    assert!(tasks::statements::make(&app.app, &client, NOVEMBER).await.is_err());
    assert!(app.now() > NOW);
}
