//! The numbers in smartctl's answer: found where each protocol puts them, left out where they cannot be.

use super::CHARS;
use beforehand_shared::{
    drive::{Drive, DriveKind},
    text::clean,
};
use serde_json::Value;
use std::ops::RangeInclusive;

const GIB: u64 = 1 << 30;

/// A whole number, also where it is written as text.
pub(super) fn number(json: &Value, place: &str) -> Option<u64> {
    match json.pointer(place)? {
        Value::Number(number) => number.as_u64().or_else(|| number.as_f64().map(|value| value as u64)),
        Value::String(text) => leading(text),
        _ => None,
    }
}

/// A text that says something, without padding and control characters.
pub(super) fn text(json: &Value, place: &str) -> Option<String> {
    let raw = json.pointer(place)?.as_str()?;
    let words: Vec<&str> = raw.split_whitespace().collect();
    Some(clean(&words.join(" "), CHARS)).filter(|text| !text.is_empty())
}

/// The number that `text` begins with: raw values go on with minutes, minima and maxima.
fn leading(text: &str) -> Option<u64> {
    let digits = text.trim_start();
    let end = digits.find(|c: char| !c.is_ascii_digit()).unwrap_or(digits.len());
    digits[..end].parse().ok()
}

/// The digits of a world wide name (`naa.5000c500…`), where `wwid` is one.
pub(super) fn naa(wwid: &str) -> Option<String> {
    let digits = wwid.trim().strip_prefix("naa.")?;
    let is_name = digits.len() >= 16 && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    is_name.then(|| digits.to_owned())
}

/// The table of ATA SMART attributes.
pub(super) struct Attributes<'a>(&'a [Value]);

impl<'a> Attributes<'a> {
    pub(super) fn of(json: &'a Value) -> Self {
        let table = json.pointer("/ata_smart_attributes/table").and_then(Value::as_array);
        Self(table.map_or(&[], Vec::as_slice))
    }

    pub(super) fn named(&self, names: &[&str]) -> Option<&'a Value> {
        self.0.iter().find(|row| row["name"].as_str().is_some_and(|name| names.contains(&name)))
    }

    fn by_id(&self, id: u64) -> Option<&'a Value> {
        self.0.iter().find(|row| row["id"].as_u64() == Some(id) && row["name"] != "Not_In_Use")
    }

    /// The attribute with one of these numbers that is called so, in lower case.
    fn meaning(&self, ids: &[u64], name: &str) -> Option<&'a Value> {
        let named = |row: &Value| row["name"].as_str().is_some_and(|it| it.to_lowercase().contains(name));
        self.0.iter().find(|row| row["id"].as_u64().is_some_and(|id| ids.contains(&id)) && named(row))
    }

    /// Attributes by which the maker foretells death, at or under their threshold now.
    pub(super) fn failing(&self) -> impl Iterator<Item = String> {
        let failing = self.0.iter().filter(|row| {
            row["when_failed"].as_str().is_some_and(|when| when.eq_ignore_ascii_case("now") || when == "FAILING_NOW")
                && row.pointer("/flags/prefailure").and_then(Value::as_bool) == Some(true)
        });
        failing.filter_map(|row| text(row, "/name"))
    }
}

/// The count itself: `raw.value` may have other numbers packed above it, `raw.string` begins with it.
fn raw(row: &Value) -> Option<u64> {
    row.pointer("/raw/string").and_then(Value::as_str).and_then(leading).or_else(|| number(row, "/raw/value"))
}

fn left(row: &Value) -> Option<u64> {
    number(row, "/value").filter(|left| *left <= 100)
}

pub(super) fn fill(drive: &mut Drive, json: &Value, attributes: &Attributes) {
    let count = |id| attributes.by_id(id).and_then(raw);
    let nvme = |name: &str| number(json, &format!("/nvme_smart_health_information_log/{name}"));
    drive.temperature_c = temperature(json);
    drive.power_on_hours = number(json, "/power_on_time/hours").or_else(|| nvme("power_on_hours")).or_else(|| count(9));
    drive.wear_used_pct = wear(drive.kind, json, attributes).map(|used| u8::try_from(used).unwrap_or(u8::MAX));
    drive.spare_pct = nvme("available_spare")
        .or_else(|| number(json, "/spare_available/current_percent"))
        .or_else(|| attributes.named(&["Available_Reservd_Space", "Perc_Avail_Resrvd_Space"]).and_then(left))
        .and_then(|spare| u8::try_from(spare).ok().filter(|spare| *spare <= 100));
    drive.media_errors = nvme("media_errors").or_else(|| scsi_errors(json)).or_else(|| count(187));
    drive.reallocated_sectors = number(json, "/scsi_grown_defect_list").or_else(|| count(5));
    drive.pending_sectors = count(197);
    drive.uncorrectable_sectors = count(198);
    drive.crc_errors = count(199);
    drive.unsafe_shutdowns = nvme("unsafe_shutdowns")
        .or_else(|| attributes.named(&["Unsafe_Shutdown_Count", "Unexpect_Power_Loss_Ct"]).and_then(raw));
    drive.host_written_bytes = written(json, attributes);
    fill_further(drive, json, attributes);
}

/// Counts whose attribute has another meaning for some makers: smartctl's name of it decides.
fn fill_further(drive: &mut Drive, json: &Value, attributes: &Attributes) {
    let count = |ids: &[u64], name: &str| attributes.meaning(ids, name).and_then(raw);
    let nvme = |name: &str| number(json, &format!("/nvme_smart_health_information_log/{name}"));
    drive.reallocation_events = count(&[196], "realloc");
    drive.command_timeouts = attributes.meaning(&[188], "timeout").and_then(lowest_word);
    drive.spin_retries = count(&[10], "spin");
    drive.end_to_end_errors = count(&[184], "end-to-end");
    drive.program_failures = count(&[171, 181], "program_fail");
    drive.erase_failures = count(&[172, 182], "erase_fail");
    drive.power_cycles =
        number(json, "/power_cycle_count").or_else(|| nvme("power_cycles")).or_else(|| count(&[12], "cycle"));
    drive.error_log_entries = nvme("num_err_log_entries").or_else(|| {
        let logs = ["/ata_smart_error_log/extended/count", "/ata_smart_error_log/summary/count"];
        logs.iter().find_map(|log| number(json, log))
    });
    drive.self_test_failed = self_test_failed(json);
}

/// Seagate packs three counts of 16 bits: all time-outs, then those over 5 and over 7.5 seconds.
fn lowest_word(row: &Value) -> Option<u64> {
    number(row, "/raw/value").map(|raw| raw & 0xFFFF)
}

/// Tests are listed from the latest. Those that were stopped came to no result.
fn self_test_failed(json: &Value) -> Option<bool> {
    let table = |place: &str| json.pointer(place).and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let ata = ["/ata_smart_self_test_log/extended/table", "/ata_smart_self_test_log/standard/table"];
    let ata = ata.iter().flat_map(|place| table(place));
    let passed = ata.filter_map(|test| test.pointer("/status/passed").and_then(Value::as_bool)).next();
    if let Some(passed) = passed {
        return Some(!passed);
    }
    let nvme = table("/nvme_self_test_log/table").iter().filter_map(|test| number(test, "/self_test_result/value"));
    let scsi = (0..20).filter_map(|i| number(json, &format!("/scsi_self_test_{i}/result/value")));
    // NVM Express 2.0, figure 201 and SPC-5, table 409: 0 without a fault, then what was stopped, then faults.
    let of_nvme = nvme.filter_map(|result| verdict_of_test(result, 5..=7)).next();
    of_nvme.or_else(|| scsi.filter_map(|result| verdict_of_test(result, 3..=7)).next())
}

fn verdict_of_test(result: u64, faults: RangeInclusive<u64>) -> Option<bool> {
    (result == 0 || faults.contains(&result)).then_some(result != 0)
}

/// Zero degrees without a limit is what devices say that have no thermometer.
fn temperature(json: &Value) -> Option<i16> {
    let current = json.pointer("/temperature/current")?.as_i64()?;
    let invented = current == 0 && number(json, "/temperature/drive_trip").is_none_or(|trip| trip == 0);
    i16::try_from(current).ok().filter(|celsius| (-40..=150).contains(celsius) && !invented)
}

/// Per cent of its life that a flash drive has used. Attributes count down from 100.
fn wear(kind: DriveKind, json: &Value, attributes: &Attributes) -> Option<u64> {
    let told = [
        "/nvme_smart_health_information_log/percentage_used",
        "/endurance_used/current_percent",
        "/scsi_percentage_used_endurance_indicator",
    ];
    let told = told.iter().find_map(|place| number(json, place));
    told.or_else(|| statistic(json, "Percentage Used Endurance Indicator")).or_else(|| {
        let names = [
            "SSD_Life_Left",
            "Media_Wearout_Indicator",
            "Percent_Lifetime_Remain",
            "Perc_Rated_Life_Used",
            "Wear_Leveling_Count",
        ];
        let row = (kind == DriveKind::Ssd).then(|| attributes.named(&names)).flatten()?;
        left(row).map(|left| 100 - left)
    })
}

/// Errors of reading, writing and verifying that SCSI could not correct.
fn scsi_errors(json: &Value) -> Option<u64> {
    let log = json.get("scsi_error_counter_log")?;
    let errors = ["read", "write", "verify"].map(|part| number(log, &format!("/{part}/total_uncorrected_errors")));
    errors.into_iter().flatten().reduce(u64::saturating_add)
}

fn written(json: &Value, attributes: &Attributes) -> Option<u64> {
    // NVM Express counts in thousands of 512 bytes.
    if let Some(units) = number(json, "/nvme_smart_health_information_log/data_units_written") {
        return units.checked_mul(512_000);
    }
    let sector = number(json, "/logical_block_size").unwrap_or(512);
    if let Some(sectors) = statistic(json, "Logical Sectors Written") {
        return sectors.checked_mul(sector);
    }
    let units = [("Total_LBAs_Written", sector), ("Host_Writes_32MiB", 32 << 20), ("Lifetime_Writes_GiB", GIB)];
    let counted = units.into_iter().find_map(|(name, unit)| attributes.named(&[name]).and_then(raw)?.checked_mul(unit));
    counted.or_else(|| {
        let gigabytes = json.pointer("/scsi_error_counter_log/write/gigabytes_processed")?.as_str()?;
        let gigabytes: f64 = gigabytes.replace(',', ".").parse().ok()?;
        (gigabytes.is_finite() && gigabytes >= 0.0).then_some((gigabytes * 1e9) as u64)
    })
}

/// A value of the ATA device statistics log.
fn statistic(json: &Value, name: &str) -> Option<u64> {
    let pages = json.pointer("/ata_device_statistics/pages")?.as_array()?;
    let rows = pages.iter().filter_map(|page| page["table"].as_array()).flatten();
    rows.filter(|row| row["name"] == name).find_map(|row| number(row, "/value"))
}
