//! Reads parts of what real printers answered by SNMP (recordings kept beside the repository, where they are
//! present), each for one thing that others read wrong. Whole printers: `tests/foresight`, task `readings`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/data.rs"]
mod data;
#[path = "support/snmprec.rs"]
mod snmprec;

use beforehand_agent::probes::printer::snmp::{parse, table::Table};
use beforehand_shared::{
    printer::{Printer, PrinterState, SupplyLevel},
    time::Timestamp,
};
use std::path::{Path, PathBuf};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn table(folder: &Path, name: &str) -> Table {
    // Texts of one recording are not UTF-8.
    let bytes = std::fs::read(folder.join(format!("{name}.snmprec"))).unwrap();
    snmprec::bindings(&String::from_utf8_lossy(&bytes)).into_iter().collect()
}

fn folder(name: &str) -> Option<PathBuf> {
    data::public_data(&format!("printers/{name}"))
}

fn fragment(name: &str) -> Option<Printer> {
    Some(parse::printer(&table(&folder("fragments")?, name), "192.0.2.9", NOW))
}

#[test]
fn a_missing_tray_is_told_as_the_printer_tells_it() {
    let state = |name: &str| fragment(name).map(|printer| (printer.state, printer.reasons.join(" ")));
    let Some(idle) = state("brother-mfc-j5110dw-idle") else { return };
    assert_eq!(idle, (PrinterState::Idle, String::new()));
    // Down, and not a word why: its cause is not made up.
    assert_eq!(state("brother-mfc-j5110dw-tray2-missing").unwrap(), (PrinterState::Stopped, String::new()));
    assert_eq!(state("brother-mfc-j5110dw-tray1-missing").unwrap(), (PrinterState::Stopped, "offline-error".into()));
}

#[test]
fn one_byte_of_errors_is_eight_bits() {
    let Some(printer) = fragment("kyocera-m8130cidn-lowtoner") else { return };
    assert_eq!((printer.reasons, printer.details.unwrap().error_bits), (vec!["toner-low-warning".into()], Some(8)));
}

#[test]
fn impressions_of_a_cartridge_are_per_cent_and_a_box_without_a_number_is_only_some() {
    let Some(printer) = fragment("kyocera-tk3130") else { return };
    let read: Vec<_> = printer.supplies.iter().map(|supply| (supply.kind.starts_with("waste"), supply.level)).collect();
    assert_eq!(read, [(false, SupplyLevel::Left(26.0)), (true, SupplyLevel::Some)]);
}

#[test]
fn twenty_two_supplies_without_class_type_and_unit_are_all_read() {
    let Some(printer) = fragment("xerox-workcentre-futurice") else { return };
    let levels: Vec<SupplyLevel> = printer.supplies.iter().map(|supply| supply.level).collect();
    assert_eq!(levels.len(), 22);
    let whole = |level: &SupplyLevel| matches!(level, SupplyLevel::Left(left) if (0.0..=100.0).contains(left));
    assert_eq!(levels.iter().filter(|level| whole(level)).count(), 21, "one has a capacity and no level: {levels:?}");
    let rounded: Vec<f32> = levels
        .iter()
        .take(6)
        .map(|level| if let SupplyLevel::Left(left) = level { left.round() } else { -1.0 })
        .collect();
    assert_eq!(rounded, [11.0, 30.0, 66.0, 24.0, 100.0, 88.0]);
}

#[test]
fn alerts_with_holes_in_their_numbers_keep_code_and_text_together() {
    let Some(printer) = fragment("hp-designjet-z5200-alerts-partial") else { return };
    let found =
        |text: &str| printer.alerts.iter().find(|alert| alert.text.as_deref() == Some(text)).unwrap().code.clone();
    assert_eq!(printer.alerts.len(), 7);
    assert_eq!(found("Lower lever"), "doorOpen");
    assert_eq!(found("Main roll path out of paper"), "other");
    assert_eq!(found("deleted"), "unknown");
}
