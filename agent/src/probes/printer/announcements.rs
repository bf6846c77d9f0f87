//! What printers announce by DNS-SD (RFC 6763), gathered from answers that come in any order. Pure.

use super::found::{Announced, SERVICES};
use simple_dns::{CLASS, Name, Packet, QCLASS, QTYPE, Question, ResourceRecord, TYPE, rdata::RData};
use std::{
    collections::{BTreeMap, BTreeSet},
    net::IpAddr,
};

/// Instances of services and hosts that are kept of one run.
const MOST: usize = 500;
/// Addresses of one host, and keys of one announcement.
const MOST_OF_ONE: usize = 32;
/// A question with its name takes at most 255 + 4 bytes; these fit into one Ethernet frame.
const QUESTIONS: usize = 5;

/// Answers so far. Names are compared without case (RFC 6762, section 16).
#[derive(Debug, Default)]
pub struct Announcements {
    instances: BTreeMap<String, Instance>,
    hosts: BTreeMap<String, BTreeSet<IpAddr>>,
    /// What was asked for already: nobody is asked twice for the same.
    asked: BTreeSet<(String, u16)>,
}

#[derive(Debug)]
struct Instance {
    name: Name<'static>,
    service: &'static str,
    /// Host and port (SRV).
    place: Option<(Name<'static>, u16)>,
    /// Keys and values (TXT).
    properties: Option<BTreeMap<String, String>>,
}

/// Asks who offers a printer.
pub fn opening() -> Vec<u8> {
    let names = SERVICES.iter().filter_map(|service| Name::new(service).ok());
    query(names.map(|name| (name, TYPE::PTR)))
}

fn query<'a>(questions: impl Iterator<Item = (Name<'a>, TYPE)>) -> Vec<u8> {
    let mut packet = Packet::new_query(0);
    packet.questions.extend(questions.map(|(name, kind)| {
        // The socket's port asks for an answer to it alone; the bit asks those that overlook the port.
        Question::new(name, QTYPE::TYPE(kind), QCLASS::CLASS(CLASS::IN), true)
    }));
    packet.build_bytes_vec().unwrap_or_default()
}

impl Announcements {
    /// Keeps what an answer says of printers; what is no answer says nothing.
    pub fn read(&mut self, answer: &[u8]) {
        let Ok(packet) = Packet::parse(answer) else { return };
        let records = || packet.answers.iter().chain(&packet.additional_records);
        // Which instances there are comes first: only what is known of them is kept.
        records().for_each(|record| self.instance(record));
        records().for_each(|record| self.of_instance(record));
        let hosts: BTreeSet<String> = self.places().map(|(host, _)| key(host)).collect();
        records().filter(|record| hosts.contains(&key(&record.name))).for_each(|record| self.address(record));
    }

    fn instance(&mut self, record: &ResourceRecord) {
        let RData::PTR(pointer) = &record.rdata else { return };
        let service = SERVICES.into_iter().find(|service| is(&record.name, service));
        if let Some(service) = service
            && self.instances.len() < MOST
        {
            let name = pointer.0.clone().into_owned();
            let new = Instance { name, service, place: None, properties: None };
            self.instances.entry(key(&pointer.0)).or_insert(new);
        }
    }

    fn of_instance(&mut self, record: &ResourceRecord) {
        let Some(instance) = self.instances.get_mut(&key(&record.name)) else { return };
        match &record.rdata {
            RData::SRV(srv) => instance.place = Some((srv.target.clone().into_owned(), srv.port)),
            RData::TXT(txt) => instance.properties = Some(properties(txt)),
            _ => {}
        }
    }

    fn address(&mut self, record: &ResourceRecord) {
        let address = match &record.rdata {
            RData::A(v4) => IpAddr::from(v4.address.to_be_bytes()),
            RData::AAAA(v6) => IpAddr::from(v6.address.to_be_bytes()),
            _ => return,
        };
        let addresses = self.hosts.entry(key(&record.name)).or_default();
        if addresses.len() < MOST_OF_ONE {
            addresses.insert(address);
        }
    }

    fn places(&self) -> impl Iterator<Item = (&Name<'static>, u16)> {
        self.instances.values().filter_map(|it| it.place.as_ref()).map(|(host, port)| (host, *port))
    }

    /// Queries for what is still missing, each once: most printers say everything in their first answer.
    pub fn missing(&mut self) -> Vec<Vec<u8>> {
        let mut open: Vec<(Name<'static>, TYPE)> = Vec::new();
        for instance in self.instances.values() {
            open.extend(instance.place.is_none().then(|| (instance.name.clone(), TYPE::SRV)));
            open.extend(instance.properties.is_none().then(|| (instance.name.clone(), TYPE::TXT)));
        }
        let unknown = self.places().filter(|(host, _)| !self.hosts.contains_key(&key(host)));
        open.extend(unknown.map(|(host, _)| (host.clone(), TYPE::A)));
        open.retain(|(name, kind)| self.asked.insert((key(name), u16::from(*kind))));
        open.chunks(QUESTIONS).map(|some| query(some.iter().cloned())).collect()
    }

    /// Printers with all that is known of them; one without an address is none yet.
    pub fn announced(&self) -> Vec<Announced> {
        let of = |instance: &Instance| {
            let (host, port) = instance.place.as_ref()?;
            let mut addresses: Vec<IpAddr> = self.hosts.get(&key(host))?.iter().copied().collect();
            addresses.sort_by_key(|address| (address.is_ipv6(), *address));
            Some(Announced {
                instance: own_name(&instance.name),
                service: instance.service.to_owned(),
                addresses: addresses.iter().map(IpAddr::to_string).collect(),
                port: *port,
                properties: instance.properties.clone().unwrap_or_default(),
            })
        };
        self.instances.values().filter_map(of).collect()
    }
}

/// The first label of an instance: dots in it are its own.
fn own_name(name: &Name) -> String {
    name.get_labels().first().map(|label| String::from_utf8_lossy(label.as_ref()).into_owned()).unwrap_or_default()
}

/// `name` without case.
fn key(name: &Name) -> String {
    name.to_string().to_ascii_lowercase()
}

fn is(name: &Name, service: &str) -> bool {
    key(name) == service.trim_end_matches('.')
}

/// The first value of each key (RFC 6763, section 6.4).
fn properties(txt: &simple_dns::rdata::TXT) -> BTreeMap<String, String> {
    let mut properties = BTreeMap::new();
    for (key, value) in txt.iter_raw().take(MOST_OF_ONE) {
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        properties.entry(text(key).to_ascii_lowercase()).or_insert_with(|| text(value.unwrap_or_default()));
    }
    properties
}

#[cfg(test)]
mod tests {
    use super::*;
    use simple_dns::rdata::{A, PTR, SRV, TXT};

    const INSTANCE: &str = r"Front\.office._ipp._tcp.local";

    fn name(text: &str) -> Name<'_> {
        Name::new(text).unwrap()
    }

    fn answer(records: Vec<(&'static str, RData<'static>)>) -> Vec<u8> {
        let mut packet = Packet::new_reply(0);
        let record = |(at, rdata)| ResourceRecord::new(name(at), CLASS::IN, 10, rdata);
        packet.answers.extend(records.into_iter().map(record));
        packet.build_bytes_vec_compressed().unwrap()
    }

    fn offered() -> (&'static str, RData<'static>) {
        ("_IPP._tcp.local", RData::PTR(PTR(name(INSTANCE))))
    }

    fn place() -> (&'static str, RData<'static>) {
        (INSTANCE, RData::SRV(SRV { priority: 0, weight: 0, port: 631, target: name("Printer.local") }))
    }

    fn told() -> (&'static str, RData<'static>) {
        let txt = TXT::new().with_string("ty=Brother HL").unwrap().with_string("TY=other").unwrap();
        (INSTANCE, RData::TXT(txt))
    }

    fn address() -> (&'static str, RData<'static>) {
        ("printer.local", RData::A(A { address: 0xC000_0209 }))
    }

    #[test]
    fn a_printer_that_says_everything_at_once_is_asked_nothing_more() {
        let mut heard = Announcements::default();
        heard.read(&answer(vec![address(), told(), place(), offered()]));
        assert_eq!(heard.missing(), Vec::<Vec<u8>>::new());
        let all = heard.announced();
        assert_eq!((all.len(), all[0].port, all[0].service.as_str()), (1, 631, "_ipp._tcp.local."));
        assert_eq!((all[0].instance.as_str(), &all[0].addresses[..]), ("Front.office", &["192.0.2.9".to_owned()][..]));
        assert_eq!(all[0].properties.get("ty").map(String::as_str), Some("Brother HL"), "the first one counts");
    }

    #[test]
    fn what_a_printer_leaves_out_is_asked_for_once() {
        let mut heard = Announcements::default();
        heard.read(&answer(vec![offered()]));
        let asked = heard.missing();
        let questions = |bytes: &[u8]| Packet::parse(bytes).unwrap().questions.len();
        assert_eq!(asked.iter().map(|query| questions(query)).collect::<Vec<_>>(), [2], "where it is and what it is");
        assert!(heard.missing().is_empty() && heard.announced().is_empty());
        heard.read(&answer(vec![place(), told()]));
        assert_eq!(heard.missing().len(), 1, "its address");
        heard.read(&answer(vec![address()]));
        assert_eq!(heard.announced().len(), 1);
    }

    #[test]
    fn who_offers_no_printer_is_not_kept() {
        let mut heard = Announcements::default();
        heard.read(&answer(vec![("_ssh._tcp.local", RData::PTR(PTR(name("a._ssh._tcp.local")))), place(), address()]));
        heard.read(b"no answer at all");
        assert!(heard.instances.is_empty() && heard.hosts.is_empty() && heard.missing().is_empty());
    }

    #[test]
    fn a_flood_of_announcements_is_kept_up_to_a_limit() {
        let mut heard = Announcements::default();
        for at in 0..2 * MOST {
            let instance = format!("{at}._ipp._tcp.local");
            let mut packet = Packet::new_reply(0);
            let pointer = RData::PTR(PTR(name(&instance)));
            packet.answers.push(ResourceRecord::new(name("_ipp._tcp.local"), CLASS::IN, 10, pointer));
            heard.read(&packet.build_bytes_vec().unwrap());
        }
        assert_eq!(heard.instances.len(), MOST);
        assert_eq!(heard.missing().len(), (2 * MOST).div_ceil(QUESTIONS));
    }

    #[test]
    fn the_opening_asks_for_every_service() {
        assert_eq!(Packet::parse(&opening()).unwrap().questions.len(), SERVICES.len());
    }
}
