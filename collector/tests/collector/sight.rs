//! A collector that hears nothing suspects itself first, says so, and is watched from outside.

use crate::common::{Agent, TestApp, host};
use axum::http::Method;
use beforehand_collector::tasks;
use beforehand_core::{finding::FindingKind, sight::Why};
use beforehand_shared::time::{Millis, Timestamp};
use beforehand_store::{Role, TicketFilter};
use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

/// Three offices of different clients, each with two machines that are always on.
async fn offices(app: &TestApp) -> Vec<[Agent; 2]> {
    let mut offices = Vec::new();
    for name in ["Harbour Dental", "Mill Bakery", "North Law"] {
        let (client, site) = app.client(name).await;
        app.app.store.update_client(&beforehand_core::site::Client { simulated: false, ..client }).await.unwrap();
        let machines = [app.agent(&site, "SERVER").await, app.agent(&site, "BACKUP").await];
        for machine in &machines {
            app.app.store.set_always_on(machine.is.client, machine.is.host, Some(true)).await.unwrap();
        }
        offices.push(machines);
    }
    offices
}

/// So many minutes in which these offices report.
async fn minutes<'a>(app: &TestApp, minutes: i64, offices: impl IntoIterator<Item = &'a mut [Agent; 2]>) {
    let mut offices: Vec<&mut [Agent; 2]> = offices.into_iter().collect();
    for _ in 0..minutes {
        app.later(Millis::MINUTE);
        for machine in offices.iter_mut().flat_map(|office| office.iter_mut()) {
            let report = machine.report(app.now(), vec![host("SERVER")]);
            app.deliver(machine, &report).await;
        }
        let failures = tasks::run_due(&app.app).await;
        assert!(failures.iter().all(|(task, _)| *task == tasks::HEARTBEAT), "{failures:?}");
    }
}

async fn silent(app: &TestApp) -> usize {
    let tickets = app.app.store.tickets(&TicketFilter::default()).await.unwrap();
    tickets.iter().filter(|row| row.kind == Some(FindingKind::HostSilent)).count()
}

async fn today(app: &TestApp) -> String {
    let cookie = app.person(Role::Technician).await;
    app.page(Method::GET, "/", Some(&cookie)).await.text()
}

fn desk(config: &mut beforehand_collector::config::Config) {
    config.mail.tickets_to = vec!["desk@provider.example".to_owned()];
}

#[tokio::test]
async fn when_machines_of_several_offices_fall_silent_at_once_it_says_so_and_opens_no_ticket() {
    let app = TestApp::with(desk).await;
    let mut offices = offices(&app).await;
    minutes(&app, 10, &mut offices).await;
    minutes(&app, 20, offices.iter_mut().take(1)).await;
    assert_eq!(silent(&app).await, 0);
    let page = today(&app).await;
    assert!(page.contains("4 of 6 machines at 2 sites fell silent at once"), "{page}");
    minutes(&app, 10, &mut offices).await;
    assert_eq!(silent(&app).await, 0);
    assert!(!today(&app).await.contains("fell silent at once"));
    let blind = app.app.store.blind(Timestamp(0), app.now()).await.unwrap();
    let [blind] = &blind[..] else { panic!("{blind:?}") };
    assert!((19..=22).contains(&(blind.to.unwrap().since(blind.from).0 / Millis::MINUTE.0)), "{blind:?}");
    let told: Vec<String> = app.mails().into_iter().filter(|mail| mail.contains("suspects its own")).collect();
    assert_eq!(told.len(), 2, "one when it begins and one when it ends: {told:#?}");
}

#[tokio::test]
async fn machines_that_stay_away_while_others_report_are_judged_by_themselves_after_all() {
    let app = TestApp::new().await;
    let mut offices = offices(&app).await;
    minutes(&app, 10, &mut offices).await;
    minutes(&app, 30, offices.iter_mut().take(1)).await;
    assert_eq!(silent(&app).await, 0);
    // The one that is heard may be the collector's own.
    minutes(&app, 75, offices.iter_mut().take(1)).await;
    assert!(silent(&app).await >= 2, "each of the two offices has something");
    assert_eq!(app.app.store.blind(Timestamp(0), app.now()).await.unwrap().len(), 1);
}

#[tokio::test]
async fn one_office_that_falls_silent_is_that_office() {
    let app = TestApp::new().await;
    let mut offices = offices(&app).await;
    minutes(&app, 10, &mut offices).await;
    minutes(&app, 8, offices.iter_mut().skip(1)).await;
    assert!(silent(&app).await >= 1);
    assert!(app.app.store.blind(Timestamp(0), app.now()).await.unwrap().is_empty());
}

#[tokio::test]
async fn after_it_was_stopped_it_lets_agents_come_back_before_it_speaks_of_silence() {
    let app = TestApp::new().await;
    let mut offices = offices(&app).await;
    tasks::sight::resume(&app.app).await.unwrap();
    minutes(&app, 10, &mut offices).await;
    app.app.store.set_alive(app.now()).await.unwrap();
    app.later(Millis::hours(3));
    tasks::sight::resume(&app.app).await.unwrap();
    app.work().await;
    assert_eq!(silent(&app).await, 0);
    assert!(today(&app).await.contains("The collector did not run from"));
    minutes(&app, 5, offices.iter_mut().take(2)).await;
    assert_eq!(silent(&app).await, 0, "the third office has time left");
    minutes(&app, 10, offices.iter_mut().take(2)).await;
    assert!(silent(&app).await >= 1, "and then it is missing");
    let blind = app.app.store.blind(Timestamp(0), app.now()).await.unwrap();
    let stops: Vec<_> = blind.iter().filter(|blind| blind.why == Why::Stopped).collect();
    assert_eq!(stops.len(), 1, "{blind:?}");
}

/// Takes one request and answers it; what was asked for.
fn dead_mans_switch() -> (String, thread::JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/ping/secret", listener.local_addr().unwrap());
    (url, thread::spawn(move || answer(&listener)))
}

fn answer(listener: &TcpListener) -> String {
    let (mut stream, _) = listener.accept().unwrap();
    let mut head = [0; 512];
    let length = stream.read(&mut head).unwrap();
    stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: close\r\n\r\nOK").unwrap();
    String::from_utf8_lossy(&head[..length]).into_owned()
}

#[tokio::test]
async fn a_dead_mans_switch_is_told_while_the_collector_works_and_its_address_is_never_shown() {
    let (url, asked) = dead_mans_switch();
    let app = TestApp::with(|config| config.heartbeat.url = url).await;
    app.work().await;
    assert!(asked.join().unwrap().starts_with("GET /ping/secret HTTP/1.1"));
    // Nobody listens any more.
    let failures = tasks::run_due(&app.app).await;
    let [(tasks::HEARTBEAT, error)] = &failures[..] else { panic!("{failures:?}") };
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[tokio::test]
async fn a_collector_that_does_not_get_out_says_so_of_a_single_office_and_judges_it_once_it_does() {
    // Nobody listens there, until somebody does.
    let outside = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let app = TestApp::with(|config| config.heartbeat.url = format!("http://{outside}/ping/secret")).await;
    let mut offices = offices(&app).await;
    offices.truncate(1);
    minutes(&app, 10, &mut offices).await;
    minutes(&app, 20, []).await;
    assert_eq!(silent(&app).await, 0);
    let page = today(&app).await;
    assert!(page.contains("when the collector did not reach its dead man&#39;s switch either"), "{page}");
    assert!(!page.contains("secret"));
    let listener = TcpListener::bind(outside).unwrap();
    let answers = thread::spawn(move || {
        for _ in 0..20 {
            answer(&listener);
        }
    });
    minutes(&app, 20, []).await;
    answers.join().unwrap();
    assert!(silent(&app).await >= 1, "it gets out, and the office is still silent");
}
