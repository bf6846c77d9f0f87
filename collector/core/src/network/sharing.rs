//! Who of an office pings public addresses all the time, and whom each pings beside its gateway. Ten agents behind one
//! line need not send ten times as much as one.

use super::line_of;
use beforehand_shared::{
    ids::HostId,
    settings::{HandedNetwork, is_local},
    time::{Millis, Timestamp},
};
use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
    net::{IpAddr, Ipv4Addr},
};

/// So many see whether it is the line or one of them, and one may be missing.
pub const WATCHERS: usize = 3;
/// Neighbours of each.
const NEIGHBOURS: usize = 2;
/// An agent that has not reported for so long has gone. Longer than agents report seldom.
const GONE: Millis = Millis::minutes(16);

/// An agent, as far as it matters for who watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Member {
    pub host: HostId,
    pub last_report: Option<Timestamp>,
    /// It said goodbye.
    pub left: bool,
    /// Its machine runs day and night, as a person said.
    pub always_on: bool,
    /// Its own address in the office, the gateway there, and whether it gets there by radio.
    pub address: Option<Ipv4Addr>,
    pub gateway: Option<IpAddr>,
    pub is_wireless: bool,
    /// From where its reports come.
    pub peer: Option<IpAddr>,
    /// What it was handed last.
    pub handed: HandedNetwork,
}

/// Machines behind the same line in the same network. A laptop at home has another gateway or comes from elsewhere.
type Place = (Option<IpAddr>, IpAddr, [u8; 3]);

impl Member {
    fn is_there(&self, now: Timestamp) -> bool {
        !self.left && self.last_report.is_some_and(|at| now.since(at) <= GONE)
    }

    fn place(&self) -> Option<Place> {
        let [a, b, c, _] = self.address?.octets();
        Some((self.peer.and_then(line_of), self.gateway?, [a, b, c]))
    }
}

/// What each member of a site is to be handed from now on. Of one that is not there nothing changes: it does what it did
/// when it comes back, until its next turn.
pub fn share(members: &[Member], now: Timestamp) -> BTreeMap<HostId, HandedNetwork> {
    let mut places: BTreeMap<Place, Vec<&Member>> = BTreeMap::new();
    let mut shares = BTreeMap::new();
    for member in members.iter().filter(|member| member.is_there(now)) {
        match member.place() {
            Some(place) => places.entry(place).or_default().push(member),
            None => drop(shares.insert(member.host, HandedNetwork::default())),
        }
    }
    for mut together in places.into_values() {
        let watchers = watchers(&together);
        together.sort_by_key(|member| (Reverse(member.always_on), member.is_wireless, member.host));
        for member in &together {
            let others = together.iter().filter(|other| other.host != member.host);
            // Agents take no others, and then nothing of what they are handed.
            let near = others.filter_map(|other| other.address).map(IpAddr::V4).filter(|address| is_local(*address));
            let neighbours = near.take(NEIGHBOURS).collect();
            shares.insert(member.host, HandedNetwork { seldom: !watchers.contains(&member.host), neighbours });
        }
    }
    shares
}

/// Those who watch go on; a new one is best a machine that runs day and night and hangs on a cable.
fn watchers(together: &[&Member]) -> BTreeSet<HostId> {
    let mut by_worth = together.to_vec();
    // One that was never handed anything has no neighbours either.
    let is_new = |member: &Member| member.handed.seldom || member.handed.neighbours.is_empty();
    by_worth.sort_by_key(|member| (is_new(member), Reverse(member.always_on), member.is_wireless, member.host));
    by_worth.iter().take(WATCHERS).map(|member| member.host).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    const NOW: Timestamp = Timestamp(1_790_000_000_000);

    fn host(number: u8) -> HostId {
        HostId(Uuid::from_u128(number.into()))
    }

    fn member(number: u8) -> Member {
        Member {
            host: host(number),
            last_report: Some(NOW.minus(Millis::MINUTE)),
            left: false,
            always_on: false,
            address: Some([192, 168, 1, number].into()),
            gateway: Some([192, 168, 1, 254].into()),
            is_wireless: false,
            peer: Some([203, 0, 113, 9].into()),
            handed: HandedNetwork::default(),
        }
    }

    fn watching(members: &[Member]) -> Vec<u8> {
        let shares = share(members, NOW);
        let watching = members.iter().filter(|member| shares.get(&member.host).is_some_and(|share| !share.seldom));
        watching.map(|member| member.address.unwrap().octets()[3]).collect()
    }

    /// All do what they are handed.
    fn settled(members: &mut [Member]) {
        let shares = share(members, NOW);
        for member in members {
            member.handed = shares.get(&member.host).cloned().unwrap_or_default();
        }
    }

    #[test]
    fn three_of_an_office_watch_the_line_all_the_time_servers_on_cables_first() {
        let mut office: Vec<Member> = (1..=10).map(member).collect();
        office[6].always_on = true;
        office[0].is_wireless = true;
        assert_eq!(watching(&office), [2, 3, 7]);
        assert_eq!(watching(&office[..3]), [1, 2, 3], "of three all do");
    }

    #[test]
    fn who_watches_goes_on_until_it_leaves_and_then_another_does() {
        let mut office: Vec<Member> = (2..=10).map(member).collect();
        settled(&mut office);
        office.push(Member { always_on: true, ..member(1) });
        assert_eq!(watching(&office), [2, 3, 4], "a better one does not take its place");
        office[0].left = true;
        assert_eq!(watching(&office), [3, 4, 1]);
        office[0] = Member { last_report: Some(NOW.minus(Millis::minutes(17))), ..member(2) };
        assert_eq!(watching(&office), [3, 4, 1], "silence is leaving, too");
    }

    #[test]
    fn a_laptop_at_home_and_one_that_nothing_is_known_of_watch_for_themselves() {
        let mut office: Vec<Member> = (1..=6).map(member).collect();
        office[4].peer = Some([198, 51, 100, 7].into());
        office[5].gateway = None;
        assert_eq!(watching(&office)[3..], [5, 6]);
        let shares = share(&office, NOW);
        assert!(shares[&host(5)].neighbours.is_empty() && shares[&host(6)].neighbours.is_empty());
    }

    #[test]
    fn machines_in_the_collectors_own_office_and_those_of_ipv6_are_one_office_like_others() {
        let at = |own: bool| (1..=6).map(move |number| Member { peer: Some(peer(own, number)), ..member(number) });
        for own in [true, false] {
            assert_eq!(watching(&at(own).collect::<Vec<_>>()).len(), WATCHERS);
        }
    }

    /// Of a machine beside the collector, or of one that comes over IPv6.
    fn peer(own: bool, number: u8) -> IpAddr {
        let far = core::net::Ipv6Addr::new(0x2001, 0xdb8, 1, 2, 0, 0, 0, number.into());
        if own { [192, 168, 1, number].into() } else { far.into() }
    }

    #[test]
    fn addresses_that_agents_would_refuse_are_not_handed() {
        let mut office: Vec<Member> = (1..=3).map(member).collect();
        for (member, number) in office.iter_mut().zip(1..) {
            member.address = Some([198, 51, 100, number].into());
        }
        assert!(share(&office, NOW).values().all(|share| share.neighbours.is_empty()));
    }

    #[test]
    fn each_pings_two_others_that_run_day_and_night_where_there_are_such() {
        let mut office: Vec<Member> = (1..=5).map(member).collect();
        office[3].always_on = true;
        let neighbours = |number: u8| share(&office, NOW)[&host(number)].neighbours.clone();
        let address = |number: u8| IpAddr::V4([192, 168, 1, number].into());
        assert_eq!(neighbours(1), [address(4), address(2)]);
        assert_eq!(neighbours(4), [address(1), address(2)]);
    }
}
