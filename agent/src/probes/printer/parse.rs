//! One printer from its answer to Get-Printer-Attributes (RFC 8011, section 4.2.5).

use super::{
    alert,
    ipp::{self, Attributes, IppError},
    supply,
};
use ::ipp::prelude::DelimiterTag;
use beforehand_shared::{
    limits,
    printer::{Printer, PrinterState},
};

/// What is asked for; everything else a printer has to say stays there.
pub const WANTED: [&str; 23] = [
    "marker-colors",
    "marker-levels",
    "marker-names",
    "marker-types",
    "printer-alert",
    "printer-alert-description",
    "printer-device-id",
    "printer-dns-sd-name",
    "printer-impressions-completed",
    "printer-info",
    "printer-make-and-model",
    "printer-media-sheets-completed",
    "printer-name",
    "printer-pages-completed",
    "printer-state",
    "printer-state-message",
    "printer-state-reasons",
    "printer-supply",
    "printer-supply-description",
    "printer-up-time",
    "printer-uuid",
    "queued-job-count",
    "printer-is-accepting-jobs",
];

/// The printer that was asked at `uri`.
pub fn printer(answer: &[u8], uri: &str) -> Result<Printer, IppError> {
    let groups = ipp::groups(answer, DelimiterTag::PrinterAttributes)?;
    let attributes = groups.first().ok_or(IppError::NoState)?;
    let model = attributes.text("printer-make-and-model");
    let names = ["printer-dns-sd-name", "printer-info", "printer-name"];
    let name = names.iter().find_map(|name| attributes.text(name)).or_else(|| model.clone());
    let pages = ["printer-impressions-completed", "printer-pages-completed", "printer-media-sheets-completed"];
    Ok(Printer {
        key: key(attributes).unwrap_or_else(|| uri.to_owned()),
        uri: uri.to_owned(),
        name: name.unwrap_or_else(|| uri.to_owned()),
        model,
        state: state(attributes)?,
        reasons: reasons(attributes),
        message: attributes.text("printer-state-message"),
        alerts: alert::alerts(&attributes.texts("printer-alert"), &attributes.texts("printer-alert-description")),
        supplies: supply::supplies(attributes),
        jobs: attributes.count("queued-job-count"),
        pages: pages.iter().find_map(|name| attributes.count(name)).map(u64::from),
    })
}

/// `printer-state`: 3, 4 or 5.
pub(super) fn state(attributes: &Attributes) -> Result<PrinterState, IppError> {
    match attributes.number("printer-state") {
        Some(3) => Ok(PrinterState::Idle),
        Some(4) => Ok(PrinterState::Processing),
        Some(5) => Ok(PrinterState::Stopped),
        _ => Err(IppError::NoState),
    }
}

/// `printer-state-reasons` without the literal `none`.
pub(super) fn reasons(attributes: &Attributes) -> Vec<String> {
    let mut reasons = attributes.texts("printer-state-reasons");
    reasons.retain(|reason| reason != "none" && !reason.is_empty());
    reasons.truncate(limits::PRINTER_LIST);
    reasons
}

/// What identifies the device wherever it is asked from.
fn key(attributes: &Attributes) -> Option<String> {
    let uuid = attributes.text("printer-uuid").map(|uuid| uuid.to_ascii_lowercase());
    let uuid = uuid.map(|uuid| uuid.strip_prefix("urn:uuid:").map_or_else(|| uuid.clone(), str::to_owned));
    let is_real = |uuid: &String| uuid.chars().any(|c| c.is_ascii_hexdigit() && c != '0');
    uuid.filter(is_real).or_else(|| serial(&attributes.text("printer-device-id")?))
}

/// The serial number in an IEEE 1284 device id (`MFG:…;MDL:…;SN:…;`), with its maker.
fn serial(device_id: &str) -> Option<String> {
    let field = |names: &[&str]| {
        let pairs = device_id.split(';').filter_map(|pair| pair.split_once(':'));
        let mut found =
            pairs.filter(|(name, _)| names.contains(&name.trim())).map(|(_, value)| value.trim().to_owned());
        found.find(|value| !value.is_empty())
    };
    let serial = field(&["SN", "SERN", "SERIALNUMBER", "SERIAL"])?;
    let maker = field(&["MFG", "MANUFACTURER"]).unwrap_or_default();
    Some(format!("{maker} {serial}").trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_serial_number_is_found_whatever_its_field_is_called() {
        assert_eq!(serial("MFG:HP;MDL:X;SN:CN1234;"), Some("HP CN1234".into()));
        assert_eq!(serial("MANUFACTURER:Kyocera;SERN: VCG123 ;"), Some("Kyocera VCG123".into()));
        assert_eq!(serial("MFG:Xerox;CMD:PCL6;SN:;"), None);
    }
}
