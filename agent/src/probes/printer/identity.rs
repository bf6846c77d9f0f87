//! The marks of printers as they are compared: serial numbers, UUIDs, MAC addresses, fields of device ids. Pure.

use beforehand_shared::{limits, text};

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
