//! The agent as a whole on loopback: it enrols over TLS with nothing but a fingerprint, looks with its
//! real probes, reports, and says goodbye.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

mod support;

use beforehand_agent::{
    config::{Config, Connectivity, Printer},
    enrol::{self, EnrolError},
    identity::Identity,
    probe::{Probe, look},
    probes::{
        connectivity::{Links, Services},
        disk_space::DiskSpace,
        printer::PrinterProbe,
    },
    run::{self, Told},
    time::Clock,
    transport::{Answer, Transport},
};
use beforehand_shared::{
    ids::BootId,
    link::{Endpoint, LinkRole, Verdict},
    observation::Observation,
    report::Goodbye,
    run::Outcome,
};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::{ServerConfig, crypto::ring, pki_types::PrivateKeyDer};
use sha2::{Digest, Sha256};
use std::{
    net::SocketAddr,
    path::Path,
    sync::{
        Arc, Mutex,
        mpsc::{TryRecvError, sync_channel},
    },
    time::Duration,
};
use support::*;
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional},
    net::{TcpListener, TcpStream},
    sync::mpsc,
    time::timeout,
};
use tokio_rustls::TlsAcceptor;
use uuid::Uuid;

/// A certificate authority and a TLS front for a plain server.
struct Front {
    address: SocketAddr,
    fingerprint: String,
    /// Bytes that came through TLS.
    received: Arc<Mutex<usize>>,
}

impl Front {
    /// What encrypts as a server of `localhost`, and the fingerprint of its authority.
    fn acceptor() -> (TlsAcceptor, String) {
        let mut authority = CertificateParams::new(Vec::new()).unwrap();
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate().unwrap()).unwrap();
        let key = KeyPair::generate().unwrap();
        let own = CertificateParams::new(vec!["localhost".into(), "127.0.0.1".into()]).unwrap();
        let own = own.signed_by(&key, &authority).unwrap();
        let chain = vec![own.der().clone(), authority.der().clone()];
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
            .unwrap();
        let fingerprint = format!("sha256:{}", hex::encode(Sha256::digest(authority.der())));
        (TlsAcceptor::from(Arc::new(config)), fingerprint)
    }

    async fn start(behind: SocketAddr) -> Self {
        let (acceptor, fingerprint) = Self::acceptor();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(0));
        let count = received.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(forward(acceptor.clone(), stream, behind, count.clone()));
            }
        });
        Self { address, fingerprint, received }
    }

    fn url(&self) -> String {
        format!("https://localhost:{}", self.address.port())
    }
}

async fn forward(acceptor: TlsAcceptor, stream: TcpStream, behind: SocketAddr, received: Arc<Mutex<usize>>) {
    let Ok(mut stream) = acceptor.accept(stream).await else { return };
    let mut plain = TcpStream::connect(behind).await.unwrap();
    if let Ok((up, _)) = copy_bidirectional(&mut stream, &mut plain).await {
        *received.lock().unwrap() += usize::try_from(up).unwrap();
    }
}

fn reply(_: &Request) -> Reply {
    json(
        200,
        &beforehand_shared::enrol::EnrolReply {
            client: identity("").client,
            site: identity("").site,
            host: host(),
            incarnation: LIFE,
            client_name: "Baker".into(),
            site_name: "High Street".into(),
        },
    )
}

#[tokio::test]
async fn a_fingerprint_is_all_it_takes_to_trust_one_authority_and_no_other() {
    let collector = Collector::default();
    let taking = collector.clone();
    let server = Server::start(
        move |request| {
            if request.path.ends_with("enrol") { reply(request) } else { taking.reply(request) }
        },
    )
    .await;
    let (front, stranger) = (Front::start(server.address).await, Front::start(server.address).await);
    let state = tempfile::tempdir().unwrap();

    let error = enrol::enrol(&front.url(), "token", Some(&stranger.fingerprint), state.path()).await.unwrap_err();
    assert!(
        matches!(&error, EnrolError::OtherAuthority { shown, .. } if shown.contains(&front.fingerprint)),
        "{error}"
    );
    let error = enrol::enrol(&front.url(), "token", None, state.path()).await.unwrap_err();
    assert!(matches!(error, EnrolError::NoFingerprint));
    assert_eq!(*front.received.lock().unwrap(), 0, "nothing is sent before the authority is known");

    enrol::enrol(&front.url(), "token", Some(&front.fingerprint), state.path()).await.unwrap();
    let identity = Identity::load(state.path()).unwrap();
    let mut spool = open(tempfile::tempdir().unwrap().path());
    spool.push(draft("over TLS", 1));
    let report = spool.next_waiting().unwrap();
    let boot = BootId(Uuid::from_u128(9));
    let transport = Transport::new(&identity, boot, Duration::from_secs(5)).unwrap();
    assert!(matches!(transport.send(&report, at(1)).await, Answer::Stored(_)));

    let moved = Identity { server: stranger.url(), ..identity };
    let transport = Transport::new(&moved, boot, Duration::from_secs(5)).unwrap();
    assert!(matches!(transport.send(&report, at(1)).await, Answer::Later { why, .. } if why.contains("ertificate")));
    assert_eq!(collector.reports().len(), 1);
    assert_eq!(*stranger.received.lock().unwrap(), 0, "the secret went to no other authority");
}

async fn seen(probe: impl Probe + 'static) -> Vec<Observation> {
    match look(Arc::new(probe), Clock::system()).await.outcome {
        Outcome::Seen { observations } => observations,
        other => panic!("{other:?}"),
    }
}

fn quick(connectivity: Connectivity) -> Connectivity {
    let every: Config = toml::from_str("report_every = \"1s\"").unwrap();
    Connectivity { every: every.report_every, gateway: false, ..connectivity }
}

/// Where pings are allowed; elsewhere the run must say what would allow them.
#[tokio::test]
async fn pings_to_several_targets_are_told_apart_and_a_dead_target_is_loss() {
    let anchors = ["127.0.0.1", "127.0.0.2", "127.0.0.3"].map(|anchor| anchor.parse().unwrap()).to_vec();
    let settings = quick(Connectivity { anchors: anchors.clone(), access: false, ..Connectivity::default() });
    let outcome = look(Arc::new(Links::new(&settings)), Clock::system()).await.outcome;
    if let Outcome::Denied { why } = outcome {
        assert!(why.contains("CAP_NET_RAW"));
        return;
    }
    let observations = outcome.observations();
    assert_eq!(observations.len(), anchors.len());
    for (seen, anchor) in observations.iter().zip(anchors) {
        let Observation::Link(link) = seen else { panic!("{seen:?}") };
        assert_eq!((link.target.as_str(), link.role), (anchor.to_string().as_str(), LinkRole::Anchor));
        assert_eq!((link.sent, link.lost), (5, 0), "{link:?}");
        assert!(link.median_us.is_some() && link.jitter_us.is_some());
    }
}

#[tokio::test]
async fn web_addresses_are_requested_and_their_certificates_kept_whoever_signed_them() {
    let plain = Server::start(|_| Reply::Send(503, "", b"closed".to_vec())).await;
    let front = Front::start(plain.address).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let settings = quick(Connectivity {
        resolvers: vec!["127.0.0.1".into()],
        endpoints: vec![plain.url(), front.url(), format!("http://{closed}")],
        ..Connectivity::default()
    });
    let seen = seen(Services::new(&settings)).await;
    let endpoint = |url: &str| {
        let endpoints =
            seen.iter().filter_map(|seen| if let Observation::Endpoint(seen) = seen { Some(seen) } else { None });
        endpoints.into_iter().find(|endpoint| endpoint.url == url).unwrap().clone()
    };
    assert_eq!((endpoint(&plain.url()).status, endpoint(&plain.url()).certificate), (Some(503), None));
    let certificate = endpoint(&front.url()).certificate.unwrap();
    assert!(certificate.not_after > certificate.not_before);
    assert!(endpoint(&settings.endpoints[2]).error.unwrap().contains("refused"));
    assert!(seen.iter().any(|seen| matches!(seen, Observation::Resolver(resolver) if resolver.error.is_some())));
}

/// A mail server that says each of `says` and then waits for a line; behind the word `TLS` it goes on encrypted.
async fn mail_server(says: &'static [&'static str]) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, acceptor) = (listener.local_addr().unwrap(), Front::acceptor().0);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let plain = says.split(|says| *says == "TLS").next().unwrap();
            speak(&mut stream, plain).await;
            if plain.len() < says.len() {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                speak(&mut stream, &says[plain.len() + 1..]).await;
            }
        }
    });
    address
}

/// Waits for a line between two answers; behind the last the connection ends, or a handshake begins.
async fn speak(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), says: &[&str]) {
    for (number, words) in says.iter().enumerate() {
        if number > 0 {
            drop(stream.read(&mut [0; 512]).await);
        }
        drop(stream.write_all(words.as_bytes()).await);
        drop(stream.flush().await);
    }
}

const HELLO: &str = "220-mail.example\r\n220 ESMTP\r\n";
const BYE: &str = "221 Bye\r\n";

async fn tried(scheme: &str, server: SocketAddr) -> Endpoint {
    let url = format!("{scheme}://localhost:{}", server.port());
    let settings = quick(Connectivity { resolvers: Vec::new(), endpoints: vec![url], ..Connectivity::default() });
    match &seen(Services::new(&settings)).await[..] {
        [Observation::Endpoint(endpoint)] => endpoint.clone(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn mail_servers_are_greeted_and_show_their_certificate_where_they_have_one() {
    let offers: &[&str] = &[HELLO, "250-mail.example\r\n250-STARTTLS\r\n250 SIZE 1000\r\n", "220 Go\r\n", "TLS"];
    let imap: &[&str] = &["* OK ready\r\n", "* OK wait\r\na OK begin\r\n", "TLS"];
    for (scheme, says) in
        [("smtp", offers), ("imap", imap), ("smtps", &["TLS", HELLO, BYE]), ("imaps", &["TLS", "* OK ready\r\n"])]
    {
        let endpoint = tried(scheme, mail_server(says).await).await;
        assert_eq!((endpoint.works(), endpoint.status, &endpoint.error), (true, None, &None), "{scheme}");
        let certificate = endpoint.certificate.expect(scheme);
        assert_eq!((certificate.verdict, certificate.chain_ends), (Some(Verdict::Sound), None), "{scheme}");
    }
    for (scheme, says) in [
        ("smtp", &[HELLO, "250 mail.example\r\n", BYE] as &[&str]),
        ("imap", &["* PREAUTH welcome\r\n", "a BAD no such command\r\n", "* BYE\r\nz OK\r\n"]),
        ("tcp", &[HELLO]),
    ] {
        let endpoint = tried(scheme, mail_server(says).await).await;
        assert_eq!((endpoint.works(), endpoint.error, endpoint.certificate), (true, None, None), "{scheme}");
    }
}

#[tokio::test]
async fn a_mail_server_that_takes_no_mail_or_does_not_stop_talking_does_not_work() {
    const MUCH: &str = "220-Welcome to the mail server that greets at great length. It goes on and on like this.\r\n";
    let much: &'static str = MUCH.repeat(200).leak();
    for (scheme, says, why) in [
        ("smtp", vec!["554 No service\r\n"], "554 No service"),
        ("smtp", vec![much], "longer than 8 KiB"),
        ("smtp", vec![], "ends the connection"),
        ("imap", vec!["* BYE too busy\r\n"], "* BYE too busy"),
        ("imaps", vec!["* OK not encrypted\r\n"], ""),
    ] {
        let endpoint = tried(scheme, mail_server(says.leak()).await).await;
        assert!(!endpoint.works() && endpoint.error.as_ref().unwrap().contains(why), "{scheme}: {endpoint:?}");
    }
}

/// An answer that a printer could have given.
fn printer_answer(uuid: &str) -> Vec<u8> {
    use ipp::prelude::{DelimiterTag, IppAttribute, IppRequestResponse, IppValue, IppVersion, StatusCode};
    let mut answer = IppRequestResponse::new_response(IppVersion::v1_1(), StatusCode::SuccessfulOk, 1).unwrap();
    let values = [("printer-state", IppValue::Enum(3)), ("printer-uuid", IppValue::new_uri(uuid).unwrap())];
    for (name, value) in values {
        let attribute = IppAttribute::with_name(name, value).unwrap();
        answer.attributes_mut().add(DelimiterTag::PrinterAttributes, attribute);
    }
    answer.to_bytes().to_vec()
}

#[tokio::test]
async fn a_printer_that_does_not_answer_costs_only_itself() {
    let good = Server::start(|_| Reply::Send(200, "", printer_answer("urn:uuid:12"))).await;
    let huge = Server::start(|_| Reply::Send(200, "", vec![0x44; 3 << 20])).await;
    let silent = Server::start(|_| Reply::Hang).await;
    let uri = |server: &Server| format!("ipp://{}/ipp/print", server.address);
    let settings: Config = toml::from_str("[printer]\ntimeout = \"1s\"\ncups = \"\"").unwrap();
    let uris = vec![uri(&huge), uri(&good), uri(&silent), uri(&good).replace("/print", "/again")];
    let seen = seen(PrinterProbe::new(&Printer { uris, ..settings.printer.clone() })).await;
    assert_eq!(seen.len(), 1, "the same printer by two addresses is one printer: {seen:?}");
    assert_eq!(seen[0].asset().unwrap().1, "12");

    let alone = PrinterProbe::new(&Printer { uris: vec![uri(&silent)], ..settings.printer.clone() });
    let outcome = look(Arc::new(alone), Clock::system()).await.outcome;
    let Outcome::Seen { observations } = outcome else { panic!("{outcome:?}") };
    assert!(matches!(&observations[..], [Observation::SilentPrinter(it)] if it.why.contains("in time")));
    let none = look(Arc::new(PrinterProbe::new(&settings.printer)), Clock::system()).await.outcome;
    assert!(matches!(none, Outcome::NoData { .. }));
}

#[cfg(unix)]
#[tokio::test]
async fn a_named_volume_is_measured_as_the_system_measures_it() {
    let settings: Config = toml::from_str("[disk_space]\ninclude = [\"/\", \"/dev/shm\"]").unwrap();
    let seen = seen(DiskSpace::new(&settings.disk_space)).await;
    let root = seen.iter().find_map(|seen| match seen {
        Observation::Volume(volume) if volume.mount == "/" => Some(volume),
        _ => None,
    });
    let (root, stat) = (root.unwrap(), rustix::fs::statvfs("/").unwrap());
    assert!(root.free_bytes <= root.total_bytes);
    assert!(root.total_bytes <= stat.f_blocks * stat.f_frsize, "the superuser's reserve is not space for files");
}

fn config(state: &Path) -> Config {
    let mut config: Config = toml::from_str(
        "report_every = \"200ms\"\n\
         [disk_space]\nevery = \"200ms\"\ninclude = [\"/\"]\n\
         [connectivity]\nenabled = false\n\
         [printer]\nenabled = false\n\
         [printer_discovery]\nenabled = false\n",
    )
    .unwrap();
    config.state = state.to_owned();
    config
}

#[tokio::test]
async fn a_running_agent_reports_what_it_sees_and_says_goodbye() {
    let collector = Collector::default();
    let (taking, (tell, told)) = (collector.clone(), mpsc::channel(100));
    let server = Server::start(move |request| {
        let ack = taking.reply(request);
        if taking.reports().len() >= 4 {
            drop(tell.try_send(Told::End(Goodbye::Stop)));
        }
        ack
    })
    .await;
    let state = tempfile::tempdir().unwrap();
    identity(&server.url()).save(state.path()).unwrap();
    let config = config(state.path());
    timeout(Duration::from_secs(60), run::run(&config, Clock::system(), told)).await.unwrap().unwrap();

    let reports = collector.reports();
    assert_eq!(seqs(&reports), (1..=reports.len() as u64).collect::<Vec<_>>());
    let runs: Vec<&str> = reports.iter().flat_map(|report| &report.runs).map(|run| run.probe.as_str()).collect();
    assert!(runs.contains(&"host") && runs.iter().filter(|probe| **probe == "disk_space").count() >= 2, "{runs:?}");
    assert_eq!(reports.last().unwrap().goodbye, Some(Goodbye::Stop));
    assert!(reports[..reports.len() - 1].iter().all(|report| report.goodbye.is_none()));
    assert_eq!(open(state.path()).waiting(), 0);
}

#[tokio::test]
async fn a_machine_that_goes_to_sleep_says_so_and_its_agent_goes_on_when_it_wakes() {
    let collector = Collector::default();
    let (taking, (tell, told)) = (collector.clone(), mpsc::channel(100));
    let (asleep, sent) = sync_channel(0);
    let mut asleep = Some(asleep);
    let server = Server::start(move |request| {
        let ack = taking.reply(request);
        let goodbyes: Vec<Option<Goodbye>> = taking.reports().iter().map(|report| report.goodbye).collect();
        match asleep.take() {
            Some(asleep) => tell.try_send(Told::Suspend(asleep)).unwrap(),
            None if goodbyes.last() == Some(&None) && goodbyes.contains(&Some(Goodbye::Suspend)) => {
                drop(tell.try_send(Told::End(Goodbye::Shutdown)));
            }
            None => {}
        }
        ack
    })
    .await;
    let state = tempfile::tempdir().unwrap();
    identity(&server.url()).save(state.path()).unwrap();
    let config = config(state.path());
    timeout(Duration::from_secs(60), run::run(&config, Clock::system(), told)).await.unwrap().unwrap();
    let goodbyes: Vec<Goodbye> = collector.reports().iter().filter_map(|report| report.goodbye).collect();
    assert_eq!(goodbyes, [Goodbye::Suspend, Goodbye::Shutdown]);
    assert_eq!(sent.try_recv(), Err(TryRecvError::Disconnected), "who told it waits no longer");
}

#[tokio::test]
async fn a_machine_that_is_not_enrolled_says_what_to_do() {
    let state = tempfile::tempdir().unwrap();
    let error = run::run(&config(state.path()), Clock::system(), mpsc::channel(1).1).await.unwrap_err();
    assert!(error.to_string().contains("beforehand-agent enrol"), "{error}");
}

#[tokio::test]
async fn a_plain_byte_stream_is_not_mistaken_for_a_collector() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 4096];
            drop(stream.read(&mut request).await);
            drop(stream.write_all(b"220 mail.example ESMTP\r\n").await);
        }
    });
    let state = tempfile::tempdir().unwrap();
    let error = enrol::enrol(&format!("http://{address}"), "token", None, state.path()).await.unwrap_err();
    assert!(matches!(error, EnrolError::Unreachable { .. }), "{error}");
}
