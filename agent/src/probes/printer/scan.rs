//! Which addresses a scan asks: those of private networks that somebody named and that this machine is in, few and
//! in order. Pure.

use std::net::Ipv4Addr;

/// Addresses of one network: a scan of this many at one a second takes 17 minutes.
pub const ADDRESSES: u32 = 1_024;

/// An IPv4 network.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: u32,
    bits: u32,
}

/// # Errors
/// Why `text` may not be scanned, for people.
pub fn network(text: &str) -> Result<Network, &'static str> {
    let (address, bits) = text.split_once('/').ok_or("it has no length such as /24")?;
    let address: Ipv4Addr = address.parse().map_err(|_| "it is no IPv4 address")?;
    let bits: u32 = bits.parse().ok().filter(|bits| *bits <= 32).ok_or("its length is not a number up to 32")?;
    let size = 1_u64 << (32 - bits);
    if size > u64::from(ADDRESSES) {
        return Err("it has more than 1,024 addresses");
    }
    let first = u32::from(address) & mask(bits);
    let last = first | !mask(bits);
    if !is_private(first.into()) || !is_private(last.into()) {
        return Err("it is not a private network");
    }
    Ok(Network { first, bits })
}

fn mask(bits: u32) -> u32 {
    u32::MAX.checked_shl(32 - bits).unwrap_or(0)
}

/// RFC 1918, and this machine itself.
fn is_private(address: Ipv4Addr) -> bool {
    address.is_private() || address.is_loopback()
}

/// The addresses of `networks` that this machine, whose own addresses and lengths are `own`, can reach without a
/// router; without its own, those of the whole network and broadcast, and those in `known`.
pub fn addresses(networks: &[Network], own: &[(Ipv4Addr, u8)], known: &[Ipv4Addr]) -> Vec<Ipv4Addr> {
    let is_mine = |address: u32| own.iter().any(|(mine, bits)| same_network(address, (*mine).into(), (*bits).into()));
    let is_end = |address: u32| own.iter().any(|(mine, bits)| is_end(address, (*mine).into(), (*bits).into()));
    let of = |network: &Network| network.first..=(network.first | !mask(network.bits));
    let mut all: Vec<u32> = networks.iter().flat_map(of).filter(|it| is_mine(*it) && !is_end(*it)).collect();
    all.sort_unstable();
    all.dedup();
    let all = all.into_iter().map(Ipv4Addr::from);
    all.filter(|it| !known.contains(it) && !own.iter().any(|(mine, _)| mine == it)).take(ADDRESSES as usize).collect()
}

fn same_network(a: u32, b: u32, bits: u32) -> bool {
    (1..=32).contains(&bits) && a & mask(bits) == b & mask(bits)
}

/// The first address of a network names it, the last is everybody's.
fn is_end(address: u32, mine: u32, bits: u32) -> bool {
    bits < 31 && same_network(address, mine, bits) && (address & !mask(bits) == 0 || address | mask(bits) == u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const HOME: (Ipv4Addr, u8) = (Ipv4Addr::new(192, 168, 1, 20), 24);

    fn asked(networks: &[&str], known: &[Ipv4Addr]) -> Vec<Ipv4Addr> {
        let networks: Vec<Network> = networks.iter().map(|text| network(text).unwrap()).collect();
        addresses(&networks, &[HOME], known)
    }

    #[test]
    fn only_private_networks_of_a_bounded_size_may_be_named() {
        for (text, why) in [
            ("192.168.1.0", "no length"),
            ("192.168.1.0/33", "up to 32"),
            ("192.168.1/24", "no IPv4"),
            ("10.0.0.0/8", "more than 1,024"),
            ("198.51.100.0/24", "not a private"),
            ("172.31.252.0/22", ""),
            ("8.8.8.8/32", "not a private"),
            ("0.0.0.0/0", "more than"),
            ("fd00::/120", "no IPv4"),
        ] {
            match network(text) {
                Ok(_) => assert_eq!(why, "", "{text}"),
                Err(refused) => assert!(!why.is_empty() && refused.contains(why), "{text}: {refused}"),
            }
        }
    }

    #[test]
    fn a_scan_asks_the_neighbours_and_nobody_else() {
        let all = asked(&["192.168.1.0/24", "192.168.1.0/25"], &[]);
        assert_eq!(all.len(), 253, "256 without both ends and this machine");
        assert_eq!((all[0], all[252]), (Ipv4Addr::new(192, 168, 1, 1), Ipv4Addr::new(192, 168, 1, 254)));
        assert!(!all.contains(&HOME.0));
        assert_eq!(asked(&["192.168.2.0/24", "10.1.1.0/24"], &[]), [] as [Ipv4Addr; 0], "others are behind a router");
        assert_eq!(asked(&["192.168.1.8/30"], &[Ipv4Addr::new(192, 168, 1, 9)]).len(), 3);
    }

    proptest! {
        #[test]
        fn whatever_is_named_the_scan_stays_at_home_and_bounded(
            first: u32, bits in 0u32..40, mine: u32, length in 0u8..40,
        ) {
            let text = format!("{}/{bits}", Ipv4Addr::from(first));
            if let Ok(network) = network(&text) {
                let own = [(Ipv4Addr::from(mine), length)];
                let all = addresses(&[network], &own, &[]);
                prop_assert!(all.len() <= ADDRESSES as usize);
                prop_assert!(all.iter().all(|address| is_private(*address) && address != &own[0].0));
            }
        }
    }
}
