//! Helps the tests of spool and delivery: drafts of reports, and a real HTTP server on loopback that
//! answers as it is told.
#![allow(dead_code, unreachable_pub, clippy::allow_attributes, reason = "each test file uses a part of it")]

use beforehand_agent::{
    report::Draft,
    spool::{Limits, Spool, Waiting},
    time::Reading,
};
use beforehand_shared::{
    ack::{Ack, Refusal},
    ids::{BootId, ClientId, HostId, Incarnation, SiteId},
    report::{Gap, Report},
    run::{Outcome, ProbeRun},
    time::Timestamp,
    wire,
};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::SocketAddr,
    path::Path,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use uuid::Uuid;

pub const LIMITS: Limits = Limits { bytes: 64 << 20, waiting: 10_000, acked: 1_000 };
pub const LIFE: Incarnation = Incarnation(Uuid::from_u128(7));

pub fn host() -> HostId {
    HostId(Uuid::from_u128(1))
}

pub fn open(state: &Path) -> Spool {
    open_with(state, LIMITS)
}

pub fn open_with(state: &Path, limits: Limits) -> Spool {
    Spool::open(state, (host(), LIFE), limits, at(0).wall).unwrap()
}

/// The clocks `minute` minutes after the start of the test's world.
pub fn at(minute: u64) -> Reading {
    let ms = minute * 60_000;
    Reading { wall: Timestamp(1_790_000_000_000 + ms.cast_signed()), mono_ms: ms, awake_ms: ms }
}

/// A report whose one run says `word`.
pub fn draft(word: &str, minute: u64) -> Draft {
    let run = ProbeRun {
        probe: "test".into(),
        at: at(minute).wall,
        mono_ms: at(minute).mono_ms,
        took_ms: 1,
        outcome: Outcome::NoData { why: word.into() },
    };
    Draft { boot: BootId(Uuid::from_u128(9)), made: at(minute), goodbye: None, runs: vec![run] }
}

pub fn word(report: &Report) -> &str {
    match report.runs.first().map(|run| &run.outcome) {
        Some(Outcome::NoData { why }) => why,
        _ => "",
    }
}

pub fn read(waiting: &Waiting) -> Report {
    wire::decode(&waiting.body).unwrap()
}

/// Takes everything out of the spool as a collector would.
pub fn drain(spool: &mut Spool) -> Vec<Report> {
    std::iter::from_fn(|| {
        let waiting = spool.next_waiting()?;
        spool.acknowledge(waiting.seq);
        Some(read(&waiting))
    })
    .collect()
}

/// Numbers named as lost by the gaps of `reports`.
pub fn lost(reports: &[Report]) -> BTreeSet<u64> {
    gaps(reports).iter().filter_map(|gap| gap.seqs).flat_map(|(first, last)| first..=last).collect()
}

pub fn gaps(reports: &[Report]) -> Vec<Gap> {
    reports.iter().flat_map(|report| report.gaps.clone()).collect()
}

pub fn seqs(reports: &[Report]) -> Vec<u64> {
    reports.iter().map(|report| report.seq).collect()
}

/// One request as the server saw it.
#[derive(Debug, Clone)]
pub struct Request {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

/// What the server does with a request.
pub enum Reply {
    /// Status, further header lines, body.
    Send(u16, &'static str, Vec<u8>),
    /// Sends only so many bytes of the answer and closes.
    Cut(Vec<u8>, usize),
    /// Closes without a word.
    Close,
    /// Sends the head of an answer and then nothing.
    Hang,
}

type Answers = dyn FnMut(&Request) -> Reply + Send;

/// A server on loopback; it lives as long as the runtime of the test.
pub struct Server {
    pub address: SocketAddr,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Server {
    pub async fn start(answers: impl FnMut(&Request) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answers: Arc<Mutex<Box<Answers>>> = Arc::new(Mutex::new(Box::new(answers)));
        let seen = requests.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, answers.clone(), seen.clone()));
            }
        });
        Self { address, requests }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }
}

async fn serve(mut stream: TcpStream, answers: Arc<Mutex<Box<Answers>>>, seen: Arc<Mutex<Vec<Request>>>) {
    while let Some(request) = receive(&mut stream).await {
        let reply = (answers.lock().unwrap())(&request);
        seen.lock().unwrap().push(request);
        match reply {
            Reply::Send(status, headers, body) => {
                let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{headers}\r\n", body.len());
                if stream.write_all(&[head.as_bytes(), &body].concat()).await.is_err() {
                    return;
                }
            }
            Reply::Cut(answer, bytes) => {
                drop(stream.write_all(&answer[..bytes.min(answer.len())]).await);
                return;
            }
            Reply::Close => return,
            Reply::Hang => {
                drop(stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n").await);
                std::future::pending::<()>().await;
            }
        }
    }
}

async fn receive(stream: &mut TcpStream) -> Option<Request> {
    let mut bytes = Vec::new();
    let head_end = loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8_lossy(&bytes[..head_end]).into_owned();
    let mut lines = head.lines();
    let path = lines.next()?.split(' ').nth(1)?.to_owned();
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let len: usize = headers.get("content-length").map_or(0, |len| len.parse().unwrap_or(0));
    let mut body = bytes[head_end + 4..].to_vec();
    while body.len() < len {
        if stream.read_buf(&mut body).await.ok()? == 0 {
            return None;
        }
    }
    Some(Request { path, headers, body })
}

/// A collector in memory: stores each report once and acknowledges it.
#[derive(Clone, Default)]
pub struct Collector(Arc<Mutex<Bodies>>);

type Bodies = BTreeMap<(Incarnation, u64), Vec<u8>>;

impl Collector {
    pub fn take(&self, request: &Request) -> Ack {
        let report = wire::decode(&request.body).unwrap();
        let mut stored = self.0.lock().unwrap();
        let key = (report.incarnation, report.seq);
        let known = stored.entry(key).or_insert_with(|| request.body.clone());
        let continue_as = (*known != request.body).then_some(Incarnation(Uuid::from_u128(1_000)));
        // The highest number up to which nothing is missing.
        let high_water = (1..).take_while(|seq| stored.contains_key(&(report.incarnation, *seq))).last().unwrap_or(0);
        Ack { incarnation: key.0, seq: key.1, high_water, collector_time: Timestamp(0), continue_as, settings: None }
    }

    pub fn reply(&self, request: &Request) -> Reply {
        json(200, &self.take(request))
    }

    pub fn reports(&self) -> Vec<Report> {
        self.0.lock().unwrap().values().map(|body| wire::decode(body).unwrap()).collect()
    }

    pub fn forget(&self, keep: impl Fn(u64) -> bool) {
        self.0.lock().unwrap().retain(|(_, seq), _| keep(*seq));
    }
}

pub fn json(status: u16, body: &impl serde::Serialize) -> Reply {
    Reply::Send(status, "content-type: application/json\r\n", serde_json::to_vec(body).unwrap())
}

pub fn refusal(status: u16, code: &str) -> Reply {
    json(status, &Refusal { code: code.into(), message: "no".into() })
}

pub fn identity(server: &str) -> beforehand_agent::identity::Identity {
    beforehand_agent::identity::Identity {
        server: server.into(),
        ca: None,
        client: ClientId(Uuid::from_u128(2)),
        site: SiteId(Uuid::from_u128(3)),
        host: host(),
        incarnation: LIFE,
        secret: "5ec2e7".into(),
    }
}
