//! What other sites see: of lines of the same operator, and of services that give one site no answer.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_core::{
    analyze::Verdict,
    asset::AssetId,
    case::{Case, CaseId, CaseState, Reason},
    elsewhere::Asked,
    finding::{Evidence, Fact, FindingKind, Severity},
    place::Place,
    site::LineContract,
    unpack::FactUpdate,
};
use beforehand_shared::{
    asset::AssetKind,
    link::Endpoint,
    observation::Observation,
    time::{Millis, Timestamp},
};
use beforehand_store::{Digest, Store};

cases! {
    lines_of_the_same_operator_that_are_bad_are_told_by_their_instants_alone,
    lines_that_are_not_their_operators_fault_are_not_told,
    a_service_that_gives_no_answer_is_compared_with_what_other_sites_get,
}

async fn lines_of_the_same_operator_that_are_bad_are_told_by_their_instants_alone(db: Db) {
    let later = |minutes| START.plus(Millis::minutes(minutes));
    let mut offices = Vec::new();
    for (number, operator) in [(1, "Example Net"), (2, " example NET"), (3, "Another"), (4, "Example Net")] {
        let office = Office::settle(number, &db.store).await;
        let line = LineContract { operator: operator.into(), ..LineContract::default() };
        db.store.set_line_contract(office.client.id, office.site.id, &line).await.unwrap();
        offices.push(office);
    }
    for (office, minute) in offices[..3].iter().zip(0..) {
        bad_line(office, &db.store, later(minute), |_| ()).await;
    }
    let mut told = Vec::new();
    for office in &offices {
        told.push(db.store.load_input(office.client.id, office.site.id, later(9)).await.unwrap().elsewhere.lines);
    }
    assert_eq!(told, [vec![later(1)], vec![later(0)], vec![], vec![later(0), later(1)]]);
}

async fn lines_that_are_not_their_operators_fault_are_not_told(db: Db) {
    let own = Place::OwnTraffic;
    let filled = Evidence { facts: vec![Fact { label: "Where".into(), value: own.name().into() }], chart: None };
    let suppressed = CaseState::Suppressed { because: Reason::Maintenance, parent: None };
    let asks = Office::settle(1, &db.store).await;
    run_by(&asks, &db.store).await;
    for number in 2..7 {
        let office = Office::settle(number, &db.store).await;
        run_by(&office, &db.store).await;
        bad_line(&office, &db.store, START, |case| match number {
            2 => case.severity = Severity::Watch,
            3 => case.state = suppressed.clone(),
            4 => case.latest.evidence = filled.clone(),
            5 => case.opened_at = START.plus(Millis::MINUTE),
            // All of it fell silent.
            _ => {
                (case.asset, case.kind) = (AssetId::premises(office.site.id), FindingKind::HostSilent);
                case.opened_at = START.plus(Millis::minutes(2));
            }
        })
        .await;
    }
    let mut real = Office::new(7);
    real.client.simulated = false;
    db.store.insert_client(&real.client).await.unwrap();
    db.store.insert_site(&real.site).await.unwrap();
    run_by(&real, &db.store).await;
    bad_line(&real, &db.store, START, |_| ()).await;
    let mut told = Vec::new();
    for office in [&asks, &real] {
        let input = db.store.load_input(office.client.id, office.site.id, START.plus(Millis::HOUR)).await.unwrap();
        told.push(input.elsewhere.lines);
    }
    assert_eq!(told, [vec![START.plus(Millis::MINUTE), START.plus(Millis::minutes(2))], vec![]]);
}

async fn run_by(office: &Office, store: &Store) {
    let line = LineContract { operator: "Example Net".into(), ..LineContract::default() };
    store.set_line_contract(office.client.id, office.site.id, &line).await.unwrap();
}

/// The line of the office is bad, with what is special about its case.
async fn bad_line(office: &Office, store: &Store, at: Timestamp, special: impl FnOnce(&mut Case)) {
    let mut opening = office.opening(at);
    let case = &mut opening.case;
    (case.asset, case.kind) = (AssetId::line(office.site.id), FindingKind::LinkFault);
    special(case);
    case.id = CaseId::new(office.client.id, &case.asset, FindingKind::LinkFault, case.opened_at);
    let verdict = Verdict { changes: vec![opening], ..Verdict::default() };
    store.apply(&office.site, &verdict, at).await.unwrap();
}

const MAIL: &str = "https://mail.example.net/";

/// The machine of the office asked it so many minutes after the start.
async fn asked(office: &Office, store: &Store, (url, minute, status): (&str, i64, u16)) {
    let endpoint = Endpoint { url: url.into(), status: Some(status), took_us: 9_000, error: None, certificate: None };
    let asset = AssetId::new(AssetKind::Endpoint, office.host, url);
    let (at, observation) = (START.plus(Millis::minutes(minute)), Observation::Endpoint(endpoint));
    let facts = vec![FactUpdate { asset, host: office.host, at, name: url.into(), observation }];
    store.digest(&Digest { facts, ..office.digest() }).await.unwrap();
}

async fn a_service_that_gives_no_answer_is_compared_with_what_other_sites_get(db: Db) {
    let mut offices = Vec::new();
    for number in 1..6 {
        offices.push(Office::settle(number, &db.store).await);
    }
    let nas = "http://192.168.1.20/";
    for (office, told) in offices.iter().zip([(MAIL, 40, 503), (MAIL, 39, 200), (MAIL, 38, 503), (MAIL, 2, 200)]) {
        asked(office, &db.store, told).await;
        asked(office, &db.store, (nas, 40, if told.1 == 40 { 503 } else { 200 })).await;
    }
    let input = async |office: &Office| {
        db.store.load_input(office.client.id, office.site.id, START.plus(Millis::minutes(41))).await.unwrap()
    };
    let mut told = input(&offices[0]).await.elsewhere.services;
    let mut others = told.remove(MAIL).unwrap();
    others.sort();
    let at = |minute, answered| Asked { at: START.plus(Millis::minutes(minute)), answered };
    assert_eq!(others, [at(38, false), at(39, true)], "what was asked long ago says nothing");
    assert!(told.is_empty(), "a private address is another machine in each office");
    assert!(input(&offices[1]).await.elsewhere.services.is_empty(), "it has its answer");
}
