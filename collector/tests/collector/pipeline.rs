//! From reports to tickets and mails, as the tasks do it.

use crate::common::{Agent, NOW, TestApp, host, volume};
use beforehand_collector::history::{Arrival, History};
use beforehand_core::{finding::FindingKind, unpack::Receipt};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::TicketFilter;

/// Hourly reports of a disk that loses `per_day` GiB a day, judged every hour.
async fn load(app: &TestApp, agent: &mut Agent, days: i64, per_day: i64) -> Timestamp {
    let mut history = History::new(&app.app);
    let start = NOW.minus(Millis::days(days));
    for hour in 0..days * 24 {
        let at = start.plus(Millis::hours(hour));
        let free = (60_i64 << 30) - (per_day << 30) * hour / 24;
        let report = agent.report(at, vec![host("FILESERVER"), volume("/data", u64::try_from(free).unwrap())]);
        let receipt = Receipt { received_at: at, sent_at: at, sent_mono_ms: report.mono_ms, sent_boot: report.boot };
        let (client, host) = (agent.is.client, agent.is.host);
        history.arrive(Arrival { client, host, receipt, report: &report }).await.unwrap();
        history.advance(at).await.unwrap();
    }
    start.plus(Millis::hours(days * 24 - 1))
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
