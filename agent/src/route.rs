//! Linux: the default route from the text of `/proc/net/route`. Pure.

use std::net::Ipv4Addr;

const UP: u32 = 1;
const VIA_GATEWAY: u32 = 2;

#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Route {
    pub interface: String,
    pub gateway: Ipv4Addr,
}

/// The default route with the smallest metric. Addresses are hexadecimal, with the bytes in the machine's own order
/// (proc(5)).
pub fn default(text: &str) -> Option<Route> {
    let defaults = text.lines().skip(1).filter_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let hex = |at: usize| u32::from_str_radix(fields.get(at)?, 16).ok();
        let is_default = hex(1)? == 0 && hex(7)? == 0 && hex(3)? & (UP | VIA_GATEWAY) == UP | VIA_GATEWAY;
        is_default.then_some((fields.get(6)?.parse::<u32>().ok()?, hex(2)?, *fields.first()?))
    });
    let (_, address, interface) = defaults.min_by_key(|(metric, ..)| *metric)?;
    Some(Route { interface: interface.to_owned(), gateway: Ipv4Addr::from(address.to_ne_bytes()) })
}
