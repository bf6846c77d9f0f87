//! How machines are on the network: what changed is kept an hour at a time, and each is handed its share of the work.

use crate::{
    support::{Db, cases},
    world::{Office, START},
};
use beforehand_core::{
    asset::AssetId,
    network::change::{Change, What},
    unpack::FactUpdate,
};
use beforehand_shared::{
    asset::AssetKind,
    interface::{Interface, InterfaceState},
    observation::Observation,
    settings::HandedNetwork,
    time::{Millis, Timestamp},
};
use beforehand_store::{Digest, HostUpdate, Store};
use std::{collections::BTreeMap, net::IpAddr};

cases! {
    a_change_is_told_against_what_the_store_knew,
    changes_of_one_kind_in_an_hour_are_one_row,
    a_share_is_handed_once_and_read_with_what_the_machine_is_asked,
}

const PEER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));

fn interface(address: [u8; 4]) -> Observation {
    Observation::Interface(Interface {
        name: "eth0".into(),
        state: InterfaceState::Up,
        speed_mbit: Some(1_000),
        full_duplex: Some(true),
        address: Some(address.into()),
        gateway: Some([192, 168, 1, 1].into()),
        access_point: None,
        signal_dbm: None,
        traffic: None,
        gateway_known: None,
    })
}

fn changed(office: &Office, minute: i64, after: &str) -> Change {
    let at = START.plus(Millis::minutes(minute));
    Change { host: office.host, at, what: What::Address, before: "192.168.1.20".into(), after: after.into() }
}

/// Seen from a public address, and with another own address than before.
pub(crate) async fn fill(office: &Office, store: &Store) {
    let asset = AssetId::new(AssetKind::Interface, office.host, "eth0");
    let observation = interface([192, 168, 1, 20]);
    let digest = Digest {
        facts: vec![FactUpdate { asset, host: office.host, at: START, name: "eth0".into(), observation }],
        host_updates: vec![HostUpdate {
            host: office.host,
            received_at: START,
            peer: Some(PEER),
            goodbye: None,
            about: None,
            probes: BTreeMap::new(),
        }],
        changes: vec![changed(office, 0, "192.168.1.21")],
        ..office.digest()
    };
    store.digest(&digest).await.unwrap();
}

async fn a_change_is_told_against_what_the_store_knew(db: Db) {
    let office = Office::settle(1, &db.store).await;
    fill(&office, &db.store).await;
    let mut known = db.store.connections(office.client.id, &[office.host].into()).await.unwrap();
    let later = START.plus(Millis::HOUR);
    assert!(known.learn(office.host, later, &interface([192, 168, 1, 20])).is_empty());
    assert_eq!(known.learn(office.host, later.plus(Millis(1)), &interface([192, 168, 1, 31])).len(), 1);
    assert!(known.arrived(office.host, later, PEER).is_empty());
    assert_eq!(known.arrived(office.host, later, [203, 0, 113, 77].into()).len(), 1);
}

async fn changes_of_one_kind_in_an_hour_are_one_row(db: Db) {
    let office = Office::settle(1, &db.store).await;
    let put = async |changes: Vec<Change>| db.store.digest(&Digest { changes, ..office.digest() }).await.unwrap();
    put(vec![changed(&office, 1, "192.168.1.21"), changed(&office, 2, "192.168.1.22")]).await;
    put(vec![changed(&office, 30, "192.168.1.23")]).await;
    put(vec![changed(&office, 90, "192.168.1.24")]).await;
    let place = (office.client.id, office.site.id);
    let rows = db.store.network_changes(place, START, 9).await.unwrap();
    let told: Vec<_> = rows.iter().map(|row| (&*row.change.after, row.times)).collect();
    assert_eq!(told, [("192.168.1.24", 1), ("192.168.1.23", 3)]);
    assert_eq!(db.store.network_changes(place, START.plus(Millis::HOUR), 9).await.unwrap().len(), 1);
    assert_eq!(db.store.network_changes(place, Timestamp(0), 1).await.unwrap().len(), 1);
}

async fn a_share_is_handed_once_and_read_with_what_the_machine_is_asked(db: Db) {
    let office = Office::settle(1, &db.store).await;
    fill(&office, &db.store).await;
    let key = db.store.host_by_secret(&office.secret).await.unwrap().unwrap();
    let share = HandedNetwork { seldom: true, neighbours: vec![[192, 168, 1, 30].into()] };
    assert!(db.store.hand_network(office.client.id, office.host, &share).await.unwrap());
    assert!(!db.store.hand_network(office.client.id, office.host, &share).await.unwrap(), "the same again");
    let handout = db.store.handout(key.key).await.unwrap();
    assert_eq!((handout.revision, handout.network), (key.handed + 1, share.clone()));
    let offices = db.store.offices().await.unwrap();
    let (place, members) = offices.iter().find(|(place, _)| place.0 == office.client.id).unwrap();
    let member = &members[0];
    assert_eq!((*place, members.len(), member.peer), ((office.client.id, office.site.id), 1, Some(PEER)));
    assert_eq!((member.address, member.gateway), (None, None), "it is alone");
    assert_eq!(member.handed, share);
}
