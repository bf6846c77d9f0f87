//! Linux: `/sys/class/net`, and what `/proc/net` says of routes, radios and neighbours.

use super::{Seen, Way, parse, radio_linux};
use crate::route;
use beforehand_shared::interface::InterfaceState;
use std::{collections::BTreeMap, fs, net::Ipv4Addr, path::Path};

pub(super) fn way() -> Option<Way> {
    let route = route::default(&fs::read_to_string("/proc/net/route").ok()?)?;
    Some(Way { interface: route.interface, gateway: route.gateway })
}

pub(super) fn see(way: &Way) -> Seen {
    let folder = Path::new("/sys/class/net").join(&way.interface);
    let read = |file: &str| Some((file.to_owned(), fs::read_to_string(folder.join(file)).ok()?));
    let files: BTreeMap<String, String> = parse::FILES.into_iter().filter_map(read).collect();
    let text = |file: &str| fs::read_to_string(file).unwrap_or_default();
    let mut state = parse::state(&way.interface, &files, &text("/proc/net/wireless"));
    if state.state == InterfaceState::Up {
        state.access_point = radio_linux::access_point(&way.interface);
    }
    // Some containers show no such files at all.
    if files.is_empty() && !folder.parent().is_some_and(Path::exists) {
        state.state = InterfaceState::Unknown;
    }
    Seen {
        state,
        address: address(&way.interface),
        gateway_known: parse::is_known(&text("/proc/net/arp"), way.gateway, &way.interface),
    }
}

fn address(interface: &str) -> Option<Ipv4Addr> {
    let own = if_addrs::get_if_addrs().ok()?.into_iter().filter(|own| own.name == interface);
    own.filter_map(|own| if let if_addrs::IfAddr::V4(own) = own.addr { Some(own.ip) } else { None }).next()
}
