//! Brother's own records (`printers/brother`), beside what the printers' own pages show.

use super::{
    Compared,
    compared::{json, list, text},
    snmp,
};
use crate::data::Data;
use anyhow::Result;
use beforehand_shared::printer::{Printer, SupplyLevel};

pub(super) const TRUTH: &str = "printers/brother/truth.json";

pub(super) fn compare(data: &Data) -> Result<Compared> {
    let truth = data.file(TRUTH)?;
    let mut compared = Compared::default();
    for known in list(&json(&truth)?["captures"]) {
        let name = text(&known["capture"]);
        let printer = snmp::printer(&snmp::table(&truth, name)?);
        for (what, value) in known["expected"].as_object().into_iter().flatten() {
            match what.as_str() {
                "status" => {
                    let message = printer.message.clone().unwrap_or_default().to_lowercase();
                    compared.value(name, what, message == text(value), &message);
                }
                "page_counter" => compared.value(name, what, printer.pages == value.as_u64(), &printer.pages),
                left_out if is_left_out(left_out) => {}
                level => {
                    let left = left(&printer, &shown(level).unwrap_or_else(|| level.to_owned()));
                    compared.value(name, level, left == value.as_f64(), &left);
                }
            }
        }
    }
    Ok(compared)
}

fn left(printer: &Printer, name: &str) -> Option<f64> {
    let supply = printer.supplies.iter().find(|supply| supply.name.eq_ignore_ascii_case(name))?;
    match supply.level {
        SupplyLevel::Left(left) => Some(f64::from(left)),
        _ => None,
    }
}

/// By what name a value of Brother's own page is shown.
fn shown(name: &str) -> Option<String> {
    let fixed = [
        ("drum_remaining_life", "drum"),
        ("belt_unit_remaining_life", "belt"),
        ("fuser_remaining_life", "fuser"),
        ("pf_kit_1_remaining_life", "paper feed kit 1"),
    ];
    if let Some((_, shown)) = fixed.iter().find(|(known, _)| *known == name) {
        return Some((*shown).to_owned());
    }
    let of = |ending: &str, what: &str| name.strip_suffix(ending).map(|colour| format!("{colour} {what}"));
    of("_drum_remaining_life", "drum")
        .or_else(|| of("_toner_remaining", "toner"))
        .or_else(|| of("_ink_remaining", "ink"))
}

/// Not read on purpose: counters other than all pages; pages left, which are the same wear in another unit; the
/// levels in steps of ten, of which the fine ones are read; their three-step status.
fn is_left_out(name: &str) -> bool {
    let is_coarse = name.ends_with("_toner") || name.ends_with("_ink");
    is_coarse || ["_counter", "_remaining_pages", "_status"].iter().any(|ending| name.ends_with(ending))
}
