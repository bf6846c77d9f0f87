//! Whether a printer prints, and why not, by the Host Resources MIB (RFC 2790). Pure.

use super::{mib, table::Table};
use beforehand_shared::{printer::PrinterState, printer_details::DeviceStatus};

/// Bits of `hrPrinterDetectedErrorState` in their order, with the keyword of IPP (RFC 8011, section 5.4.12) that
/// means the same; the suffix says what becomes of printing.
const ERRORS: [(&str, &str); 15] = [
    ("lowPaper", "media-low-warning"),
    ("noPaper", "media-empty-error"),
    ("lowToner", "toner-low-warning"),
    ("noToner", "toner-empty-error"),
    ("doorOpen", "door-open-error"),
    ("jammed", "media-jam-error"),
    ("offline", "offline-error"),
    ("serviceRequested", "service-needed-warning"),
    ("inputTrayMissing", "input-tray-missing-error"),
    ("outputTrayMissing", "output-tray-missing-error"),
    ("markerSupplyMissing", "marker-supply-missing-error"),
    ("outputNearFull", "output-area-almost-full-warning"),
    ("outputFull", "output-area-full-error"),
    ("inputTrayEmpty", "input-tray-empty-warning"),
    ("overduePreventMaint", "maintenance-overdue-warning"),
];

/// What the printer reports of itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Status {
    /// `hrDeviceStatus`, where it is told.
    pub device: Option<DeviceStatus>,
    pub state: PrinterState,
    /// Whether it tells its state at all; else [`Status::state`] is a guess.
    pub told: bool,
    /// How many bits of the error state were sent: those beyond are not reported, and not "fine".
    pub bits: Option<u8>,
    /// Names of the set bits, as in the MIB.
    pub errors: Vec<&'static str>,
    /// The same in the words of IPP.
    pub reasons: Vec<&'static str>,
}

pub fn status(table: &Table) -> Status {
    let row = printer_row(table);
    let number = |column| table.number(column, &row);
    let (device, printer) = (number(mib::HR_DEVICE_STATUS), number(mib::HR_PRINTER_STATUS));
    let sent = table.bytes(mib::HR_PRINTER_DETECTED_ERROR_STATE, &row).map(|bytes| &bytes[..bytes.len().min(2)]);
    let set: Vec<usize> = (0..ERRORS.len()).filter(|bit| sent.is_some_and(|bytes| is_set(bytes, *bit))).collect();
    Status {
        device: device.map(|device| match device {
            2 => DeviceStatus::Running,
            3 => DeviceStatus::Warning,
            4 => DeviceStatus::Testing,
            5 => DeviceStatus::Down,
            _ => DeviceStatus::Unknown,
        }),
        state: match (device, printer) {
            (Some(5), _) => PrinterState::Stopped,
            (_, Some(4)) => PrinterState::Processing,
            _ => PrinterState::Idle,
        },
        told: matches!(device, Some(2..=5)) || matches!(printer, Some(3..=5)),
        bits: sent.and_then(|bytes| u8::try_from(8 * bytes.len()).ok()),
        errors: set.iter().map(|bit| ERRORS[*bit].0).collect(),
        reasons: set.iter().map(|bit| ERRORS[*bit].1).collect(),
    }
}

/// Bit 0 is the highest of the first byte.
fn is_set(bytes: &[u8], bit: usize) -> bool {
    bytes.get(bit / 8).is_some_and(|byte| byte & (0x80 >> (bit % 8)) != 0)
}

/// The row of the printer among the devices: a machine may list its memory and its network first.
pub(super) fn printer_row(table: &Table) -> Vec<u32> {
    let told = [mib::HR_PRINTER_STATUS, mib::HR_PRINTER_DETECTED_ERROR_STATE].into_iter();
    let by_printer = told.filter_map(|column| table.column(column).next()).map(|(row, _)| row.to_vec()).next();
    let devices = || table.column(mib::HR_DEVICE_TYPE).map(|(row, _)| row.to_vec());
    let is_printer = |row: &Vec<u32>| table.oid(mib::HR_DEVICE_TYPE, row) == Some(mib::HR_DEVICE_PRINTER);
    by_printer.or_else(|| devices().find(is_printer)).unwrap_or_else(|| vec![1])
}

/// Whether the row of the printer is among those of the devices; true where no device is listed at all.
pub(super) fn has_printer_row(table: &Table) -> bool {
    !table.has_below(mib::HR_DEVICE_STATUS) || table.number(mib::HR_DEVICE_STATUS, &printer_row(table)).is_some()
}

#[cfg(test)]
mod tests {
    use super::{super::table::Value, *};

    fn answered(device: Option<i64>, printer: Option<i64>, errors: Option<&[u8]>) -> Status {
        let mut table = Table::default();
        let mut put = |column: mib::Id, value: Option<Value>| {
            value.into_iter().for_each(|value| table.insert([column, &[1]].concat(), value));
        };
        put(mib::HR_DEVICE_STATUS, device.map(Value::Number));
        put(mib::HR_PRINTER_STATUS, printer.map(Value::Number));
        put(mib::HR_PRINTER_DETECTED_ERROR_STATE, errors.map(|bytes| Value::Bytes(bytes.to_vec())));
        status(&table)
    }

    #[test]
    fn a_byte_that_is_missing_is_not_reported_and_not_fine() {
        let bits = |errors| answered(Some(2), Some(3), errors).bits;
        assert_eq!(
            [None, Some(&b""[..]), Some(b"\0"), Some(b"\0\0"), Some(b"\0\0\0")].map(bits),
            [None, Some(0), Some(8), Some(16), Some(16)]
        );
    }

    #[test]
    fn one_byte_of_hex_20_is_low_toner_and_no_jam() {
        assert_eq!(answered(Some(3), None, Some(&[0x20])).errors, ["lowToner"]);
        assert_eq!(answered(Some(5), None, Some(&[0x04, 0x80])).errors, ["jammed", "inputTrayMissing"]);
    }

    #[test]
    fn down_is_stopped_and_silence_is_no_state() {
        assert_eq!(answered(Some(5), Some(1), None).state, PrinterState::Stopped);
        assert_eq!(answered(Some(2), Some(4), None).state, PrinterState::Processing);
        assert!(!answered(None, None, Some(b"\0")).told);
        assert!(!answered(Some(1), Some(2), None).told);
    }
}
