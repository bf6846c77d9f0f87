//! Windows: the tables of interfaces and neighbours (iphlpapi).
#![expect(unsafe_code, reason = "Windows has these only as calls with pointers")]

use super::{
    Seen, Way,
    parse::{self, Counters, State},
    radio_windows,
};
use crate::platform::device::Device;
use beforehand_shared::interface::InterfaceState;
use std::{mem::zeroed, net::Ipv4Addr};
use uuid::Uuid;
use windows_sys::{
    Win32::NetworkManagement::{
        IpHelper::{GetBestRoute, GetIfEntry2, GetIpNetTable, MIB_IF_ROW2, MIB_IPFORWARDROW},
        Ndis::{IfOperStatusUp, MediaConnectStateDisconnected, NDIS_LINK_STATE, OID_GEN_LINK_STATE},
    },
    core::GUID,
};

/// A radio (`IF_TYPE_IEEE80211`, ifType of IANA).
const IEEE80211: u32 = 71;
/// `IOCTL_NDIS_QUERY_GLOBAL_STATS`.
const QUERY_CARD: u32 = 0x0017_0002;
/// Kinds of rows in the table of neighbours (`MIB_IPNET_TYPE`) whose hardware address holds.
const DYNAMIC: u32 = 3;
const STATIC: u32 = 4;
/// Room for some 1,300 neighbours; where there are more, none is known.
const WORDS: usize = 8_192;

/// The interface is named by its number: names of people change, and the number is what the tables are asked by.
pub(super) fn way() -> Option<Way> {
    // SAFETY: all zeros is a valid row of this kind; the call fills it or fails.
    let route = unsafe {
        let mut route: MIB_IPFORWARDROW = zeroed();
        (GetBestRoute(0, 0, &raw mut route) == 0).then_some(route)
    }?;
    let gateway = Ipv4Addr::from(route.dwForwardNextHop.to_ne_bytes());
    Some(Way { interface: route.dwForwardIfIndex.to_string(), gateway })
}

pub(super) fn see(way: &Way) -> Seen {
    let index = way.interface.parse().unwrap_or(0);
    Seen { state: state(index), address: address(index), gateway_known: is_known(index, way.gateway) }
}

fn state(index: u32) -> State {
    let mut row = MIB_IF_ROW2 { InterfaceIndex: index, ..MIB_IF_ROW2::default() };
    // SAFETY: the row lives until the call returns, which fills it or fails.
    let found = unsafe { GetIfEntry2(&raw mut row) } == 0;
    let state = match found {
        true if row.MediaConnectState == MediaConnectStateDisconnected => InterfaceState::NoCarrier,
        true if row.OperStatus == IfOperStatusUp => InterfaceState::Up,
        true => InterfaceState::Off,
        false => InterfaceState::Unknown,
    };
    let radio = found.then(|| radio_windows::radio(&row.InterfaceGuid)).flatten();
    // That of a radio changes all the time, and is none of a cable.
    let is_cable = found && row.Type != IEEE80211;
    let speed_mbit = u32::try_from(row.TransmitLinkSpeed / 1_000_000).ok();
    State {
        state,
        speed_mbit: speed_mbit.filter(|speed| is_cable && *speed > 0),
        full_duplex: if is_cable { full_duplex(&row.InterfaceGuid) } else { None },
        signal_dbm: radio.as_ref().map(|radio| radio.signal_dbm),
        access_point: radio.as_ref().and_then(|radio| radio.access_point.clone()),
        counters: Counters {
            received_bytes: row.InOctets,
            sent_bytes: row.OutOctets,
            errors: row.InErrors.saturating_add(row.OutErrors),
            dropped: row.InDiscards.saturating_add(row.OutDiscards),
            retries: radio.and_then(|radio| radio.failed_frames),
        },
    }
}

/// By the card's driver: the tables have no such column.
fn full_duplex(card: &GUID) -> Option<bool> {
    let id = Uuid::from_fields(card.data1, card.data2, card.data3, &card.data4);
    let card = Device::open(format!(r"\\.\{}", id.braced()))?;
    parse::full_duplex(&card.ask(QUERY_CARD, &OID_GEN_LINK_STATE.to_le_bytes(), size_of::<NDIS_LINK_STATE>()))
}

fn address(index: u32) -> Option<Ipv4Addr> {
    let own = if_addrs::get_if_addrs().ok()?.into_iter().filter(|own| own.index == Some(index));
    own.filter_map(|own| if let if_addrs::IfAddr::V4(own) = own.addr { Some(own.ip) } else { None }).next()
}

/// Whether the table of neighbours has the gateway's hardware address; nothing where it is not in the table.
fn is_known(index: u32, gateway: Ipv4Addr) -> Option<bool> {
    let address = u32::from_ne_bytes(gateway.octets());
    let found = neighbours().into_iter().find(|[at, .., own, _]| (*at, *own) == (index, address));
    found.map(|[.., kind]| [DYNAMIC, STATIC].contains(&kind))
}

/// The rows of the table, each a number of words (`MIB_IPNETROW`): interface, length and two words of the hardware
/// address, IPv4 address, kind.
fn neighbours() -> Vec<[u32; 6]> {
    let mut words: Vec<u32> = vec![0; WORDS];
    let mut size = (WORDS * size_of::<u32>()) as u32;
    // SAFETY: the buffer is aligned for words, as long as it is said to be, and lives until the call returns.
    let failed = unsafe { GetIpNetTable(words.as_mut_ptr().cast(), &raw mut size, 0) };
    let count = words.first().filter(|_| failed == 0).map_or(0, |count| *count as usize);
    words.get(1..).unwrap_or_default().as_chunks().0.iter().take(count).copied().collect()
}
