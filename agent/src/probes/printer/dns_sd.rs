//! Listens to what printers announce (RFC 6762, RFC 6763), for some seconds and on a thread of its own.

use super::found::{Announced, SERVICES};
use crate::{probe::ProbeError, time::Stopwatch};
use mdns_sd::{ResolvedService, ServiceDaemon, ServiceEvent};
use std::{net::IpAddr, time::Duration};

/// Announcements that are kept of one run.
const MOST: usize = 500;
const GLANCE: Duration = Duration::from_millis(50);

/// Blocks for `length`.
///
/// # Errors
/// [`ProbeError::Failed`] where the system gives no socket for it.
pub(super) fn listen(length: Duration) -> Result<Vec<Announced>, ProbeError> {
    let failed = |error: mdns_sd::Error| ProbeError::Failed(format!("announcements cannot be heard: {error}"));
    let daemon = ServiceDaemon::new().map_err(failed)?;
    let heard = hear(&daemon, length).map_err(failed);
    if let Err(error) = daemon.shutdown() {
        tracing::debug!(%error, "the listener has ended by itself");
    }
    heard
}

fn hear(daemon: &ServiceDaemon, length: Duration) -> Result<Vec<Announced>, mdns_sd::Error> {
    let services = SERVICES.iter().map(|service| daemon.browse(service)).collect::<Result<Vec<_>, _>>()?;
    let (watch, mut heard) = (Stopwatch::start(), Vec::new());
    while watch.elapsed() < length && heard.len() < MOST {
        for service in &services {
            if let Ok(ServiceEvent::ServiceResolved(resolved)) = service.recv_timeout(GLANCE) {
                heard.push(announced(&resolved));
            }
        }
    }
    Ok(heard)
}

fn announced(resolved: &ResolvedService) -> Announced {
    // In an order of their own; the library's differs from run to run.
    let mut unordered = Vec::new();
    unordered.extend(resolved.addresses.clone());
    let mut addresses: Vec<IpAddr> = unordered.iter().map(mdns_sd::ScopedIp::to_ip_addr).collect();
    addresses.sort_by_key(|address| (address.is_ipv6(), *address));
    let property = |property: &mdns_sd::TxtProperty| (property.key().to_owned(), property.val_str().to_owned());
    Announced {
        service: resolved.ty_domain.clone(),
        addresses: addresses.iter().map(IpAddr::to_string).collect(),
        port: resolved.port,
        properties: resolved.txt_properties.iter().map(property).collect(),
    }
}
