//! Looks for printers that nobody watches, so that somebody can adopt them: announcements, and a scan where
//! somebody named the network.

use super::{address, dns_sd, found, scan, snmp, system};
use crate::{
    config, http,
    probe::{Looking, Probe, ProbeError},
    time::Reading,
};
use beforehand_shared::{observation::Observation, printer_details::FoundPrinter};
use std::{
    net::Ipv4Addr,
    sync::{Mutex, PoisonError},
    time::Duration,
};

/// A scan is slow and finds little that is new.
const SCAN_EVERY_MS: u64 = 24 * 3_600_000;
/// How long one address may take to answer a scan; nobody is asked twice.
const ANSWER: Duration = Duration::from_millis(500);

pub struct PrinterDiscovery {
    settings: config::PrinterDiscovery,
    printer: config::Printer,
    scanned: Mutex<Option<u64>>,
}

impl PrinterDiscovery {
    pub fn new(settings: &config::PrinterDiscovery, printer: &config::Printer) -> Self {
        let (settings, printer) = (settings.clone(), printer.clone());
        Self { settings, printer, scanned: Mutex::new(None) }
    }

    /// Hosts of printers that are watched already.
    async fn watched(&self, now: Reading) -> Vec<String> {
        let mut hosts: Vec<String> = self.printer.uris.iter().filter_map(|uri| address::of_device(uri)).collect();
        hosts.extend(self.printer.snmp.iter().flat_map(|it| &it.addresses).map(|address| address::host(address)));
        if let Ok(client) = http::looking(self.printer.timeout.get())
            && let Ok(queues) = system::queues(&client, &self.printer, now.wall).await
        {
            hosts.extend(queues.iter().filter_map(|queue| address::of_device(queue.device_uri.as_deref()?)));
        }
        hosts
    }

    async fn announced(&self) -> Result<Vec<FoundPrinter>, ProbeError> {
        let length = self.settings.listen.get();
        if length.is_zero() {
            return Ok(Vec::new());
        }
        let heard = dns_sd::ask(own_addresses(), length).await?;
        Ok(heard.iter().filter_map(found::announced).collect())
    }

    /// Whether a scan is due; it then counts as done.
    fn scan_is_due(&self, now: Reading) -> bool {
        let mut scanned = self.scanned.lock().unwrap_or_else(PoisonError::into_inner);
        let is_due = scanned.is_none_or(|at| now.mono_ms.saturating_sub(at) >= SCAN_EVERY_MS);
        if is_due && !self.settings.scan.is_empty() {
            *scanned = Some(now.mono_ms);
        }
        is_due
    }

    async fn scanned(&self, now: Reading, watched: &[String]) -> Vec<FoundPrinter> {
        let networks: Vec<scan::Network> = self.settings.scan.iter().filter_map(|it| scan::network(it).ok()).collect();
        if networks.is_empty() || !self.scan_is_due(now) {
            return Vec::new();
        }
        let known: Vec<Ipv4Addr> = watched.iter().filter_map(|host| host.parse().ok()).collect();
        let addresses = scan::addresses(&networks, &own_networks(), &known);
        tracing::info!(addresses = addresses.len(), "asking every address of the named networks for a printer");
        let access = snmp::Access::V2c { community: self.settings.scan_community.reveal().to_owned() };
        let mut all = Vec::new();
        for address in addresses {
            let address = address.to_string();
            if let Ok(table) = snmp::glance(&address, &access, ANSWER).await {
                all.extend(found::answered(&table, &address, now.wall));
            }
            tokio::time::sleep(self.settings.scan_pause.get()).await;
        }
        all
    }
}

pub(super) fn own_addresses() -> Vec<Ipv4Addr> {
    own_networks().into_iter().map(|(address, _)| address).collect()
}

/// Addresses of this machine with the length of their networks; loopback is none.
fn own_networks() -> Vec<(Ipv4Addr, u8)> {
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let of = |interface: if_addrs::Interface| match interface.addr {
        if_addrs::IfAddr::V4(own) if !own.is_loopback() => Some((own.ip, own.prefixlen)),
        _ => None,
    };
    all.into_iter().filter_map(of).collect()
}

impl Probe for PrinterDiscovery {
    fn name(&self) -> &'static str {
        "printer_discovery"
    }

    fn every(&self) -> Duration {
        self.settings.every.get()
    }

    fn deadline(&self) -> Duration {
        let addresses = if self.settings.scan.is_empty() { 0 } else { scan::ADDRESSES };
        let scan = (self.settings.scan_pause.get() + 2 * ANSWER) * addresses;
        self.settings.listen.get() + 2 * self.printer.timeout.get() + scan + Duration::from_secs(10)
    }

    fn run(&self, now: Reading) -> Looking<'_> {
        Box::pin(async move {
            let watched = self.watched(now).await;
            let mut all = self.announced().await?;
            all.extend(self.scanned(now, &watched).await);
            Ok(found::once(all, &watched).into_iter().map(Observation::FoundPrinter).collect())
        })
    }
}
