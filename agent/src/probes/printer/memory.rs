//! What one run of the probe knows of the runs before it: who was asked when, and which marks belong together.
//! Pure.

use super::{
    identity::{self, Identity},
    pace::{self, Every, Pace},
    target::Targets,
};
use beforehand_shared::{printer::Printer, printer_details::SilentPrinter};
use std::collections::BTreeMap;

/// Printers that are remembered.
const PRINTERS: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct Memory {
    pace: Pace,
    /// Marks of the printers seen so far: one that tells its serial number by SNMP only keeps its key while only
    /// IPP is answered.
    known: Vec<Identity>,
    /// Keys last seen at each host.
    keys: BTreeMap<String, Vec<String>>,
}

impl Memory {
    /// Hosts that are to be asked at `now`.
    pub(super) fn due(&mut self, targets: &Targets, every: Every, now: u64) -> Vec<String> {
        let hosts: Vec<&str> = targets.keys().map(String::as_str).collect();
        self.pace.keep(&hosts);
        let has_work = |host: &str| targets.get(host).is_some_and(|target| target.has_work);
        self.pace.due(&hosts, every, now, has_work).into_iter().map(str::to_owned).collect()
    }

    pub(super) fn asked(&mut self, host: &str, now: u64, seen: &[Printer]) {
        self.pace.asked(host, now, seen.iter().any(pace::is_busy));
    }

    /// The same printers, by all marks that they have ever told.
    pub(super) fn recognised(&mut self, printers: Vec<Printer>) -> Vec<Printer> {
        printers.into_iter().map(|printer| self.recognise(printer)).collect()
    }

    fn recognise(&mut self, mut printer: Printer) -> Printer {
        let told = Identity::of(&printer);
        let known = self.known.iter().position(|known| identity::same(known, &told) == Some(true));
        let marks = known.map_or_else(|| told.clone(), |at| told.clone().with(&self.known[at]));
        match known {
            Some(at) => self.known[at] = marks.clone(),
            None if told != Identity::default() && self.known.len() < PRINTERS => self.known.push(told),
            None => {}
        }
        printer.key = marks.key().unwrap_or(printer.key);
        if let Some(details) = &mut printer.details {
            marks.write_to(details);
            for address in &details.addresses {
                let keys = self.keys.entry(address.clone()).or_default();
                if !keys.contains(&printer.key) && keys.len() < PRINTERS {
                    keys.push(printer.key.clone());
                }
            }
        }
        printer
    }

    /// The printers at hosts that gave no answer. Behind a queue alone, a host that never answered may be no
    /// printer that can be asked.
    pub(super) fn silent(&self, hosts: &[(String, String)], targets: &Targets) -> Vec<SilentPrinter> {
        let mut silent = Vec::new();
        for (host, why) in hosts {
            let one = |key: &str| SilentPrinter { key: key.to_owned(), address: host.clone(), why: why.clone() };
            match self.keys.get(host) {
                Some(keys) => silent.extend(keys.iter().map(|key| one(key))),
                None if targets.get(host).is_some_and(|target| target.is_named || !target.uris.is_empty()) => {
                    silent.push(one(host));
                }
                None => {}
            }
        }
        silent
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::{printer::PrinterState, printer_details::PrinterDetails};

    fn seen(serial: Option<&str>, uuid: Option<&str>) -> Printer {
        let details = PrinterDetails {
            serial: serial.map(str::to_owned),
            uuid: uuid.map(str::to_owned),
            addresses: vec!["192.0.2.9".into()],
            ..PrinterDetails::default()
        };
        let identity = Identity { serial: details.serial.clone(), uuid: details.uuid.clone(), mac: None };
        Printer {
            key: identity.key().unwrap_or_default(),
            uri: String::new(),
            name: String::new(),
            model: None,
            state: PrinterState::Idle,
            reasons: Vec::new(),
            message: None,
            alerts: Vec::new(),
            supplies: Vec::new(),
            jobs: None,
            pages: None,
            details: Some(Box::new(details)),
        }
    }

    #[test]
    fn a_printer_keeps_its_key_while_one_of_its_ways_is_silent() {
        let mut memory = Memory::default();
        let key = |memory: &mut Memory, printer| memory.recognised(vec![printer]).remove(0).key;
        assert_eq!(key(&mut memory, seen(Some("VCF9192281"), Some("aa-1"))), "VCF9192281");
        assert_eq!(key(&mut memory, seen(None, Some("aa-1"))), "VCF9192281");
        assert_eq!(key(&mut memory, seen(None, Some("bb-2"))), "bb-2");
    }

    #[test]
    fn a_silent_printer_is_named_as_it_was_known() {
        let mut memory = Memory::default();
        let silent = |memory: &Memory| memory.silent(&[("192.0.2.9".into(), "asleep".into())], &Targets::new());
        assert_eq!(silent(&memory), []);
        memory.recognised(vec![seen(Some("VCF9192281"), None)]);
        assert_eq!(silent(&memory)[0].key, "VCF9192281");
    }
}
