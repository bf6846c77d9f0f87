//! One printer from its tables. Pure.

use super::{
    alerts, brother, mib, parts,
    status::{self, Status},
    supplies,
    table::{Table, Value},
};
use crate::probes::printer::{address as place, identity};
use beforehand_shared::{
    limits,
    printer::Printer,
    printer_details::{PrinterDetails, Way},
    printer_identity::Identity,
    time::Timestamp,
};

/// The printer that was asked at `address`, whose answers are `table`; `now` is when it was asked.
pub fn printer(table: &Table, address: &str, now: Timestamp) -> Printer {
    let Status { device, state, bits, reasons, .. } = status::status(table);
    let identity = identity(table);
    let model = model(table);
    let name = table.first_text(mib::GENERAL_PRINTER_NAME).or_else(|| model.clone());
    let console = parts::console(table);
    let message = (!console.is_empty()).then(|| console.join(" ").chars().take(limits::TEXT_CHARS).collect());
    Printer {
        key: identity.key().unwrap_or_else(|| address.to_owned()),
        uri: format!("snmp://{address}"),
        name: name.unwrap_or_else(|| address.to_owned()),
        model,
        state,
        reasons: reasons.into_iter().map(str::to_owned).collect(),
        message,
        alerts: alerts::alerts(table, now),
        supplies: supplies::supplies(table),
        jobs: None,
        pages: pages(table),
        details: Some(Box::new(PrinterDetails {
            serial: identity.serial,
            uuid: identity.uuid,
            mac: identity.mac,
            addresses: vec![place::host(address)],
            seen_by: vec![Way::Snmp],
            device_status: device,
            error_bits: bits,
            inputs: parts::inputs(table),
            outputs: parts::outputs(table),
            open_covers: parts::open_covers(table),
            console,
            ..PrinterDetails::default()
        })),
    }
}

/// Whether these are answers of a printer, and not of a switch or a server.
pub fn is_printer(table: &Table) -> bool {
    let of_printers = [mib::PRINTER_MIB, mib::HR_PRINTER_STATUS, mib::HR_PRINTER_DETECTED_ERROR_STATE];
    of_printers.iter().any(|prefix| table.has_below(prefix))
        || table.column(mib::HR_DEVICE_TYPE).any(|(_, kind)| *kind == Value::Oid(mib::HR_DEVICE_PRINTER.to_vec()))
        || table.has_below(mib::BROTHER_MAINTENANCE)
}

/// What is engraved in the device, as far as it tells.
pub fn identity(table: &Table) -> Identity {
    let columns = [
        mib::GENERAL_SERIAL_NUMBER,
        mib::BROTHER_SERIAL,
        mib::RICOH_SERIAL,
        mib::KYOCERA_SERIAL,
        mib::CANON_DEVICE_SERIAL,
        mib::CANON_SERIAL,
    ];
    let serial = columns.into_iter().find_map(|column| identity::serial(&table.first_text(column)?));
    let addresses = table.column(mib::IF_PHYS_ADDRESS).filter_map(|(_, value)| match value {
        Value::Bytes(bytes) => identity::mac(bytes),
        _ => None,
    });
    Identity { serial: serial.or_else(|| hp_serial(table)), uuid: None, mac: addresses.max_by_key(|mac| rank(mac)) }
}

/// A made-up address (RFC 7042, section 2.1) is of a virtual interface and counts less; of two of a kind the
/// smaller counts, so that the order of interfaces does not matter.
fn rank(mac: &str) -> (bool, std::cmp::Reverse<String>) {
    let first = mac.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
    (first & 2 == 0, std::cmp::Reverse(mac.to_owned()))
}

/// HP writes a type and a length before the text.
fn hp_serial(table: &Table) -> Option<String> {
    let (_, Value::Bytes(bytes)) = table.column(mib::HP_SERIAL).next()? else { return None };
    let start = bytes.iter().position(u8::is_ascii_alphanumeric)?;
    let text = bytes[start..].split(|byte| !byte.is_ascii_graphic()).next()?;
    identity::serial(std::str::from_utf8(text).ok()?)
}

/// `hrDeviceDescr` of the printer, or what the maker or `sysDescr` says where that is general.
fn model(table: &Table) -> Option<String> {
    let device =
        table.text(mib::HR_DEVICE_DESCR, &status::printer_row(table)).filter(|text| !text.starts_with("Generic"));
    let own = || [mib::KONICA_MODEL, mib::CANON_MODEL].into_iter().find_map(|column| table.first_text(column));
    let ids = || [mib::BROTHER_DEVICE_ID, mib::HP_DEVICE_ID].into_iter().find_map(|column| table.first_text(column));
    device.or_else(own).or_else(|| identity::field(&ids()?, &["MDL", "MODEL"])).or_else(|| system_model(table))
}

/// `sysDescr`, as far as it is about the model: `…,PID:HP Color LaserJet`, `Xerox AltaLink C8045; SS 100…`.
fn system_model(table: &Table) -> Option<String> {
    let text = table.first_text(mib::SYS_DESCR)?;
    let product = text.split_once("PID:").map(|(_, product)| product.split(',').next().unwrap_or_default());
    let start = text.split([';', ',']).next().unwrap_or_default();
    Some(product.unwrap_or(start).trim().to_owned()).filter(|model| !model.is_empty())
}

fn pages(table: &Table) -> Option<u64> {
    let standard = table.first_number(mib::MARKER_LIFE_COUNT).and_then(|pages| u64::try_from(pages).ok());
    standard.or_else(|| brother::pages(table))
}
