//! What changed in a machine's connection between two reports: seldom a fault by itself, often the reason of one.

use super::line_of;
use beforehand_shared::{ids::HostId, interface::Interface, observation::Observation, time::Timestamp};
use std::{collections::BTreeMap, net::IpAddr};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// By which interface it is on the network.
    Interface,
    /// Its own address, as DHCP gives it (RFC 2131).
    Address,
    Gateway,
    /// From where its reports come: the address of the line.
    PublicAddress,
    Speed,
    Duplex,
    AccessPoint,
    Mtu,
}

impl What {
    pub const ALL: [Self; 8] = [
        Self::Interface,
        Self::Address,
        Self::Gateway,
        Self::PublicAddress,
        Self::Speed,
        Self::Duplex,
        Self::AccessPoint,
        Self::Mtu,
    ];

    /// As it is kept.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Interface => "interface",
            Self::Address => "address",
            Self::Gateway => "gateway",
            Self::PublicAddress => "public_address",
            Self::Speed => "speed",
            Self::Duplex => "duplex",
            Self::AccessPoint => "access_point",
            Self::Mtu => "mtu",
        }
    }

    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|what| what.word() == word)
    }

    /// For people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Interface => "Interface",
            Self::Address => "Own address",
            Self::Gateway => "Gateway",
            Self::PublicAddress => "Public address",
            Self::Speed => "Speed of the cable",
            Self::Duplex => "Sides may speak",
            Self::AccessPoint => "Access point",
            Self::Mtu => "Largest packet in one piece",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub host: HostId,
    pub at: Timestamp,
    pub what: What,
    pub before: String,
    pub after: String,
}

/// What was known of the machines' connections.
#[derive(Debug, Clone, Default)]
pub struct Known(BTreeMap<HostId, Connection>);

#[derive(Debug, Clone, Default)]
struct Connection {
    interface: Option<(Timestamp, Interface)>,
    mtu: Option<(Timestamp, u16)>,
    line: Option<IpAddr>,
}

impl Known {
    /// From where the reports of a machine came.
    pub fn came_from(&mut self, host: HostId, peer: IpAddr) {
        self.0.entry(host).or_default().line = line_of(peer);
    }

    /// Takes in what a report says of its connection, the oldest report first, and tells what differs.
    pub fn learn(&mut self, host: HostId, at: Timestamp, seen: &Observation) -> Vec<Change> {
        let known = self.0.entry(host).or_default();
        let pairs = match seen {
            Observation::Interface(after) if known.interface.as_ref().is_none_or(|(before, _)| *before < at) => {
                known.interface.replace((at, after.clone())).map(|(_, before)| of_interface(&before, after))
            }
            Observation::Route(route) if known.mtu.is_none_or(|(before, _)| before < at) => {
                route.mtu.and_then(|after| {
                    let before = known.mtu.replace((at, after)).map(|(_, before)| before);
                    before.map(|before| vec![(What::Mtu, bytes(before), bytes(after))])
                })
            }
            _ => None,
        };
        changes(host, at, pairs.unwrap_or_default())
    }

    /// Takes in from where a report came; an address of a local network says nothing of the line.
    pub fn arrived(&mut self, host: HostId, at: Timestamp, peer: IpAddr) -> Vec<Change> {
        let Some(line) = line_of(peer) else { return Vec::new() };
        let before = self.0.entry(host).or_default().line.replace(line);
        // Who changes between IPv4 and IPv6 has not changed the line.
        let before = before.filter(|before| before.is_ipv4() == line.is_ipv4());
        let pair = before.map(|before| (What::PublicAddress, before.to_string(), line.to_string()));
        changes(host, at, pair.into_iter().collect())
    }
}

type Pair = (What, String, String);

fn changes(host: HostId, at: Timestamp, pairs: Vec<Pair>) -> Vec<Change> {
    let differ = pairs.into_iter().filter(|(_, before, after)| before != after);
    differ.map(|(what, before, after)| Change { host, at, what, before, after }).collect()
}

/// Speeds of Ethernet in Mbit/s (IEEE 802.3).
const CABLE: [u32; 8] = [10, 100, 1_000, 2_500, 5_000, 10_000, 25_000, 40_000];

fn of_interface(before: &Interface, after: &Interface) -> Vec<Pair> {
    if before.name != after.name {
        return vec![(What::Interface, before.name.clone(), after.name.clone())];
    }
    fn pair<T>(what: What, both: (Option<T>, Option<T>), words: impl Fn(T) -> String) -> Option<Pair> {
        both.0.zip(both.1).map(|(before, after)| (what, words(before), words(after)))
    }
    // A radio's speed changes all the time, and some systems do not say that it is one.
    let wired = before.signal_dbm.is_none() && after.signal_dbm.is_none();
    let speed = |it: &Interface| it.speed_mbit.filter(|mbit| wired && CABLE.contains(mbit));
    let duplex = |full: bool| if full { "both at once" } else { "one at a time" }.to_owned();
    [
        pair(What::Address, (before.address, after.address), |it| it.to_string()),
        pair(What::Gateway, (before.gateway, after.gateway), |it| it.to_string()),
        pair(What::Speed, (speed(before), speed(after)), |mbit| format!("{mbit} Mbit/s")),
        pair(What::Duplex, (before.full_duplex, after.full_duplex), duplex),
        pair(What::AccessPoint, (before.access_point.clone(), after.access_point.clone()), |it| it),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn bytes(mtu: u16) -> String {
    format!("{mtu} bytes")
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::{
        interface::InterfaceState,
        route::{Occasion, Route},
    };
    use uuid::Uuid;

    const HOST: HostId = HostId(Uuid::nil());

    fn cable() -> Interface {
        Interface {
            name: "eth0".to_owned(),
            state: InterfaceState::Up,
            speed_mbit: Some(1_000),
            full_duplex: Some(true),
            address: Some([192, 168, 1, 20].into()),
            gateway: Some([192, 168, 1, 1].into()),
            access_point: None,
            signal_dbm: None,
            traffic: None,
            gateway_known: None,
        }
    }

    fn told(seen: &[Interface]) -> Vec<String> {
        let mut known = Known::default();
        let one = |(minute, it): (usize, &Interface)| {
            known.learn(HOST, Timestamp(minute as i64 * 60_000), &Observation::Interface(it.clone()))
        };
        let changes = seen.iter().enumerate().flat_map(one);
        changes.map(|it| format!("{}: {} > {}", it.what.word(), it.before, it.after)).collect()
    }

    #[test]
    fn an_address_a_gateway_and_a_cable_that_became_slow_are_told_once() {
        let moved = Interface { address: Some([192, 168, 1, 31].into()), ..cable() };
        let slow = Interface { speed_mbit: Some(100), full_duplex: Some(false), ..moved.clone() };
        assert_eq!(
            told(&[cable(), cable(), moved, slow.clone(), slow]),
            [
                "address: 192.168.1.20 > 192.168.1.31",
                "speed: 1000 Mbit/s > 100 Mbit/s",
                "duplex: both at once > one at a time"
            ]
        );
    }

    #[test]
    fn a_radio_roams_and_its_speed_is_no_news() {
        let radio = |access_point: &str, speed| Interface {
            access_point: Some(access_point.to_owned()),
            speed_mbit: Some(speed),
            signal_dbm: Some(-60),
            ..cable()
        };
        assert_eq!(
            told(&[radio("02:00:00:00:00:01", 300), radio("02:00:00:00:00:01", 54), radio("02:00:00:00:00:02", 54)]),
            ["access_point: 02:00:00:00:00:01 > 02:00:00:00:00:02"]
        );
    }

    #[test]
    fn from_the_cable_to_the_radio_is_one_change() {
        let radio = Interface { name: "wlan0".to_owned(), address: Some([10, 0, 0, 7].into()), ..cable() };
        assert_eq!(told(&[cable(), radio]), ["interface: eth0 > wlan0"]);
    }

    #[test]
    fn what_arrives_late_or_is_not_told_changes_nothing() {
        let mut known = Known::default();
        let at = |minute: i64| Timestamp(minute * 60_000);
        let seen = |it: Interface| Observation::Interface(it);
        assert!(known.learn(HOST, at(9), &seen(cable())).is_empty());
        assert!(known.learn(HOST, at(5), &seen(Interface { speed_mbit: Some(10), ..cable() })).is_empty());
        assert!(known.learn(HOST, at(10), &seen(Interface { speed_mbit: None, address: None, ..cable() })).is_empty());
    }

    #[test]
    fn the_address_of_the_line_and_the_largest_packet_are_told() {
        let mut known = Known::default();
        let (at, ip) = (Timestamp(0), |address: &str| address.parse::<IpAddr>().unwrap());
        assert!(known.arrived(HOST, at, ip("203.0.113.7")).is_empty());
        assert!(known.arrived(HOST, at, ip("192.168.1.20")).is_empty(), "the collector stands in the office");
        assert!(known.arrived(HOST, at, ip("2001:db8:1:2::9")).is_empty(), "the same line by IPv6");
        assert!(known.arrived(HOST, at, ip("2001:db8:1:2::77")).is_empty(), "another address of its own");
        assert!(known.arrived(HOST, at, ip("203.0.113.7")).is_empty());
        let moved = known.arrived(HOST, at, ip("203.0.113.99"));
        assert_eq!(
            (moved[0].what, &*moved[0].before, &*moved[0].after),
            (What::PublicAddress, "203.0.113.7", "203.0.113.99")
        );
        let route = |mtu| {
            let target = "203.0.113.1".to_owned();
            Observation::Route(Route { occasion: Occasion::Usual, target, hops: Vec::new(), reached: true, mtu })
        };
        assert!(known.learn(HOST, Timestamp(1), &route(Some(1_500))).is_empty());
        assert!(known.learn(HOST, Timestamp(2), &route(None)).is_empty());
        assert_eq!(known.learn(HOST, Timestamp(3), &route(Some(1_492)))[0].after, "1492 bytes");
    }

    #[test]
    fn every_kind_of_change_is_read_back() {
        for what in What::ALL {
            assert_eq!(What::of_word(what.word()), Some(what));
        }
    }
}
