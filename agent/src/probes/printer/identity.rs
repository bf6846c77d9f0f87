//! What makes a printer the same printer, whoever asks and whichever way: its serial number, its UUID, its MAC
//! address, and where it was asked only when nothing else is known. Pure.

use beforehand_shared::{limits, printer::Printer, printer_details::PrinterDetails, text};

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

/// The last part of a UUID as a MAC address.
fn node(uuid: &str) -> Option<String> {
    let digits = uuid.rsplit('-').next().filter(|digits| digits.len() == 12)?;
    mac(&hex::decode(digits).ok()?)
}

/// A serial number as it is compared: in capitals, without blanks. What is too short or of one character only is
/// a placeholder (`0000000000`, `XXXXXXXX`, `<private>`), and the same on many printers.
pub fn serial(raw: &str) -> Option<String> {
    let cleaned = text::clean(raw, limits::TEXT_CHARS).to_uppercase();
    let serial: String = cleaned.chars().filter(|c| !c.is_whitespace()).collect();
    let first = serial.chars().next()?;
    let is_word = serial.chars().all(|c| c.is_ascii_alphanumeric() || "-_./".contains(c));
    let is_plausible = (5..=40).contains(&serial.len()) && is_word && serial.chars().any(|c| c.is_ascii_digit());
    let is_placeholder = serial.chars().all(|c| c == first) || "0123456789".contains(serial.as_str());
    (is_plausible && !is_placeholder).then_some(serial)
}

/// A UUID as it is compared; the nil UUID is none.
pub fn uuid(raw: &str) -> Option<String> {
    let uuid = raw.trim().to_ascii_lowercase();
    let uuid = uuid.strip_prefix("urn:uuid:").unwrap_or(&uuid);
    uuid.chars().any(|c| c.is_ascii_hexdigit() && c != '0').then(|| uuid.to_owned())
}

/// A MAC address of a device; groups and empty addresses are none.
pub fn mac(bytes: &[u8]) -> Option<String> {
    let bytes: &[u8; 6] = bytes.try_into().ok()?;
    let is_one = bytes[0] & 1 == 0 && bytes.iter().any(|byte| *byte != 0);
    is_one.then(|| bytes.map(|byte| format!("{byte:02x}")).join(":"))
}

/// A field of an IEEE 1284 device id (`MFG:…;MDL:…;SN:…;`), by any of its names.
pub fn field(device_id: &str, names: &[&str]) -> Option<String> {
    let pairs = device_id.split(';').filter_map(|pair| pair.split_once(':'));
    let mut found = pairs.filter(|(name, _)| names.contains(&name.trim())).map(|(_, value)| value.trim().to_owned());
    found.find(|value| !value.is_empty())
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

    #[test]
    fn placeholders_are_no_serial_numbers() {
        assert_eq!(serial(" vcf 9192281\0 ").as_deref(), Some("VCF9192281"));
        for none in ["", "0000000000", "XXXXXXXX", "1234", "<private>", "SERIAL_NUMBER", "123456789"] {
            assert_eq!(serial(none), None, "{none}");
        }
    }

    #[test]
    fn nil_uuids_and_empty_addresses_are_none() {
        assert_eq!(uuid("urn:uuid:4509A320-00A0").as_deref(), Some("4509a320-00a0"));
        assert_eq!(uuid("urn:uuid:00000000-0000-0000-0000-000000000000"), None);
        assert_eq!(mac(&[0, 0x26, 0x73, 0x54, 0xe2, 0x6a]).as_deref(), Some("00:26:73:54:e2:6a"));
        assert_eq!([mac(&[0; 6]), mac(&[0xff; 6]), mac(&[]), mac(&[1; 8])], [None, None, None, None]);
    }

    #[test]
    fn a_field_of_a_device_id_is_found_whatever_it_is_called() {
        let serial = |id| field(id, &["SN", "SERN"]);
        assert_eq!(serial("MFG:HP;MDL:X;SN:CN1234;").as_deref(), Some("CN1234"));
        assert_eq!(serial("MANUFACTURER:Kyocera;SERN: VCG123 ;").as_deref(), Some("VCG123"));
        assert_eq!(serial("MFG:Xerox;CMD:PCL6;SN:;"), None);
    }
}
