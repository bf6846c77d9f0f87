//! Recordings of printers that answered SNMP (`printers/snmp`).

use super::{
    Compared,
    compared::{json, list, text},
    recording,
};
use crate::data::Data;
use anyhow::{Context, Result};
use beforehand_agent::probes::printer::snmp::{
    parse, status,
    supplies::{self, Row},
    table::Table,
};
use beforehand_shared::{
    printer::{Printer, SupplyLevel},
    printer_details::{DeviceStatus, PrinterDetails, Tray},
    time::Timestamp,
};
use serde_json::{Value, json};
use std::path::Path;

pub(super) const TRUTH: &str = "printers/snmp/truth.json";
const NOW: Timestamp = Timestamp(1_790_000_000_000);

pub(super) fn compare(data: &Data) -> Result<Compared> {
    let truth = data.file(TRUTH)?;
    let mut compared = Compared::default();
    for known in list(&json(&truth)?) {
        let name = text(&known["capture"]);
        let table = table(&truth, name)?;
        supplies_of(&mut compared, name, &table, known);
        status_of(&mut compared, name, &table, known);
        device(&mut compared, name, &printer(&table), known);
    }
    Ok(compared)
}

/// The recording `name` beside its truth.
pub(super) fn table(truth: &Path, name: &str) -> Result<Table> {
    let path = truth.with_file_name(format!("{name}.snmprec"));
    let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
    // Texts of one recording are not UTF-8.
    Ok(recording::bindings(&String::from_utf8_lossy(&bytes)).into_iter().collect())
}

pub(super) fn printer(table: &Table) -> Printer {
    parse::printer(table, "192.0.2.9", NOW)
}

fn supplies_of(compared: &mut Compared, name: &str, table: &Table, known: &Value) {
    let rows = supplies::rows(table);
    let find = |told: &Value| rows.iter().find(|row| index(&row.index) == text(&told["index"]));
    let (told, unknown) = (list(&known["supplies"]), list(&known["supplies_unknown"]));
    for told in told {
        supply(compared, name, find(told), told);
    }
    for told in unknown {
        let row = find(told);
        let fits = row.is_some_and(|row| row.supply.level == SupplyLevel::Unknown);
        compared.value(name, &format!("supply {} not told", text(&told["index"])), fits, &row);
    }
    compared.value(name, "number of supplies", rows.len() == told.len() + unknown.len(), &rows.len());
}

fn supply(compared: &mut Compared, name: &str, row: Option<&Row>, known: &Value) {
    let supply = row.map(|row| &row.supply);
    let level = match (supply.map(|supply| supply.level), known["quality"].as_str()) {
        (Some(SupplyLevel::Left(left)), Some("exact")) => {
            known["percent_remaining"].as_f64() == Some(f64::from(left.round()))
        }
        (Some(level), Some("synthetic")) => level == SupplyLevel::Some && known["some_remaining"] == true,
        // Without a capacity it is not known what 100 is a hundred of.
        (Some(SupplyLevel::Unknown), Some("assumed")) => true,
        (Some(SupplyLevel::Left(left)), Some("assumed")) => known["acceptable"] == json!([left as i64]),
        _ => false,
    };
    let told = text(&known["type"]);
    // `markerSupply` stands for a recording that lacks the column, so that the kind is a guess.
    let kind = supply.is_some_and(|it| {
        (told == "markerSupply" || it.kind == keyword(told))
            && known["is_receptacle"] == Value::Bool(it.kind.starts_with("waste"))
    });
    let named = supply.is_some_and(|it| text(&known["description"]).starts_with(&it.name));
    for (what, fits) in [("level", level), ("kind", kind), ("name", named)] {
        compared.value(name, &format!("supply {} {what}", text(&known["index"])), fits, &supply);
    }
}

fn status_of(compared: &mut Compared, name: &str, table: &Table, known: &Value) {
    let status = status::status(table);
    let device = status.device.map(|device| match device {
        DeviceStatus::Unknown => 1,
        DeviceStatus::Running => 2,
        DeviceStatus::Warning => 3,
        DeviceStatus::Testing => 4,
        DeviceStatus::Down => 5,
    });
    compared.value(name, "device status", device == known["hr_device_status"].as_u64(), &device);
    let errors = status.bits.filter(|bits| *bits > 0).map_or(Value::Null, |_| json!(status.errors));
    compared.value(name, "detected errors", errors == known["detected_errors"], &status.errors);
}

fn device(compared: &mut Compared, name: &str, printer: &Printer, known: &Value) {
    let nothing = PrinterDetails::default();
    let details = printer.details.as_deref().unwrap_or(&nothing);
    for told in list(&known["trays"]) {
        let tray = details.inputs.iter().find(|tray| tray.name == text(&told["name"]));
        compared.value(name, &format!("tray {}", text(&told["name"])), tray.is_some_and(|it| fits(it, told)), &tray);
    }
    compared.value(name, "pages", printer.pages == known["page_count"].as_u64(), &printer.pages);
    compared.value(name, "serial", details.serial.as_deref() == known["serial"].as_str(), &details.serial);
    let model = printer.model.as_deref().unwrap_or_default();
    compared.value(name, "model", bare(model).contains(&bare(text(&known["model"]))), &model);
}

fn fits(tray: &Tray, known: &Value) -> bool {
    match known["percent_remaining"].as_u64() {
        Some(percent) => tray.left_pct.map(u64::from) == Some(percent),
        None => tray.left_pct.is_none() && tray.some,
    }
}

fn index(row: &[u32]) -> String {
    row.iter().map(u32::to_string).collect::<Vec<_>>().join(".")
}

/// `wasteToner` as `waste-toner`.
fn keyword(camel: &str) -> String {
    let dashed = |c: char| if c.is_uppercase() { format!("-{}", c.to_lowercase()) } else { c.to_string() };
    camel.chars().map(dashed).collect()
}

/// Letters and digits in capitals, without what separates them.
fn bare(model: &str) -> String {
    model.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_uppercase()
}
