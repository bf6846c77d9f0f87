//! The page of a site says what a technician asks first, and its evidence is a PDF.

use super::{
    get, post,
    world::{NOW, World},
};
use axum::{
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
};
use beforehand_core::{
    analyze::Verdict,
    asset::AssetId,
    case::{Case, CaseChange, CaseEvent, CaseId, CaseState, Reason, TicketAction},
    finding::FindingKind,
    network::change::{Change, What},
    series::{Metric, Sample},
    site::{LineContract, Site},
    unpack::FactUpdate,
};
use beforehand_shared::{
    asset::AssetKind,
    ids::{HostId, SiteId},
    link::{Certificate, Endpoint, Link, LinkRole, Resolver},
    observation::Observation,
    route::{Occasion, Route},
    time::{Millis, Timestamp},
};
use beforehand_store::{Digest, HostUpdate};
use std::collections::BTreeMap;
use tower::ServiceExt;
use uuid::Uuid;

const HOSTILE: &str = "<script>alert(1)</script>";
/// The line was out from 05:20 to 06:00 UTC, which is 06:20 to 07:00 at the client.
const OUT: (i64, i64) = (220, 180);

/// Minutes ago in which the line was full.
const FULL: std::ops::Range<i64> = 100..110;

const SITE: SiteId = SiteId(Uuid::from_u128(2));

fn href(world: &World) -> String {
    format!("/clients/{}/sites/{SITE}", world.client)
}

fn ago(minutes: i64) -> Timestamp {
    NOW.minus(Millis::minutes(minutes))
}

/// A minute a round for a day.
fn rounds(value: impl Fn(i64) -> Option<f64>) -> Vec<Sample> {
    let minutes = (1..1440).rev();
    minutes.filter_map(|minute| Some(Sample { at: ago(minute), value: value(minute)? })).collect()
}

fn is_out(minute: i64) -> bool {
    (OUT.1 + 1..=OUT.0).contains(&minute)
}

/// What is seen of one asset, and measured of it.
type Seen = (AssetKind, String, Observation, Vec<(Metric, Vec<Sample>)>);

fn link(target: &str, role: LinkRole) -> Seen {
    let lost = |minute: i64| role == LinkRole::Anchor && is_out(minute);
    let waits = |minute: i64| role == LinkRole::Anchor && FULL.contains(&minute);
    let facts =
        Link { target: target.to_owned(), role, sent: 5, lost: 0, median_us: Some(9_100), jitter_us: Some(400) };
    let measured = vec![
        (Metric::LossPct, rounds(|minute| Some(if lost(minute) { 100.0 } else { 0.0 }))),
        (Metric::RttMs, rounds(|minute| (!lost(minute)).then_some(9.0 + if waits(minute) { 60.0 } else { 0.0 }))),
    ];
    (AssetKind::Link, target.to_owned(), Observation::Link(facts), measured)
}

fn services() -> [Seen; 2] {
    let certificate = Certificate {
        subject: HOSTILE.to_owned(),
        issuer: HOSTILE.to_owned(),
        not_before: ago(60),
        not_after: NOW.plus(Millis::days(40)),
        chain_ends: None,
        verdict: None,
    };
    let (url, server) = (format!("https://mail.example/{HOSTILE}"), "192.0.2.53".to_owned());
    let endpoint =
        Endpoint { url: url.clone(), status: Some(200), took_us: 84_000, error: None, certificate: Some(certificate) };
    let resolver = Resolver {
        server: server.clone(),
        question: "example.net".to_owned(),
        took_us: 1,
        error: Some(HOSTILE.to_owned()),
    };
    let failed = vec![(Metric::Failed, rounds(|minute| Some(f64::from(u8::from(is_out(minute))))))];
    [
        (AssetKind::Endpoint, url, Observation::Endpoint(endpoint), failed.clone()),
        (AssetKind::Resolver, server, Observation::Resolver(resolver), failed),
    ]
}

fn route() -> Seen {
    let hops = vec![Some([192, 0, 2, 1].into()), None];
    let facts = Route { occasion: Occasion::Fault, target: HOSTILE.to_owned(), hops, reached: false, mtu: Some(1_492) };
    (AssetKind::Route, "fault".to_owned(), Observation::Route(facts), Vec::new())
}

/// What the machine fetches: most while the line is full.
fn interface() -> Seen {
    let facts = serde_json::from_str(r#"{"name": "eth0", "state": "up"}"#).unwrap();
    let fetched = rounds(|minute| Some(if FULL.contains(&minute) { 46_000.0 } else { 300.0 }));
    let measured = vec![(Metric::ReceivedKbit, fetched), (Metric::SentKbit, rounds(|_| Some(200.0)))];
    (AssetKind::Interface, "eth0".to_owned(), Observation::Interface(facts), measured)
}

async fn connect(world: &World) {
    let anchors = ["198.51.100.1", "203.0.113.1", HOSTILE].map(|target| link(target, LinkRole::Anchor));
    let seen = anchors.into_iter().chain([link("192.0.2.1", LinkRole::Gateway)]).chain(services()).chain([route()]);
    measure(world, seen.collect(), changes(world)).await;
}

async fn measure(world: &World, seen: Vec<Seen>, changes: Vec<Change>) {
    let (mut facts, mut samples) = (Vec::new(), Vec::new());
    for (kind, key, observation, measured) in seen {
        let asset = AssetId::new(kind, world.host, &key);
        facts.push(FactUpdate { asset: asset.clone(), host: world.host, at: ago(1), name: key, observation });
        samples.extend(measured.into_iter().map(|(metric, samples)| (asset.clone(), metric, samples)));
    }
    let here = HostUpdate {
        host: world.host,
        received_at: ago(1),
        peer: None,
        goodbye: None,
        about: None,
        probes: BTreeMap::new(),
    };
    let digest = Digest {
        client: world.client,
        site: SITE,
        frames: Vec::new(),
        host_updates: vec![here],
        samples,
        facts,
        gaps: Vec::new(),
        found: Vec::new(),
        changes,
    };
    world.app.store.digest(&digest).await.unwrap();
}

/// Two machines noticed the line's new address; one has another of its own, four times.
fn changes(world: &World) -> Vec<Change> {
    let change = |(host, minute): (HostId, i64), what, before: &str, after: &str| Change {
        host,
        at: ago(minute),
        what,
        before: before.to_owned(),
        after: after.to_owned(),
    };
    let line = |host, minute| change((host, minute), What::PublicAddress, "203.0.113.7", "203.0.113.99");
    let own = |minute| change((world.host, minute), What::Address, "192.168.1.20", HOSTILE);
    vec![line(world.host, 400), line(HostId(Uuid::from_u128(77)), 401), own(70), own(69), own(68), own(67)]
}

/// A case about the line that was open for a while, with its ticket.
async fn told(world: &World) -> i64 {
    let site = Site { client: world.client, id: SITE, name: "Head office".to_owned() };
    let (asset, kind) = (AssetId::line(SITE), FindingKind::LinkFault);
    let mut case = Case {
        id: CaseId::new(world.client, &asset, kind, ago(OUT.0 - 3)),
        asset,
        kind,
        opened_at: ago(OUT.0 - 3),
        state: CaseState::Closed { at: ago(OUT.1 - 10), because: Reason::Healthy },
        ..world.case(&site, HOSTILE)
    };
    case.latest.evidence.chart = None;
    let event = CaseEvent { at: case.opened_at, reason: Reason::Found, sentence: HOSTILE.to_owned() };
    let changes = vec![CaseChange { case: case.clone(), event, ticket: TicketAction::Open }];
    world.app.store.apply(&site, &Verdict { changes, ..Verdict::default() }, NOW).await.unwrap();
    world.app.store.ticket_of_case(world.client, &case.id).await.unwrap().unwrap().ticket.number
}

fn holds(page: &str, all: &[&str]) {
    for words in all {
        assert!(page.contains(words), "{words:?} is not in {page}");
    }
}

async fn page(world: &World, address: &str) -> String {
    let (status, body) = get(world, &world.owner, address).await;
    assert_eq!(status, StatusCode::OK, "{address}: {body}");
    assert!(!body.contains("<script>") && !body.contains(" style="), "{address}: {body}");
    body
}

/// The first address in the page that leads to evidence, as a browser would read it.
fn sheet(page: &str) -> String {
    let from = page.split("href=\"").find(|rest| rest.split('"').next().is_some_and(|it| it.contains("/evidence?")));
    from.unwrap().split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&")
}

async fn pdf(world: &World, address: &str) -> Vec<u8> {
    let request = Request::get(address).header(header::COOKIE, &world.viewer).body(Body::empty()).unwrap();
    let response = crate::web::router(&world.app).oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::OK, "{address}");
    assert_eq!(response.headers()[header::CONTENT_TYPE], "application/pdf");
    to_bytes(response.into_body(), 8 << 20).await.unwrap().to_vec()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_way_its_outage_and_its_services_stand_on_the_page_of_the_site() {
    let world = World::new(HOSTILE).await;
    connect(&world).await;
    let page = page(&world, &href(&world)).await;
    holds(&page, &["This office", "Gateway", "Line", "Internet", "Services", "The same as a table"]);
    holds(&page, &["Nothing behind the router answered; the router did.", "40 minutes", "today 06:20"]);
    holds(&page, &["the agents kept what they measured and told it afterwards", "Out 06:00 to 07:00"]);
    holds(&page, &["9.1 ms, usually 9 ms", "very good", "not measured; the rest sound.", "no throughput measured yet"]);
    holds(&page, &["84 ms", "in 40 days", "no answer", "name server", "1 on, 0 off, none silent"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_changed_and_how_the_way_was_traced_stand_on_the_page_of_the_site() {
    let world = World::new(HOSTILE).await;
    connect(&world).await;
    let page = page(&world, &href(&world)).await;
    holds(&page, &["Changes of 30 days", "Own address", "4 times within the hour", "203.0.113.99"]);
    assert_eq!(page.matches("203.0.113.99").count(), 1, "what two machines noticed is one change");
    holds(&page, &["Router by router", "192.0.2.1 › no answer › nobody", "1492 bytes", "in the latest fault"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_evidence_of_an_outage_is_a_pdf_from_its_row_and_from_its_ticket() {
    let world = World::new(HOSTILE).await;
    connect(&world).await;
    let row = sheet(&page(&world, &href(&world)).await);
    let first = pdf(&world, &row).await;
    assert!(first.starts_with(b"%PDF-1.") && first.len() > 10_000, "{} bytes", first.len());
    let number = told(&world).await;
    let ticket = page(&world, &format!("/tickets/{}/{number}", world.client)).await;
    let of_ticket = pdf(&world, &sheet(&ticket)).await;
    assert!(of_ticket.starts_with(b"%PDF-1."));
    let told = page(&world, &href(&world)).await;
    holds(&told, &[&format!("/tickets/{}/{number}\">Ticket {number}", world.client)]);
    for wrong in ["?from=x", "?from=1&to=2", "", "?case=nothing", "?from=9999999999999999&to=1"] {
        let (status, body) = get(&world, &world.owner, &format!("{}/evidence{wrong}", href(&world))).await;
        assert!(status.is_client_error(), "{wrong}: {status} {body}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_agreed_about_the_line_is_entered_and_shown() {
    let world = World::new("Harbour").await;
    let line = format!("{}/line", href(&world));
    let form = "down=100&up=2,4&operator=Example+Net&reference=4711";
    let (status, _) = post(&world, &world.viewer, &line, form).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let (status, body) = post(&world, &world.owner, &line, "down=fast&up=").await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&body, &["Enter a number from 0.064 to"]);
    let (status, _) = post(&world, &world.owner, &line, form).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    let kept = world.app.store.line_contract(world.client, SITE).await.unwrap();
    let agreed = LineContract {
        operator: "Example Net".to_owned(),
        reference: "4711".to_owned(),
        down_kbps: Some(100_000),
        up_kbps: Some(2_400),
    };
    assert_eq!(kept, agreed);
    let page = page(&world, &href(&world)).await;
    holds(&page, &["100 down and 2.4 up Mbit/s", "Example Net", "4711", "no throughput measured yet"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_line_carried_while_it_was_full_is_held_against_the_contract() {
    let world = World::new("Harbour").await;
    connect(&world).await;
    measure(&world, vec![interface()], Vec::new()).await;
    let bare = page(&world, &href(&world)).await;
    holds(&bare, &["at least 46 Mbit/s down", "no contract entered", "Enter the contract"]);
    post(&world, &world.owner, &format!("{}/line", href(&world)), "down=100&up=").await;
    let agreed = page(&world, &href(&world)).await;
    holds(&agreed, &["at least 46 of 100 Mbit/s down", "what the machines carried while the line was full"]);
    assert!(!agreed.contains("Enter the contract"), "{agreed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_site_that_nobody_measures_says_so_and_is_not_called_sound() {
    let world = World::new("Harbour").await;
    let page = page(&world, &href(&world)).await;
    holds(&page, &["Nobody measures the connection now.", "not measured", "None was measured.", "no contract entered"]);
    holds(&page, &["not known yet", "known once the office itself fills the line"]);
    assert!(!page.contains(">sound<") && !page.contains("100 % up"), "{page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_site_is_one_step_from_its_client_and_its_machine() {
    let world = World::new("Harbour").await;
    let site = format!("href=\"{}\"", href(&world));
    for address in [format!("/clients/{}", world.client), format!("/hosts/{}/{}", world.client, world.host)] {
        holds(&page(&world, &address).await, &[&site]);
    }
}
