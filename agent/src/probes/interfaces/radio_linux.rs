//! Linux: the access point of a radio, by the wireless extensions (`wireless.h`). Drivers of Wi-Fi 7 answer them no more, and
//! newer kernels say in their log, once after each start, that a program still asks so.
#![expect(unsafe_code, reason = "the kernel tells this only through a call with a pointer")]

use super::parse;
use rustix::{
    ioctl::{Opcode, Updater, ioctl},
    net::{AddressFamily, SocketType, socket},
};

/// `SIOCGIWAP`.
const ACCESS_POINT: Opcode = 0x8B15;

/// `struct iwreq`: the name of the interface, and a `sockaddr`.
#[repr(C)]
struct Request {
    name: [u8; 16],
    family: u16,
    address: [u8; 14],
}

/// Nothing where the interface is no radio, or is not connected.
pub(super) fn access_point(interface: &str) -> Option<String> {
    let mut request = Request { name: [0; 16], family: 0, address: [0; 14] };
    // The last byte stays zero.
    request.name[..15].get_mut(..interface.len())?.copy_from_slice(interface.as_bytes());
    let socket = socket(AddressFamily::INET, SocketType::DGRAM, None).ok()?;
    // SAFETY: the kernel reads and writes one `struct iwreq`, which this is, and nothing after the call has returned.
    unsafe { ioctl(&socket, Updater::<ACCESS_POINT, Request>::new(&mut request)) }.ok()?;
    parse::access_point(*request.address.first_chunk()?)
}
