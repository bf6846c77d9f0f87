//! What one run of the probe knows of the runs before it: who was asked when, and which marks belong together.
//! Pure.

use super::{
    ask::AskError,
    pace::{self, Every, Pace, Reason},
    target::{Target, Targets},
};
use crate::{probe::ProbeError, time::Reading};
use beforehand_shared::{
    printer::Printer,
    printer_details::SilentPrinter,
    printer_identity::{self, Identity},
    time::Timestamp,
};
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
    /// Hosts that did not say how their printer is when they were asked last.
    silent: BTreeMap<String, Silence>,
}

#[derive(Debug)]
struct Silence {
    since: Timestamp,
    why: String,
    /// Where there was an answer, and not the one that was asked for.
    error: Option<ProbeError>,
    /// Whether it is worth saying: behind a queue alone, a host that never answered may be no printer that can be
    /// asked.
    is_told: bool,
}

impl Memory {
    /// Hosts that are to be asked at `now`.
    pub(super) fn due(&mut self, targets: &Targets, every: Every, now: u64) -> Vec<String> {
        let hosts: Vec<&str> = targets.keys().map(String::as_str).collect();
        self.pace.keep(&hosts);
        self.silent.retain(|host, _| targets.contains_key(host));
        let reason = |host: &str| {
            let target = targets.get(host);
            target.map_or_else(Reason::default, |it| Reason { has_work: it.has_work, wish: it.wish })
        };
        self.pace.due(&hosts, every, now, reason).into_iter().map(str::to_owned).collect()
    }

    /// What came of asking `host` at `now`.
    pub(super) fn asked(
        &mut self,
        (host, target): (&str, &Target),
        now: Reading,
        seen: &[Printer],
        errors: Vec<AskError>,
    ) {
        self.pace.asked(host, (now.mono_ms, target.wish), seen.iter().any(pace::is_busy));
        let before = self.silent.remove(host);
        if !seen.is_empty() || errors.is_empty() {
            return;
        }
        let quiet = errors.iter().map(ToString::to_string).next().unwrap_or_default();
        let told =
            errors.into_iter().find_map(|error| if let AskError::Told(error) = error { Some(error) } else { None });
        let silence = Silence {
            since: before.map_or(now.wall, |before| before.since),
            why: told.as_ref().map_or(quiet, ToString::to_string),
            error: told,
            is_told: target.is_named || !target.uris.is_empty() || self.keys.contains_key(host),
        };
        self.silent.insert(host.to_owned(), silence);
    }

    /// The same printers, by all marks that they have ever told.
    pub(super) fn recognised(&mut self, printers: Vec<Printer>) -> Vec<Printer> {
        printers.into_iter().map(|printer| self.recognise(printer)).collect()
    }

    fn recognise(&mut self, mut printer: Printer) -> Printer {
        let told = Identity::of(&printer);
        let known = self.known.iter().position(|known| printer_identity::same(known, &told) == Some(true));
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

    /// Whether a host gave no answer at all, not even a refusal.
    pub(super) fn is_quiet(&self) -> bool {
        self.silent.values().any(|silence| silence.is_told && silence.error.is_none())
    }

    /// The printers that did not say how they are, and what went wrong with those that answered something else.
    pub(super) fn silent(&self) -> (Vec<SilentPrinter>, Vec<ProbeError>) {
        let told = || self.silent.iter().filter(|(_, silence)| silence.is_told);
        let printers = told().flat_map(|(host, silence)| {
            let one = |key: &String| SilentPrinter {
                key: key.clone(),
                address: host.clone(),
                since: silence.since,
                why: silence.why.clone(),
            };
            let keys = self.keys.get(host).cloned().unwrap_or_else(|| vec![host.clone()]);
            keys.iter().map(one).collect::<Vec<_>>()
        });
        (printers.collect(), told().filter_map(|(_, silence)| silence.error.clone()).collect())
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
    fn a_silent_printer_is_named_as_it_was_known_until_it_answers() {
        let (mut memory, target) = (Memory::default(), Target::default());
        let at = |ms: i64| Reading { wall: Timestamp(ms), mono_ms: 0, awake_ms: 0 };
        let quiet = || vec![AskError::Silent("asleep".into())];
        memory.asked(("192.0.2.9", &target), at(1), &[], quiet());
        assert_eq!(memory.silent().0, [], "it is behind a queue, and may not speak SNMP at all");
        memory.recognised(vec![seen(Some("VCF9192281"), None)]);
        memory.asked(("192.0.2.9", &target), at(2), &[], quiet());
        memory.asked(("192.0.2.9", &target), at(3), &[], quiet());
        let silent = memory.silent().0.remove(0);
        assert_eq!((silent.key.as_str(), silent.since), ("VCF9192281", Timestamp(1)));
        memory.asked(("192.0.2.9", &target), at(4), &[seen(Some("VCF9192281"), None)], Vec::new());
        assert_eq!(memory.silent(), (Vec::new(), Vec::new()));
    }
}
