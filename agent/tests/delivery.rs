//! What the sender promises, against a real HTTP server on loopback: only an acknowledgement counts,
//! nothing is sent elsewhere, nothing blocks the queue for ever.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use beforehand_agent::{
    enrol,
    handed::Handed,
    identity::Identity,
    sender::{Next, Sender, SharedSpool},
    spool::Spool,
    time::Clock,
    transport::Transport,
};
use beforehand_shared::{
    ack::Ack,
    enrol::{ENROL_PATH, EnrolReply, EnrolRequest, REPORTS_PATH},
    ids::{BootId, ClientId, Incarnation, SiteId},
    report::{GapReason, SENT_AT_HEADER, SENT_BOOT_HEADER, SENT_MONO_HEADER},
    time::Timestamp,
};
use sha2::{Digest, Sha256};
use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use support::*;
use uuid::Uuid;

/// For one exchange. Long enough for loopback, short for the one test that waits it out.
const TIME_LIMIT: Duration = Duration::from_millis(1_500);

struct Agent {
    spool: SharedSpool,
    sender: Sender,
    _state: tempfile::TempDir,
}

impl Agent {
    /// An agent for `server` with `reports` reports that wait.
    fn new(server: &str, reports: u64) -> Self {
        let state = tempfile::tempdir().unwrap();
        let mut spool: Spool = open(state.path());
        (1..=reports).for_each(|n| {
            spool.push(draft(&format!("report {n}"), n));
        });
        let spool = SharedSpool::new(spool);
        let transport = Transport::new(&identity(server), BootId(Uuid::from_u128(9)), TIME_LIMIT).unwrap();
        let sender = Sender::new(spool.clone(), transport, Clock::standing(at(30)));
        Self { spool, sender, _state: state }
    }

    /// Sends until nothing waits; waits of the backoff are skipped, `most` bounds the tries.
    async fn send_all(&mut self, most: usize) {
        for _ in 0..most {
            if self.sender.step().await == Next::Idle {
                return;
            }
        }
        panic!("after {most} tries {} reports still wait", self.spool.lock().waiting());
    }

    fn push(&self, word: &str) -> u64 {
        self.spool.lock().push(draft(word, 20))
    }

    fn waiting(&self) -> usize {
        self.spool.lock().waiting()
    }
}

#[tokio::test]
async fn a_report_carries_the_secret_and_the_clocks_of_its_sending() {
    let collector = Collector::default();
    let taking = collector.clone();
    let server = Server::start(move |request| taking.reply(request)).await;
    let mut agent = Agent::new(&server.url(), 2);
    agent.send_all(3).await;
    let request = &server.requests()[0];
    assert_eq!(request.path, REPORTS_PATH);
    assert_eq!(request.headers["authorization"], "Bearer 5ec2e7");
    assert_eq!(request.headers["content-encoding"], "zstd");
    assert_eq!(request.headers[SENT_AT_HEADER], at(30).wall.0.to_string());
    assert_eq!(request.headers[SENT_MONO_HEADER], at(30).mono_ms.to_string());
    assert_eq!(request.headers[SENT_BOOT_HEADER], Uuid::from_u128(9).to_string());
    assert_eq!(collector.reports().iter().map(word).collect::<Vec<_>>(), ["report 1", "report 2"]);
}

/// R15, R18: wherever the answer is cut, the report is stored once and acknowledged in the end.
#[tokio::test]
async fn an_answer_cut_at_any_byte_leads_to_a_second_delivery_and_one_stored_report() {
    let collector = Collector::default();
    let (taking, tries) = (collector.clone(), Arc::new(AtomicUsize::new(0)));
    let server = Server::start(move |request| {
        let body = serde_json::to_vec(&taking.take(request)).unwrap();
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        Reply::Cut([head.as_bytes(), &body].concat(), 3 * tries.fetch_add(1, Ordering::Relaxed))
    })
    .await;
    let mut agent = Agent::new(&server.url(), 1);
    agent.send_all(200).await;
    assert!(server.requests().len() > 20);
    assert_eq!(collector.reports().len(), 1);
}

/// R18: a connection that breaks before any answer.
#[tokio::test]
async fn a_connection_that_breaks_keeps_the_report() {
    let server = Server::start(|_| Reply::Close).await;
    let mut agent = Agent::new(&server.url(), 1);
    assert!(matches!(agent.sender.step().await, Next::Wait(_)));
    assert_eq!(agent.waiting(), 1);
}

/// R19.
#[tokio::test]
async fn errors_of_the_server_keep_the_report_and_its_retry_after_is_honoured() {
    let mut answers =
        [(500, ""), (503, "retry-after: 120\r\n"), (429, "retry-after: 77\r\n"), (408, ""), (404, ""), (409, "")]
            .into_iter();
    let server = Server::start(move |_| {
        let (status, header) = answers.next().unwrap();
        Reply::Send(status, header, b"<html>sorry</html>".to_vec())
    })
    .await;
    let mut agent = Agent::new(&server.url(), 1);
    let mut waits = Vec::new();
    for _ in 0..6 {
        match agent.sender.step().await {
            Next::Wait(wait) => waits.push(wait.as_secs()),
            other => panic!("{other:?}"),
        }
    }
    assert!(waits[1] >= 120 && waits[2] >= 77, "{waits:?}");
    assert!(waits.iter().all(|wait| *wait <= 600), "{waits:?}");
    assert_eq!(agent.waiting(), 1);
}

/// R19: a server that hangs after its headers costs one time limit and no report.
#[tokio::test]
async fn a_server_that_hangs_after_its_headers_is_given_up() {
    let server = Server::start(|_| Reply::Hang).await;
    let mut agent = Agent::new(&server.url(), 1);
    assert!(matches!(agent.sender.step().await, Next::Wait(_)));
    assert_eq!(agent.waiting(), 1);
}

#[tokio::test]
async fn an_agent_fetches_what_it_is_handed_when_an_acknowledgement_names_another_revision() {
    let collector = Collector::default();
    let handed = r#"{"revision":5,"printers":[{"address":"10.0.0.9","snmp":{"version":"v2c","community":"c"}}]}"#;
    let far = handed.replace("10.0.0.9", "8.8.8.8").replace(":5", ":6");
    let mut revision = 0;
    let server = Server::start(move |request| match request.path.as_str() {
        "/api/v1/settings" if revision == 5 => Reply::Send(200, "", handed.into()),
        "/api/v1/settings" => Reply::Send(200, "", far.clone().into()),
        _ => {
            revision += 5;
            let revision = if revision > 5 { 6 } else { revision };
            json(200, &Ack { settings: Some(revision), ..collector.take(request) })
        }
    })
    .await;
    let state = tempfile::tempdir().unwrap();
    let handed = Handed::load(state.path());
    let mut agent = Agent::new(&server.url(), 2);
    assert!(!agent.sender.follow(&handed).await, "nothing was acknowledged yet");
    agent.sender.step().await;
    assert!(agent.sender.follow(&handed).await);
    assert!(!agent.sender.follow(&handed).await, "it holds that revision");
    assert_eq!((handed.revision(), handed.printers()[0].address.to_string()), (5, "10.0.0.9".to_owned()));
    agent.sender.step().await;
    assert!(!agent.sender.follow(&handed).await, "an address outside of local networks is refused");
    assert_eq!(handed.revision(), 5, "what was handed before holds");
    let asked = server.requests().iter().filter(|request| request.path == "/api/v1/settings").count();
    assert_eq!(asked, 2);
}

/// R20.
#[tokio::test]
async fn no_answer_but_the_right_acknowledgement_counts_as_delivered() {
    let ack = |seq, life| Ack {
        incarnation: Incarnation(Uuid::from_u128(life)),
        seq,
        high_water: 1,
        collector_time: Timestamp(0),
        continue_as: None,
        settings: None,
    };
    let mut replies = vec![
        json(200, &ack(2, 7)),
        json(200, &ack(1, 99)),
        json(200, &serde_json::json!({})),
        Reply::Send(200, "", Vec::new()),
        Reply::Send(200, "content-type: text/html\r\n", b"<html>Welcome to our free WiFi</html>".to_vec()),
        Reply::Send(204, "", Vec::new()),
        Reply::Send(200, "", vec![b'['; 1 << 20]),
        Reply::Send(400, "", b"<html>proxy says bad request</html>".to_vec()),
    ];
    let tries = replies.len();
    let server = Server::start(move |_| replies.pop().unwrap()).await;
    let mut agent = Agent::new(&server.url(), 1);
    for _ in 0..tries {
        assert!(matches!(agent.sender.step().await, Next::Wait(_)));
        assert_eq!(agent.waiting(), 1);
    }
    assert_eq!(server.requests().len(), tries);
}

/// R20.
#[tokio::test]
async fn a_redirect_is_not_followed_so_the_secret_goes_nowhere_else() {
    let elsewhere = Server::start(|_| panic!("the redirect was followed")).await;
    let location = format!("location: {}\r\n", elsewhere.url());
    let location: &'static str = location.leak();
    for status in [301, 302, 303, 307, 308] {
        let server = Server::start(move |_| Reply::Send(status, location, Vec::new())).await;
        let mut agent = Agent::new(&server.url(), 1);
        assert!(matches!(agent.sender.step().await, Next::Wait(_)));
        assert_eq!(agent.waiting(), 1);
    }
    assert!(elsewhere.requests().is_empty());
}

/// R17: a report that the collector will never take is named and does not block the others.
#[tokio::test]
async fn a_refused_report_becomes_a_gap_and_the_next_ones_go_on() {
    let collector = Collector::default();
    let taking = collector.clone();
    let server = Server::start(move |request| {
        let report = beforehand_shared::wire::decode(&request.body).unwrap();
        if report.seq == 2 { refusal(422, "too_many") } else { taking.reply(request) }
    })
    .await;
    let mut agent = Agent::new(&server.url(), 3);
    agent.send_all(5).await;
    agent.push("after");
    agent.send_all(5).await;
    let reports = collector.reports();
    assert_eq!(seqs(&reports), [1, 3, 4]);
    let told = gaps(&reports).into_iter().find(|gap| gap.reason == GapReason::Refused).unwrap();
    assert_eq!((told.seqs, told.lost), (Some((2, 2)), 1));
}

#[tokio::test]
async fn a_collector_that_is_too_old_for_this_agent_loses_nothing() {
    let server = Server::start(|_| refusal(400, "newer_protocol")).await;
    let mut agent = Agent::new(&server.url(), 1);
    assert!(matches!(agent.sender.step().await, Next::Wait(_)));
    assert_eq!(agent.waiting(), 1);
}

/// R35.
#[tokio::test]
async fn an_agent_that_is_not_known_keeps_its_reports_and_hardly_asks() {
    for status in [401, 403] {
        let server = Server::start(move |_| refusal(status, "unknown_host")).await;
        let mut agent = Agent::new(&server.url(), 1);
        let next = agent.sender.step().await;
        assert!(matches!(next, Next::Wait(wait) if wait >= Duration::from_secs(900)), "{next:?}");
        assert_eq!(agent.waiting(), 1);
    }
}

/// R34.
#[tokio::test]
async fn a_number_used_for_another_report_makes_the_agent_continue_as_a_new_life() {
    let collector = Collector::default();
    let taking = collector.clone();
    let server = Server::start(move |request| taking.reply(request)).await;
    Agent::new(&server.url(), 3).send_all(5).await;
    // The same machine restored from an image: the same numbers, other reports.
    let mut restored = Agent::new(&server.url(), 0);
    restored.push("after the restore");
    restored.push("and on");
    restored.send_all(9).await;
    let words: Vec<String> = collector.reports().iter().map(|report| word(report).to_owned()).collect();
    assert_eq!(words, ["report 1", "report 2", "report 3", "after the restore", "and on"]);
}

/// R38.
#[tokio::test]
async fn a_collector_restored_from_a_backup_gets_what_it_lost_again() {
    let collector = Collector::default();
    let taking = collector.clone();
    let server = Server::start(move |request| taking.reply(request)).await;
    let mut agent = Agent::new(&server.url(), 8);
    agent.send_all(10).await;
    collector.forget(|seq| seq <= 3);
    agent.push("report 9");
    agent.send_all(30).await;
    assert_eq!(seqs(&collector.reports()), (1..=9).collect::<Vec<_>>());
}

/// R38: what neither side has any more is not asked for without end.
#[tokio::test]
async fn a_hole_that_nobody_can_fill_does_not_make_the_agent_send_for_ever() {
    let collector = Collector::default();
    let taking = collector.clone();
    let server = Server::start(move |request| taking.reply(request)).await;
    let mut agent = Agent::new(&server.url(), 6);
    agent.spool.lock().refuse(3);
    agent.send_all(30).await;
    agent.push("report 7");
    agent.send_all(30).await;
    assert_eq!(seqs(&collector.reports()), [1, 2, 4, 5, 6, 7]);
}

/// R13: the headers carry the clock of the moment of sending, whatever it says.
#[tokio::test]
async fn a_clock_in_the_year_1970_neither_stops_nor_corrupts_delivery() {
    let collector = Collector::default();
    let taking = collector.clone();
    let server = Server::start(move |request| taking.reply(request)).await;
    let mut agent = Agent::new(&server.url(), 0);
    let mut early = draft("at boot", 1);
    early.made.wall = Timestamp(0);
    agent.spool.lock().push(early);
    agent.push("after time was set");
    agent.send_all(5).await;
    assert_eq!(collector.reports().iter().map(|report| report.made_at.0).collect::<Vec<_>>(), [0, at(20).wall.0]);
}

fn reply() -> EnrolReply {
    EnrolReply {
        client: ClientId(Uuid::from_u128(2)),
        site: SiteId(Uuid::from_u128(3)),
        host: host(),
        incarnation: LIFE,
        client_name: "Baker".into(),
        site_name: "High Street".into(),
    }
}

#[tokio::test]
async fn enrolment_sends_only_the_hash_of_the_secret_and_keeps_the_secret_private() {
    let server = Server::start(|_| json(200, &reply())).await;
    let state = tempfile::tempdir().unwrap();
    enrol::enrol(&server.url(), "token-1", None, state.path()).await.unwrap();
    let identity = Identity::load(state.path()).unwrap();
    let request = &server.requests()[0];
    let sent: EnrolRequest = serde_json::from_slice(&request.body).unwrap();
    assert_eq!((request.path.as_str(), sent.token.as_str()), (ENROL_PATH, "token-1"));
    assert_eq!(identity.secret.len(), 64);
    assert_eq!(sent.secret_sha256, hex::encode(Sha256::digest(&identity.secret)));
    assert!(!String::from_utf8_lossy(&request.body).contains(&identity.secret));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = state.path().join("identity.toml").metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
}

#[tokio::test]
async fn a_refused_token_changes_nothing_here() {
    let server = Server::start(|_| refusal(403, "token_used")).await;
    let state = tempfile::tempdir().unwrap();
    let error = enrol::enrol(&server.url(), "token-1", None, state.path()).await.unwrap_err();
    assert_eq!(error.to_string(), "the collector refuses: no");
    assert!(Identity::load(state.path()).is_err());
}
