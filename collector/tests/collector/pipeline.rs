//! From reports to tickets and mails, as the tasks do it.

use crate::common::{Agent, NOW, TestApp, host, volume};
use beforehand_collector::history::{Arrival, History};
use beforehand_core::{finding::FindingKind, outcome::Outcome, ticket::UserReport, unpack::Receipt};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::TicketFilter;

/// Hourly reports of a disk that loses `per_day` GiB a day, judged every hour.
async fn load(app: &TestApp, agent: &mut Agent, days: i64, per_day: i64) -> Timestamp {
    let start = NOW.minus(Millis::days(days));
    for hour in 0..days * 24 {
        measure(app, agent, start.plus(Millis::hours(hour)), (60 << 30) - (per_day << 30) * hour / 24).await;
    }
    start.plus(Millis::hours(days * 24 - 1))
}

/// One report of the disk, and all that is due then.
async fn measure(app: &TestApp, agent: &mut Agent, at: Timestamp, free: i64) {
    let mut history = History::new(&app.app);
    let report = agent.report(at, vec![host("FILESERVER"), volume("/data", u64::try_from(free).unwrap())]);
    let receipt = Receipt { received_at: at, sent_at: at, sent_mono_ms: report.mono_ms, sent_boot: report.boot };
    let (client, host) = (agent.is.client, agent.is.host);
    history.arrive(Arrival { client, host, receipt, report: &report }).await.unwrap();
    history.advance(at).await.unwrap();
}

#[tokio::test]
async fn a_disk_that_fills_up_opens_one_ticket_and_tells_the_provider_once() {
    let app = TestApp::with(|config| config.mail.tickets_to = vec!["desk@provider.example".to_owned()]).await;
    let (client, site) = app.client("Harbour Dental").await;
    let mut agent = app.agent(&site, "FILESERVER").await;
    load(&app, &mut agent, 14, 4).await;
    let tickets =
        app.app.store.tickets(&TicketFilter { client: Some(client.id), ..TicketFilter::default() }).await.unwrap();
    let about_disk: Vec<_> = tickets.iter().filter(|row| row.kind == Some(FindingKind::VolumeFull)).collect();
    assert_eq!(about_disk.len(), 1, "{tickets:#?}");
    let opened: Vec<String> =
        app.mails().into_iter().filter(|mail| mail.contains("To: desk@provider.example")).collect();
    assert!(!opened.is_empty() && opened.len() <= 4, "{} mails", opened.len());
}

#[tokio::test]
async fn space_freed_without_a_word_counts_until_a_user_says_that_he_noticed() {
    let app = TestApp::new().await;
    let (client, site) = app.client("Harbour Dental").await;
    let mut agent = app.agent(&site, "FILESERVER").await;
    let last = load(&app, &mut agent, 14, 4).await;
    for hour in 1..=24 {
        measure(&app, &mut agent, last.plus(Millis::hours(hour)), 60 << 30).await;
    }
    let entry = app.app.store.ledger(client.id).await.unwrap().pop().unwrap();
    assert_eq!(entry.outcome, Outcome::PreventedLikely, "{}", entry.because);
    assert!(entry.because.contains("the measurements show the space freed"), "{}", entry.because);
    app.app.clock.set(last.plus(Millis::hours(25)));
    let noticed = UserReport {
        client: client.id,
        number: 0,
        site: site.id,
        asset: entry.asset.clone(),
        who: "Ms Weber".to_owned(),
        what: "Cannot save".to_owned(),
        noticed_at: entry.ticketed_at.unwrap().plus(Millis::HOUR),
        entered_at: app.now(),
        minutes_lost: 30,
        people: 2,
        in_scope: true,
    };
    app.app.store.insert_user_report(&noticed).await.unwrap();
    app.work().await;
    let ledger = app.app.store.ledger(client.id).await.unwrap();
    let [first, second] = ledger.as_slice() else { panic!("{ledger:#?}") };
    assert_eq!((second.outcome, second.corrects), (Outcome::Shortened, Some(first.seq)));
    assert!(second.because.starts_with("More became known after it was counted as prevented, likely."));
}

#[tokio::test]
async fn work_that_is_done_twice_changes_nothing() {
    let app = TestApp::new().await;
    let (client, site) = app.client("Harbour Dental").await;
    let mut agent = app.agent(&site, "FILESERVER").await;
    let last = load(&app, &mut agent, 3, 4).await;
    app.app.clock.set(last);
    let before = (
        app.app.store.tickets(&TicketFilter::default()).await.unwrap(),
        app.app.store.ledger(client.id).await.unwrap(),
    );
    app.work().await;
    app.work().await;
    let after = (
        app.app.store.tickets(&TicketFilter::default()).await.unwrap(),
        app.app.store.ledger(client.id).await.unwrap(),
    );
    assert_eq!(before, after);
}
