//! Whom the agent asks: printers of its settings, those that the collector handed to it and those behind the
//! queues of this machine, each host once.

use super::{
    address,
    ask::AskError,
    pace::has_work,
    snmp::{self, Access},
};
use crate::{config, probe::ProbeError};
use beforehand_shared::{printer::Queue, settings::PrinterToAsk};
use std::collections::BTreeMap;

/// Hosts that are asked; a machine with more queues than this is a print server, and other agents see them too.
const HOSTS: usize = 200;

/// One host, and every way in which it is asked.
#[derive(Clone, Default)]
pub(super) struct Target {
    /// By IPP.
    pub uris: Vec<String>,
    /// By SNMP: the address, perhaps with a port, and what lets the agent in.
    pub snmp: Vec<(String, Access)>,
    /// What is wrong with the settings for asking it.
    pub wrong: Vec<String>,
    /// Whether somebody named it; else it is only behind a queue, and may not speak SNMP at all.
    pub is_named: bool,
    /// Whether jobs wait for it here.
    pub has_work: bool,
    /// How often a person wished for an answer now.
    pub wish: u64,
}

impl Target {
    /// What is wrong with the settings, as what came of asking.
    pub(super) fn wrong(&self) -> impl Iterator<Item = AskError> {
        self.wrong.iter().map(|why| ProbeError::Denied(why.clone()).into())
    }
}

pub(super) type Targets = BTreeMap<String, Target>;

/// By their hosts.
pub(super) fn targets(settings: &config::Printer, handed: &[PrinterToAsk], queues: &[Queue]) -> Targets {
    let mut targets = Targets::new();
    for uri in &settings.uris {
        let target = targets.entry(address::of_device(uri).unwrap_or_else(|| uri.clone())).or_default();
        target.uris.push(uri.clone());
        target.is_named = true;
    }
    for section in &settings.snmp {
        let access = snmp::access(section);
        for address in &section.addresses {
            let target = targets.entry(address::host(address)).or_default();
            target.is_named = true;
            match &access {
                Ok(access) => target.snmp.push((address.clone(), access.clone())),
                Err(why) => target.wrong.push(why.clone()),
            }
        }
    }
    for printer in handed {
        add(printer, &mut targets);
    }
    for queue in queues {
        behind(queue, settings, &mut targets);
    }
    targets
}

/// What the machine's owner put into its settings counts more than what was handed over.
fn add(printer: &PrinterToAsk, targets: &mut Targets) {
    let host = printer.address.to_string();
    let in_uri = if printer.address.is_ipv6() { format!("[{host}]") } else { host.clone() };
    let target = targets.entry(host).or_default();
    target.is_named = true;
    target.wish = printer.wish;
    if target.uris.is_empty() {
        target.uris.push(format!("ipp://{in_uri}/ipp/print"));
    }
    if target.snmp.is_empty() && target.wrong.is_empty() {
        target.snmp.push((format!("{in_uri}:161"), snmp::handed(&printer.snmp)));
    }
}

fn behind(queue: &Queue, settings: &config::Printer, targets: &mut Targets) {
    let Some(uri) = &queue.device_uri else { return };
    let Some(host) = address::of_device(uri) else { return };
    if targets.len() >= HOSTS && !targets.contains_key(&host) {
        return;
    }
    let target = targets.entry(host.clone()).or_default();
    target.has_work |= has_work(queue);
    if (uri.starts_with("ipp://") || uri.starts_with("ipps://")) && !target.uris.contains(uri) {
        target.uris.push(uri.clone());
    }
    let community = &settings.queue_community;
    if target.snmp.is_empty() && target.wrong.is_empty() && !community.is_empty() && !address::is_this_machine(&host) {
        let access = Access::V2c { community: community.reveal().to_owned() };
        let address = if host.contains(':') { format!("[{host}]:161") } else { host };
        target.snmp.push((address, access));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::printer::PrinterState;

    fn queue(device: &str, jobs: u32) -> Queue {
        Queue {
            name: "front".into(),
            device_uri: Some(device.into()),
            state: PrinterState::Idle,
            reasons: Vec::new(),
            message: None,
            accepting: true,
            jobs,
            oldest: None,
        }
    }

    #[test]
    fn a_host_is_asked_once_however_many_ways_lead_to_it() {
        let settings: config::Printer = toml::from_str(
            "uris = [\"ipp://192.0.2.9/ipp/print\"]\n[[snmp]]\naddresses = [\"192.0.2.9:1161\"]\ncommunity = \"c\"\n",
        )
        .unwrap();
        let queues = [queue("socket://192.0.2.9", 2), queue("ipp://192.0.2.10/ipp", 0), queue("usb://HP/X", 1)];
        let targets = targets(&settings, &[], &queues);
        assert_eq!(targets.keys().collect::<Vec<_>>(), ["192.0.2.10", "192.0.2.9"]);
        let named = &targets["192.0.2.9"];
        assert_eq!((named.uris.len(), named.snmp.len(), named.is_named, named.has_work), (1, 1, true, true));
        assert_eq!(named.snmp[0].0, "192.0.2.9:1161", "the settings count more than the usual community");
        let behind = &targets["192.0.2.10"];
        assert_eq!((behind.uris.len(), behind.snmp[0].0.as_str(), behind.is_named), (1, "192.0.2.10", false));
    }

    #[test]
    fn the_snmp_service_of_this_machine_is_not_a_printer_behind_a_cable() {
        let targets = targets(&config::Printer::default(), &[], &[queue("ipp://localhost:60000/ipp/print", 0)]);
        assert!(targets["localhost"].snmp.is_empty());
    }

    #[test]
    fn a_printer_that_was_handed_over_is_asked_by_both_ways_unless_the_settings_say_how() {
        let handed = |address: &str| PrinterToAsk {
            address: address.parse().unwrap(),
            snmp: beforehand_shared::settings::SnmpAccess::default(),
            wish: 3,
        };
        let settings: config::Printer =
            toml::from_str("[[snmp]]\naddresses = [\"192.168.1.9:1161\"]\ncommunity = \"c\"\n").unwrap();
        let targets = targets(&settings, &[handed("192.168.1.9"), handed("fd00::9")], &[]);
        assert_eq!(targets["192.168.1.9"].snmp[0].0, "192.168.1.9:1161");
        assert_eq!((targets["192.168.1.9"].snmp.len(), targets["192.168.1.9"].wish), (1, 3));
        let v6 = &targets["fd00::9"];
        assert_eq!((v6.uris[0].as_str(), v6.snmp[0].0.as_str()), ("ipp://[fd00::9]/ipp/print", "[fd00::9]:161"));
    }
}
