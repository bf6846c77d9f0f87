//! The network of an office as its agents tell it: how they share the work of watching it, and what changes in it.

pub(crate) mod capacity;
pub mod change;
pub mod sharing;

use beforehand_shared::settings::is_local;
use core::net::{IpAddr, Ipv6Addr};

/// The line from which reports come, by the address that they come from: of IPv6 its network (a /64, RFC 4291), as each
/// machine has addresses of its own there. Nothing for an address of a local network, as of a proxy beside the collector or
/// a machine in the collector's own office.
pub fn line_of(peer: IpAddr) -> Option<IpAddr> {
    match peer {
        _ if is_local(peer) || peer.is_unspecified() => None,
        IpAddr::V4(_) => Some(peer),
        IpAddr::V6(peer) => {
            let [a, b, c, d, ..] = peer.segments();
            Some(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0).into())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_its_address_or_its_network_and_nothing_local() {
        let line = |peer: &str| line_of(peer.parse().unwrap()).map(|line| line.to_string());
        assert_eq!(line("203.0.113.7").as_deref(), Some("203.0.113.7"));
        assert_eq!(line("2001:db8:1:2:aaaa::1").as_deref(), Some("2001:db8:1:2::"));
        for local in ["192.168.1.20", "127.0.0.1", "fd00::1", "0.0.0.0"] {
            assert_eq!(line(local), None, "{local}");
        }
    }
}
