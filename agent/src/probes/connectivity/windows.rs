//! Windows: the system's default route.

use std::net::IpAddr;

/// The default gateway, which may change from run to run on a laptop.
pub(super) fn gateway() -> Option<IpAddr> {
    let gateway = netdev::get_default_gateway().ok()?;
    gateway.ipv4.first().copied().map(IpAddr::V4)
}
