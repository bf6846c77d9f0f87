//! Linux: the table of routes.

use std::net::IpAddr;

/// The default gateway, which may change from run to run on a laptop.
pub(super) fn gateway() -> Option<IpAddr> {
    let route = std::fs::read_to_string("/proc/net/route").ok()?;
    crate::route::default(&route).map(|route| route.gateway.into())
}
