//! Answers of printers to Get-Printer-Attributes (`printers/ipp`), beside what `ipptool` made of them.

use super::{
    Compared,
    compared::{json, list, text},
};
use crate::data::Data;
use anyhow::{Context, Result};
use beforehand_agent::probes::printer::parse;
use beforehand_shared::printer::{Printer, PrinterState, SupplyLevel};
use serde_json::Value;

pub(super) const TRUTH: &str = "printers/ipp/truth.json";
/// Alerts that the agent keeps.
const ALERTS: usize = 64;

pub(super) fn compare(data: &Data) -> Result<Compared> {
    let truth = data.file(TRUTH)?;
    let mut compared = Compared::default();
    for known in list(&json(&truth)?) {
        let name = text(&known["file"]);
        let path = truth.with_file_name(name);
        let answer = std::fs::read(&path).with_context(|| path.display().to_string())?;
        match parse::printer(&answer, "ipp://192.0.2.9/ipp/print") {
            Ok(printer) => {
                state(&mut compared, name, &printer, &known["values"]);
                supplies(&mut compared, name, &printer, &known["values"]);
            }
            Err(error) => compared.value(name, "the answer", false, &error),
        }
    }
    Ok(compared)
}

fn state(compared: &mut Compared, name: &str, printer: &Printer, known: &Value) {
    let state = match printer.state {
        PrinterState::Idle => "idle",
        PrinterState::Processing => "processing",
        PrinterState::Stopped => "stopped",
    };
    compared.value(name, "printer-state", known["printer-state"] == state, &state);
    let reasons = several(known, "printer-state-reasons");
    compared.value(name, "printer-state-reasons", printer.reasons == reasons, &printer.reasons);
    let model = printer.model.as_deref();
    compared.value(name, "printer-make-and-model", model == known["printer-make-and-model"].as_str(), &model);
    let jobs = printer.jobs.map(|jobs| jobs.to_string());
    compared.value(name, "queued-job-count", jobs.as_deref() == known["queued-job-count"].as_str(), &jobs);
    let details = printer.details.as_deref();
    let uuid = details.and_then(|it| it.uuid.as_ref()).map(|uuid| format!("urn:uuid:{uuid}"));
    compared.value(name, "printer-uuid", uuid.as_deref() == known["printer-uuid"].as_str(), &uuid);
    let (serial, id) = (details.and_then(|it| it.serial.as_ref()), text(&known["printer-device-id"]));
    compared.value(name, "serial", serial.is_none_or(|serial| id.contains(serial)), &serial);
    let alerts = text(&known["printer-alert"]).matches("code=").count().min(ALERTS);
    compared.value(name, "printer-alert", printer.alerts.len() >= alerts, &printer.alerts.len());
}

fn supplies(compared: &mut Compared, name: &str, printer: &Printer, known: &Value) {
    let [kinds, names, levels] = ["marker-types", "marker-names", "marker-levels"].map(|key| several(known, key));
    let number = printer.supplies.len();
    compared.value(name, "number of supplies", [kinds.len(), names.len(), levels.len()] == [number; 3], &number);
    for (at, supply) in printer.supplies.iter().enumerate() {
        let of = |list: &[String]| list.get(at).cloned().unwrap_or_default();
        // What has no number reads as no level.
        let sent: f32 = of(&levels).parse().unwrap_or(-1.0);
        let left = if supply.kind.starts_with("waste") { 100.0 - sent } else { sent };
        // Serial numbers behind the names are left out: the next cartridge is the same supply.
        let named = of(&names).starts_with(&supply.name);
        for (what, fits) in
            [("kind", supply.kind == of(&kinds)), ("level", supply.level == SupplyLevel::Left(left)), ("name", named)]
        {
            compared.value(name, &format!("supply {at} {what}"), fits, supply);
        }
    }
}

fn several(known: &Value, key: &str) -> Vec<String> {
    let parts = text(&known[key]).split(',');
    parts.filter(|part| !part.is_empty() && *part != "none").map(str::to_owned).collect()
}
