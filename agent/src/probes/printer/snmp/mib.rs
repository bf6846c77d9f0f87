//! Object identifiers that are read: RFC 3805 (Printer-MIB), RFC 2790 (Host-Resources-MIB), RFC 3418, RFC 2863,
//! and those below a maker's number (IANA private enterprise numbers) where the standard says nothing.

pub(super) type Id = &'static [u32];

pub(super) const SYS_DESCR: Id = &[1, 3, 6, 1, 2, 1, 1, 1];
pub(super) const SYS_OBJECT_ID: Id = &[1, 3, 6, 1, 2, 1, 1, 2];
pub(super) const SYS_UP_TIME: Id = &[1, 3, 6, 1, 2, 1, 1, 3];
pub(super) const IF_PHYS_ADDRESS: Id = &[1, 3, 6, 1, 2, 1, 2, 2, 1, 6];

pub(super) const HR_DEVICE_TYPE: Id = &[1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 2];
pub(super) const HR_DEVICE_DESCR: Id = &[1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 3];
pub(super) const HR_DEVICE_STATUS: Id = &[1, 3, 6, 1, 2, 1, 25, 3, 2, 1, 5];
pub(super) const HR_PRINTER_STATUS: Id = &[1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 1];
pub(super) const HR_PRINTER_DETECTED_ERROR_STATE: Id = &[1, 3, 6, 1, 2, 1, 25, 3, 5, 1, 2];
/// `hrDevicePrinter`: the type of a device that is a printer.
pub(super) const HR_DEVICE_PRINTER: Id = &[1, 3, 6, 1, 2, 1, 25, 3, 1, 5];

pub(super) const PRINTER_MIB: Id = &[1, 3, 6, 1, 2, 1, 43];
pub(super) const GENERAL_PRINTER_NAME: Id = &[1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 16];
pub(super) const GENERAL_SERIAL_NUMBER: Id = &[1, 3, 6, 1, 2, 1, 43, 5, 1, 1, 17];
pub(super) const COVER_DESCRIPTION: Id = &[1, 3, 6, 1, 2, 1, 43, 6, 1, 1, 2];
pub(super) const COVER_STATUS: Id = &[1, 3, 6, 1, 2, 1, 43, 6, 1, 1, 3];
pub(super) const INPUT_MAX_CAPACITY: Id = &[1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 9];
pub(super) const INPUT_CURRENT_LEVEL: Id = &[1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 10];
pub(super) const INPUT_NAME: Id = &[1, 3, 6, 1, 2, 1, 43, 8, 2, 1, 13];
pub(super) const OUTPUT_MAX_CAPACITY: Id = &[1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 4];
pub(super) const OUTPUT_REMAINING_CAPACITY: Id = &[1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 5];
pub(super) const OUTPUT_NAME: Id = &[1, 3, 6, 1, 2, 1, 43, 9, 2, 1, 7];
pub(super) const MARKER_LIFE_COUNT: Id = &[1, 3, 6, 1, 2, 1, 43, 10, 2, 1, 4];
pub(super) const SUPPLY_COLORANT_INDEX: Id = &[1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 3];
pub(super) const SUPPLY_CLASS: Id = &[1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 4];
pub(super) const SUPPLY_TYPE: Id = &[1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 5];
pub(super) const SUPPLY_DESCRIPTION: Id = &[1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 6];
pub(super) const SUPPLY_UNIT: Id = &[1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 7];
pub(super) const SUPPLY_MAX_CAPACITY: Id = &[1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 8];
pub(super) const SUPPLY_LEVEL: Id = &[1, 3, 6, 1, 2, 1, 43, 11, 1, 1, 9];
pub(super) const COLORANT_VALUE: Id = &[1, 3, 6, 1, 2, 1, 43, 12, 1, 1, 4];
pub(super) const CONSOLE_TEXT: Id = &[1, 3, 6, 1, 2, 1, 43, 16, 5, 1, 2];
pub(super) const ALERT_SEVERITY: Id = &[1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 2];
pub(super) const ALERT_GROUP: Id = &[1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 4];
pub(super) const ALERT_CODE: Id = &[1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 7];
pub(super) const ALERT_DESCRIPTION: Id = &[1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 8];
pub(super) const ALERT_TIME: Id = &[1, 3, 6, 1, 2, 1, 43, 18, 1, 1, 9];

/// `enterprises`: a maker's own number follows.
pub(super) const ENTERPRISES: Id = &[1, 3, 6, 1, 4, 1];
pub(super) const HP: u32 = 11;
pub(super) const RICOH: u32 = 367;
pub(super) const KYOCERA: u32 = 1_347;
pub(super) const CANON: u32 = 1_602;
pub(super) const BROTHER: u32 = 2_435;
pub(super) const KONICA_MINOLTA: u32 = 18_334;

pub(super) const HP_SERIAL: Id = &[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 1, 3, 3];
/// The IEEE 1284 device id; HP's place for it, which others share.
pub(super) const HP_DEVICE_ID: Id = &[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 1, 1, 7];
/// `consumable-status` and what follows it: units and what is left of them, for a cartridge, its drum and its developer.
pub(super) const HP_USAGE_UNITS: Id = &[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 10, 1, 1, 17];
pub(super) const HP_USAGE_COUNT: Id = &[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 10, 1, 1, 18];
pub(super) const HP_DEVELOPER_UNITS: Id = &[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 10, 1, 1, 36];
pub(super) const HP_DEVELOPER_LIFE: Id = &[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 10, 1, 1, 37];
pub(super) const HP_DRUM_UNITS: Id = &[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 10, 1, 1, 38];
pub(super) const HP_DRUM_LIFE: Id = &[1, 3, 6, 1, 4, 1, 11, 2, 3, 9, 4, 2, 1, 4, 1, 10, 1, 1, 39];
pub(super) const RICOH_SERIAL: Id = &[1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 1, 4];
pub(super) const RICOH_TONER_NAME: Id = &[1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 24, 1, 1, 2];
pub(super) const RICOH_TONER_LEVEL: Id = &[1, 3, 6, 1, 4, 1, 367, 3, 2, 1, 2, 24, 1, 1, 5];
pub(super) const KYOCERA_SERIAL: Id = &[1, 3, 6, 1, 4, 1, 1347, 43, 5, 1, 1, 28];
pub(super) const CANON_MODEL: Id = &[1, 3, 6, 1, 4, 1, 1602, 1, 1, 1, 1];
/// Of the whole device, and of older printers.
pub(super) const CANON_DEVICE_SERIAL: Id = &[1, 3, 6, 1, 4, 1, 1602, 1, 2, 1, 8, 1, 3];
pub(super) const CANON_SERIAL: Id = &[1, 3, 6, 1, 4, 1, 1602, 1, 2, 1, 4];
/// Pieces of a document, in their order.
pub(super) const CANON_STATUS_DOCUMENT: Id = &[1, 3, 6, 1, 4, 1, 1602, 1, 5, 1, 6, 2, 2];
pub(super) const KONICA_MODEL: Id = &[1, 3, 6, 1, 4, 1, 18334, 1, 1, 1, 1, 6, 2, 1];
pub(super) const BROTHER_DEVICE_ID: Id = &[1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 1, 1, 7];
pub(super) const BROTHER_DISPLAY: Id = &[1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 4, 2, 1, 5, 4, 5, 2];
pub(super) const BROTHER_SERIAL: Id = &[1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 4, 2, 1, 5, 5, 1];
pub(super) const BROTHER_MAINTENANCE: Id = &[1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 4, 2, 1, 5, 5, 8];
pub(super) const BROTHER_COUNTERS: Id = &[1, 3, 6, 1, 4, 1, 2435, 2, 3, 9, 4, 2, 1, 5, 5, 10];
