//! Where printers are asked: hosts and ports out of the addresses of queues and settings. Pure.

use std::net::IpAddr;

/// The host that a queue's device address leads to over the network; nothing for a cable, a file or the share of
/// another machine.
pub(super) fn of_device(uri: &str) -> Option<String> {
    let (scheme, rest) = uri.split_once(':')?;
    let network = ["ipp", "ipps", "http", "https", "socket", "lpd"];
    if network.contains(&scheme) {
        let rest = rest.strip_prefix("//")?;
        let authority = rest.split(['/', '?']).next()?;
        let host = authority.rsplit('@').next()?;
        // The name of a service (RFC 6763), such as `Front%20desk._ipp._tcp.local`, is not one of a host.
        return Some(host_of(host)).filter(|host| !host.is_empty() && !host.contains("._tcp"));
    }
    // HP's own: `hp:/net/LaserJet?ip=192.0.2.9`.
    if scheme == "hp" && rest.starts_with("/net/") {
        let (_, query) = rest.split_once('?')?;
        let value =
            query.split('&').find_map(|pair| pair.strip_prefix("ip=").or_else(|| pair.strip_prefix("hostname=")))?;
        return Some(host_of(value)).filter(|host| !host.is_empty());
    }
    None
}

/// The host of `address` without its port.
pub(super) fn host(address: &str) -> String {
    host_of(address)
}

fn host_of(authority: &str) -> String {
    if let Some(rest) = authority.strip_prefix('[') {
        return rest.split(']').next().unwrap_or_default().to_ascii_lowercase();
    }
    match authority.rsplit_once(':') {
        // Several colons are an IPv6 address without brackets.
        Some((host, port)) if !host.contains(':') && port.chars().all(|c| c.is_ascii_digit()) => {
            host.to_ascii_lowercase()
        }
        _ => authority.to_ascii_lowercase(),
    }
}

/// Whether `host` is this machine: what listens there is its own, or a cable behind it (IPP over USB).
pub(super) fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_queue_leads_to_a_host_or_to_none() {
        for (uri, host) in [
            ("ipp://192.0.2.9/ipp/print", Some("192.0.2.9")),
            ("ipps://user:word@Printer.example:631/ipp/print", Some("printer.example")),
            ("socket://192.0.2.9:9100", Some("192.0.2.9")),
            ("socket://[2001:db8::9]", Some("2001:db8::9")),
            ("lpd://192.0.2.9/queue", Some("192.0.2.9")),
            ("hp:/net/LaserJet_400?ip=192.0.2.9&queue=false", Some("192.0.2.9")),
            ("hp:/usb/LaserJet_400?serial=1", None),
            ("usb://HP/LaserJet", None),
            ("smb://server/front", None),
            ("ipps://Front%20desk._ipps._tcp.local/", None),
            ("dnssd://Front%20desk._ipp._tcp.local/?uuid=1", None),
            ("USB001", None),
            ("file:/dev/null", None),
            ("socket://", None),
        ] {
            assert_eq!(of_device(uri).as_deref(), host, "{uri}");
        }
    }

    #[test]
    fn a_port_is_no_part_of_the_host() {
        assert_eq!(
            ["192.0.2.9:161", "[2001:db8::9]:161", "2001:db8::9", "p"].map(host),
            ["192.0.2.9", "2001:db8::9", "2001:db8::9", "p"]
        );
        assert!(is_this_machine("127.0.0.11") && is_this_machine("localhost") && !is_this_machine("192.0.2.9"));
    }
}
