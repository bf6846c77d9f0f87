//! Reads what real printers answered by SNMP (recordings kept beside the repository, where they are present) and
//! compares it with what is known of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/data.rs"]
mod data;
#[path = "support/snmprec.rs"]
mod snmprec;

use beforehand_agent::probes::printer::snmp::{
    parse, status,
    supplies::{self, Row},
    table::Table,
};
use beforehand_shared::{
    printer::{Printer, PrinterState, SupplyLevel},
    printer_details::{DeviceStatus, Tray},
    time::Timestamp,
};
use serde_json::Value;
use std::path::{Path, PathBuf};

const NOW: Timestamp = Timestamp(1_790_000_000_000);

fn table(folder: &Path, name: &str) -> Table {
    // Texts of one recording are not UTF-8.
    let bytes = std::fs::read(folder.join(format!("{name}.snmprec"))).unwrap();
    snmprec::bindings(&String::from_utf8_lossy(&bytes)).into_iter().collect()
}

fn truth(folder: &Path) -> Value {
    serde_json::from_str(&std::fs::read_to_string(folder.join("truth.json")).unwrap()).unwrap()
}

fn folder(name: &str) -> Option<PathBuf> {
    data::public_data(&format!("printers/{name}"))
}

fn index(row: &[u32]) -> String {
    row.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

/// `wasteToner` as `waste-toner`.
fn keyword(camel: &str) -> String {
    let dashed = |c: char| if c.is_uppercase() { format!("-{}", c.to_lowercase()) } else { c.to_string() };
    camel.chars().map(dashed).collect()
}

/// What differs between a row and what is known of it.
fn row_complaint(row: &Row, known: &Value) -> Option<String> {
    let (supply, description) = (&row.supply, known["description"].as_str().unwrap());
    let percent = known["percent_remaining"].as_f64();
    let level_fits = match (supply.level, known["quality"].as_str()) {
        (SupplyLevel::Left(left), Some("exact")) => percent == Some(f64::from(left.round())),
        (level, Some("synthetic")) => level == SupplyLevel::Some && known["some_remaining"] == true,
        // Without a capacity it is not known what 100 is a hundred of.
        (SupplyLevel::Unknown, Some("assumed")) => true,
        (SupplyLevel::Left(left), Some("assumed")) => known["acceptable"] == serde_json::json!([left as i64]),
        _ => false,
    };
    let kind = known["type"].as_str().unwrap();
    // The recording lacks the column, so that the kind is a guess.
    let kind_fits = kind == "markerSupply" || supply.kind == keyword(kind);
    let waste_fits = known["is_receptacle"] == supply.kind.starts_with("waste");
    let name_fits = description.starts_with(&supply.name);
    (!(level_fits && kind_fits && waste_fits && name_fits)).then(|| format!("{supply:?} is not {known}"))
}

fn tray_complaint(trays: &[Tray], known: &Value) -> Option<String> {
    let name = known["name"].as_str().unwrap();
    let Some(tray) = trays.iter().find(|tray| tray.name == name) else { return Some(format!("no tray {name}")) };
    let fits = match known["percent_remaining"].as_u64() {
        Some(percent) => tray.left_pct.map(u64::from) == Some(percent),
        None => tray.left_pct.is_none() && tray.some,
    };
    (!fits).then(|| format!("{tray:?} is not {known}"))
}

fn supplies_complaints(table: &Table, known: &Value) -> Vec<String> {
    let rows = supplies::rows(table);
    let mut wrong = Vec::new();
    let lists = [&known["supplies"], &known["supplies_unknown"]].map(|list| list.as_array().unwrap());
    for told in lists[0] {
        match rows.iter().find(|row| index(&row.index) == told["index"]) {
            Some(row) => wrong.extend(row_complaint(row, told)),
            None => wrong.push(format!("no row {}", told["index"])),
        }
    }
    for told in lists[1] {
        let row = rows.iter().find(|row| index(&row.index) == told["index"]);
        if row.is_none_or(|row| row.supply.level != SupplyLevel::Unknown) {
            wrong.push(format!("{row:?} is not unknown"));
        }
    }
    if rows.len() != lists[0].len() + lists[1].len() {
        wrong.push(format!("{} rows", rows.len()));
    }
    wrong
}

fn status_complaints(table: &Table, known: &Value) -> Vec<String> {
    let status = status::status(table);
    let mut wrong = Vec::new();
    let device = status.device.map(|device| match device {
        DeviceStatus::Unknown => 1,
        DeviceStatus::Running => 2,
        DeviceStatus::Warning => 3,
        DeviceStatus::Testing => 4,
        DeviceStatus::Down => 5,
    });
    if device != known["hr_device_status"].as_u64() {
        wrong.push(format!("device status {device:?}"));
    }
    let errors = status.bits.filter(|bits| *bits > 0).map(|_| serde_json::json!(status.errors));
    if errors.unwrap_or(Value::Null) != known["detected_errors"] {
        wrong.push(format!("errors {:?} of {:?} bits", status.errors, status.bits));
    }
    wrong
}

/// Letters and digits in capitals, without the maker's name and what follows the model.
fn bare(model: &str) -> String {
    model.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}

fn complaints(table: &Table, known: &Value) -> Vec<String> {
    let printer = parse::printer(table, "192.0.2.9", NOW);
    let details = printer.details.as_deref().unwrap();
    let mut wrong = supplies_complaints(table, known);
    wrong.extend(known["trays"].as_array().unwrap().iter().filter_map(|tray| tray_complaint(&details.inputs, tray)));
    wrong.extend(status_complaints(table, known));
    if printer.pages != known["page_count"].as_u64() {
        wrong.push(format!("pages {:?}", printer.pages));
    }
    if details.serial.as_deref() != known["serial"].as_str() {
        wrong.push(format!("serial {:?}", details.serial));
    }
    let model = printer.model.unwrap_or_default();
    if !bare(&model).contains(&bare(known["model"].as_str().unwrap())) {
        wrong.push(format!("model {model:?}"));
    }
    wrong
}

/// What differs on purpose, with the reason.
const EXPECTED: [(&str, &str, &str); 2] = [
    (
        "jetdirect_supplies_context",
        "no row",
        "its supplies are recorded in another context, which is not among the data",
    ),
    ("jetdirect_supplies_context", "0 rows", "the same"),
];

#[test]
fn every_recording_of_a_real_printer_reads_as_its_truth_file_says() {
    let Some(folder) = folder("snmp") else { return };
    let truth = truth(&folder);
    let mut wrong = Vec::new();
    for known in truth.as_array().unwrap() {
        let name = known["capture"].as_str().unwrap();
        for complaint in complaints(&table(&folder, name), known) {
            let expected = |(of, start, _): &&(&str, &str, &str)| *of == name && complaint.starts_with(start);
            if EXPECTED.iter().find(expected).is_none() {
                wrong.push(format!("{name}: {complaint}"));
            }
        }
    }
    assert_eq!(truth.as_array().unwrap().len(), 15);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn left(printer: &Printer, name: &str) -> Option<f64> {
    let supply = printer.supplies.iter().find(|supply| supply.name.eq_ignore_ascii_case(name))?;
    match supply.level {
        SupplyLevel::Left(left) => Some(f64::from(left)),
        _ => None,
    }
}

/// Where a value of Brother's own page is shown, and by what name; nothing for what is left out.
fn shown(name: &str) -> Option<String> {
    let fixed =
        [("drum_remaining_life", "drum"), ("belt_unit_remaining_life", "belt"), ("fuser_remaining_life", "fuser")];
    if let Some((_, shown)) = fixed.iter().find(|(known, _)| *known == name) {
        return Some((*shown).to_owned());
    }
    if name == "pf_kit_1_remaining_life" {
        return Some("paper feed kit 1".to_owned());
    }
    let drum = name.strip_suffix("_drum_remaining_life").map(|colour| format!("{colour} drum"));
    let fine = ["toner", "ink"]
        .into_iter()
        .find_map(|kind| name.strip_suffix(&format!("_{kind}_remaining")).map(|colour| format!("{colour} {kind}")));
    drum.or(fine)
}

/// Left out on purpose: counters other than all pages; pages left, which are the same wear in another unit; the
/// levels in steps of ten, of which the fine ones are read; their three-step status.
fn is_left_out(name: &str) -> bool {
    let is_coarse = ["toner", "ink"].iter().any(|kind| name.ends_with(&format!("_{kind}")));
    let is_other = name.ends_with("_counter") && name != "page_counter" || name == "duplex_unit_pages_counter";
    is_coarse || is_other || name.ends_with("_remaining_pages") || name.ends_with("_status")
}

#[test]
fn brothers_own_records_read_as_its_own_pages_show() {
    let Some(folder) = folder("brother") else { return };
    let (truth, mut read) = (truth(&folder), 0);
    for known in truth["captures"].as_array().unwrap() {
        let name = known["capture"].as_str().unwrap();
        let printer = parse::printer(&table(&folder, name), "192.0.2.9", NOW);
        for (what, value) in known["expected"].as_object().unwrap() {
            match what.as_str() {
                "status" => {
                    let message = printer.message.clone().unwrap_or_default().to_lowercase();
                    assert_eq!(message, value.as_str().unwrap(), "{name}");
                }
                // The standard counter counts the printer's whole life; Brother's own began anew with a part.
                "page_counter" if name == "brother-hl-l2340dw" => assert_eq!(printer.pages, Some(1_279)),
                "page_counter" => assert_eq!(printer.pages, value.as_u64(), "{name}"),
                left_out if is_left_out(left_out) => continue,
                level => {
                    let shown = shown(level).unwrap_or_else(|| level.to_owned());
                    assert_eq!(left(&printer, &shown), value.as_f64(), "{name}: {level}, {:?}", printer.supplies);
                }
            }
            read += 1;
        }
        assert!(parse::is_printer(&table(&folder, name)), "{name}");
    }
    assert!(read >= 40, "only {read} values were compared");
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
