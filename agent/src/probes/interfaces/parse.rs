//! From the texts of the kernel to the state of an interface. Pure.

use beforehand_shared::interface::{InterfaceState, Traffic};
use serde::Serialize;
use std::{collections::BTreeMap, net::Ipv4Addr};

/// What an interface has counted since it came up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counters {
    pub received_bytes: u64,
    pub sent_bytes: u64,
    pub errors: u64,
    pub dropped: u64,
    /// Frames that the radio gave up after many tries.
    pub retries: Option<u64>,
}

/// An interface at one instant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct State {
    pub state: InterfaceState,
    pub speed_mbit: Option<u32>,
    pub full_duplex: Option<bool>,
    pub signal_dbm: Option<i32>,
    /// Hardware address of the access point, where the system tells it.
    pub access_point: Option<String>,
    pub counters: Counters,
}

/// The files of an interface in `/sys/class/net/<name>` that are read (kernel, Documentation/ABI/testing/sysfs-class-net
/// and its neighbours).
pub const FILES: [&str; 10] = [
    "flags",
    "carrier",
    "speed",
    "duplex",
    "statistics/rx_bytes",
    "statistics/tx_bytes",
    "statistics/rx_errors",
    "statistics/tx_errors",
    "statistics/rx_dropped",
    "statistics/tx_dropped",
];

/// `IFF_UP` of netdevice(7).
const UP: u32 = 1;

/// The state by the texts of [`FILES`]; those that cannot be read are absent. `wireless` is `/proc/net/wireless`.
pub fn state(name: &str, files: &BTreeMap<String, String>, wireless: &str) -> State {
    let text = |file: &str| files.get(file).map(|text| text.trim());
    let count = |file: &str| text(file).and_then(|text| text.parse::<u64>().ok()).unwrap_or_default();
    let flags = text("flags").and_then(|flags| u32::from_str_radix(flags.strip_prefix("0x")?, 16).ok());
    let state = match (flags, text("carrier")) {
        (None, _) => InterfaceState::Off,
        (Some(flags), _) if flags & UP == 0 => InterfaceState::Off,
        (Some(_), Some("0")) => InterfaceState::NoCarrier,
        (Some(_), Some("1")) => InterfaceState::Up,
        (Some(_), _) => InterfaceState::Unknown,
    };
    let full_duplex = match text("duplex") {
        Some("full") => Some(true),
        Some("half") => Some(false),
        _ => None,
    };
    State {
        state,
        // What has no speed says -1.
        speed_mbit: text("speed").and_then(|speed| speed.parse().ok()).filter(|speed| *speed > 0),
        full_duplex,
        signal_dbm: signal(name, wireless),
        access_point: None,
        counters: Counters {
            received_bytes: count("statistics/rx_bytes"),
            sent_bytes: count("statistics/tx_bytes"),
            errors: count("statistics/rx_errors").saturating_add(count("statistics/tx_errors")),
            dropped: count("statistics/rx_dropped").saturating_add(count("statistics/tx_dropped")),
            retries: radio(name, wireless).and_then(|fields| fields.get(RETRIES)?.parse().ok()),
        },
    }
}

/// Fields of `/proc/net/wireless` behind the name: status, then quality (link, level, noise), then packets that were
/// discarded (network, encryption, fragments, tries, others), then beacons missed.
const LEVEL: usize = 2;
const RETRIES: usize = 7;

fn radio<'a>(name: &str, wireless: &'a str) -> Option<Vec<&'a str>> {
    let line = wireless.lines().filter_map(|line| line.split_once(':')).find(|(device, _)| device.trim() == name);
    line.map(|(_, fields)| fields.split_whitespace().collect())
}

/// The level of the signal in `/proc/net/wireless`; nothing where the driver tells it in units of its own.
pub fn signal(name: &str, wireless: &str) -> Option<i32> {
    let level = radio(name, wireless)?.get(LEVEL)?.trim_end_matches('.').parse::<i32>().ok()?;
    (-120..0).contains(&level).then_some(level)
}

/// The address as people write it; nothing where a radio is connected to none, which drivers tell by zeros, ones or fours.
pub fn access_point(address: [u8; 6]) -> Option<String> {
    let is_none = [0, 0xFF, 0x44].into_iter().any(|byte| address == [byte; 6]);
    (!is_none).then(|| address.map(|byte| format!("{byte:02x}")).join(":"))
}

/// From a Windows driver's `NDIS_LINK_STATE`: behind its header and the state of the connection, 1 is half and 2 is full.
pub fn full_duplex(link_state: &[u8]) -> Option<bool> {
    match u32::from_le_bytes(*link_state.get(8..)?.first_chunk()?) {
        1 => Some(false),
        2 => Some(true),
        _ => None,
    }
}

/// Flag of an entry that holds a hardware address (`ATF_COM` of arp(7)).
const COMPLETE: u32 = 2;

/// Whether a neighbour has told its hardware address, by `/proc/net/arp`; nothing where nobody asked for it.
pub fn is_known(arp: &str, neighbour: Ipv4Addr, interface: &str) -> Option<bool> {
    arp.lines().skip(1).find_map(|line| {
        let fields: Vec<&str> = line.split_whitespace().collect();
        let [address, _, flags, .., device] = *fields else { return None };
        let is_it = device == interface && address.parse() == Ok(neighbour);
        let flags = u32::from_str_radix(flags.strip_prefix("0x")?, 16).ok()?;
        is_it.then_some(flags & COMPLETE != 0)
    })
}

/// What happened between two readings; nothing where a counter ran backwards or no time passed.
pub fn between(before: &Counters, after: &Counters, over_ms: u64) -> Option<Traffic> {
    Some(Traffic {
        over_ms: u32::try_from(over_ms).ok().filter(|ms| *ms > 0)?,
        received_bytes: after.received_bytes.checked_sub(before.received_bytes)?,
        sent_bytes: after.sent_bytes.checked_sub(before.sent_bytes)?,
        errors: after.errors.checked_sub(before.errors)?,
        dropped: after.dropped.checked_sub(before.dropped)?,
        retries: after.retries.zip(before.retries).and_then(|(after, before)| after.checked_sub(before)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_radio_that_is_connected_to_nothing_has_no_access_point() {
        assert_eq!(access_point([0x00, 0x1B, 0x63, 0x84, 0x45, 0xE6]).as_deref(), Some("00:1b:63:84:45:e6"));
        assert_eq!([0, 0xFF, 0x44].map(|byte| access_point([byte; 6])), [None, None, None]);
    }

    #[test]
    fn duplex_is_known_where_the_driver_knows_it() {
        let state = |duplex: u8| [0x80, 1, 40, 0, 1, 0, 0, 0, duplex, 0, 0, 0, 0, 0xCA, 0x9A, 0x3B];
        assert_eq!([0, 1, 2].map(|duplex| full_duplex(&state(duplex))), [None, Some(false), Some(true)]);
        assert_eq!((full_duplex(&[]), full_duplex(&state(2)[..11])), (None, None));
    }

    #[test]
    fn a_counter_that_began_anew_tells_nothing() {
        let at = |received_bytes| Counters { received_bytes, ..Counters::default() };
        assert_eq!(between(&at(10), &at(35), 60_000).map(|it| it.received_bytes), Some(25));
        assert_eq!((between(&at(10), &at(5), 60_000), between(&at(10), &at(35), 0)), (None, None));
    }
}
