//! One printer from its answer to Get-Printer-Attributes (RFC 8011, section 4.2.5).

use super::{
    address, alert, identity,
    ipp::{self, Attributes, IppError},
    supply,
};
use ::ipp::prelude::DelimiterTag;
use beforehand_shared::{
    limits,
    printer::{Printer, PrinterState},
    printer_details::{PrinterDetails, Way},
    printer_identity::Identity,
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
    let Identity { serial, uuid, mac } = identity(attributes);
    Ok(Printer {
        key: identity(attributes).key().unwrap_or_else(|| uri.to_owned()),
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
        details: Some(Box::new(PrinterDetails {
            serial,
            uuid,
            mac,
            addresses: address::of_device(uri).into_iter().collect(),
            seen_by: vec![Way::Ipp],
            ..PrinterDetails::default()
        })),
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

/// What is engraved in the device, as far as it tells; an IEEE 1284 device id holds the serial number.
fn identity(attributes: &Attributes) -> Identity {
    let id = attributes.text("printer-device-id");
    let serial = id.and_then(|id| identity::field(&id, &["SN", "SERN", "SERIALNUMBER", "SERIAL", "SER"]));
    let uuid = attributes.text("printer-uuid").and_then(|uuid| identity::uuid(&uuid));
    Identity { serial: serial.and_then(|serial| identity::serial(&serial)), uuid, mac: None }
}
