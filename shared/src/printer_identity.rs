//! What makes a printer the same printer, whoever saw it and whichever way: its serial number, its UUID, its MAC
//! address.

use crate::{printer::Printer, printer_details::PrinterDetails};

/// Marks that a device carries, as far as it tells them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Identity {
    pub serial: Option<String>,
    /// In small letters, without `urn:uuid:`.
    pub uuid: Option<String>,
    /// As `00:26:73:54:e2:6a`.
    pub mac: Option<String>,
}

impl Identity {
    /// The key of the asset: the strongest mark.
    pub fn key(&self) -> Option<String> {
        let mac = self.mac.as_ref().map(|mac| format!("mac {mac}"));
        self.serial.clone().or_else(|| self.uuid.clone()).or(mac)
    }

    pub fn of(printer: &Printer) -> Self {
        let known = printer.details.as_deref().cloned().unwrap_or_default();
        Self { serial: known.serial, uuid: known.uuid, mac: known.mac }
    }

    /// Marks of both; where both have one, its own.
    #[must_use]
    pub fn with(self, other: &Self) -> Self {
        Self {
            serial: self.serial.or_else(|| other.serial.clone()),
            uuid: self.uuid.or_else(|| other.uuid.clone()),
            mac: self.mac.or_else(|| other.mac.clone()),
        }
    }

    pub fn write_to(self, details: &mut PrinterDetails) {
        (details.serial, details.uuid, details.mac) = (self.serial, self.uuid, self.mac);
    }
}

/// Whether two sightings are of one device. `None` where their marks do not tell, so that only where they were
/// asked can.
pub fn same(a: &Identity, b: &Identity) -> Option<bool> {
    let both = |a: &Option<String>, b: &Option<String>| Some(a.as_ref()? == b.as_ref()?);
    let node = |it: &Identity| it.uuid.as_deref().and_then(node);
    // Many printers end their UUID with the MAC address (RFC 4122, section 4.1.6), which ties the two together
    // where they agree; another interface's address there says nothing.
    let tied = |a: &Identity, b: &Identity| node(a).is_some_and(|node| Some(&node) == b.mac.as_ref());
    if both(&a.serial, &b.serial) == Some(false) {
        return Some(false);
    }
    let agrees = both(&a.serial, &b.serial) == Some(true)
        || both(&a.uuid, &b.uuid) == Some(true)
        || both(&a.mac, &b.mac) == Some(true)
        || tied(a, b)
        || tied(b, a);
    if agrees { Some(true) } else { both(&a.uuid, &b.uuid).map(|_| false) }
}

/// The last part of a UUID, written as a MAC address.
fn node(uuid: &str) -> Option<String> {
    let digits: Vec<char> = uuid.rsplit('-').next()?.chars().collect();
    let pairs: Vec<String> = digits.chunks(2).map(String::from_iter).collect();
    (digits.len() == 12).then(|| pairs.join(":"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marks(serial: &str, uuid: &str, mac: &str) -> Identity {
        let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Identity { serial: some(serial), uuid: some(uuid), mac: some(mac) }
    }

    #[test]
    fn the_strongest_mark_is_the_key() {
        assert_eq!(marks("VCF9192281", "4509a320", "00:26:73:54:e2:6a").key().as_deref(), Some("VCF9192281"));
        assert_eq!(marks("", "4509a320", "00:26:73:54:e2:6a").key().as_deref(), Some("4509a320"));
        assert_eq!(marks("", "", "00:26:73:54:e2:6a").key().as_deref(), Some("mac 00:26:73:54:e2:6a"));
        assert_eq!(Identity::default().key(), None);
    }

    #[test]
    fn one_common_mark_makes_it_one_device_and_another_serial_number_makes_it_two() {
        assert_eq!(same(&marks("A1234", "u1", ""), &marks("A1234", "u2", "")), Some(true));
        assert_eq!(same(&marks("A1234", "u1", ""), &marks("B1234", "u1", "")), Some(false));
        assert_eq!(same(&marks("", "u1", ""), &marks("B1234", "u2", "")), Some(false));
        assert_eq!(same(&marks("A1234", "", ""), &marks("", "", "00:26:73:54:e2:6a")), None);
    }

    #[test]
    fn a_uuid_that_ends_with_the_mac_address_ties_ipp_and_snmp_together() {
        let ipp = marks("", "1c852a4d-b800-1f08-abcd-5820b1decccd", "");
        assert_eq!(same(&ipp, &marks("", "", "58:20:b1:de:cc:cd")), Some(true));
        assert_eq!(same(&ipp, &marks("", "", "58:20:b1:de:cc:ce")), None);
    }
}
