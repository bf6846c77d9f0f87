//! Reads what real printers said (captures kept beside the repository, where they are present) and
//! compares every value with what another decoder made of it.

#[path = "support/data.rs"]
mod data;

use beforehand_agent::{config::Config, probes::printer};
use beforehand_shared::printer::{PrinterState, SupplyLevel};
use proptest::prelude::*;
use serde_json::Value;
use std::path::{Path, PathBuf};

fn data() -> Option<PathBuf> {
    data::public_data("printers/ipp")
}

fn list(values: &Value, name: &str) -> Vec<String> {
    let text = values[name].as_str().unwrap_or_default();
    text.split(',').filter(|part| !part.is_empty() && *part != "none").map(str::to_owned).collect()
}

#[test]
fn every_capture_of_a_real_printer_reads_as_its_truth_file_says() {
    let Some(folder) = data() else { return };
    let truth: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(folder.join("truth.json")).unwrap()).unwrap();
    for capture in &truth {
        let (file, values) = (capture["file"].as_str().unwrap(), &capture["values"]);
        let answer = std::fs::read(folder.join(file)).unwrap();
        let printer = printer::parse::printer(&answer, "ipp://192.0.2.9/ipp/print").unwrap();
        let state = match printer.state {
            PrinterState::Idle => "idle",
            PrinterState::Processing => "processing",
            PrinterState::Stopped => "stopped",
        };
        assert_eq!(values["printer-state"], state, "{file}");
        assert_eq!(printer.reasons, list(values, "printer-state-reasons"), "{file}");
        assert_eq!(printer.model.as_deref(), values["printer-make-and-model"].as_str(), "{file}");
        assert_eq!(printer.jobs.map(|jobs| jobs.to_string()).as_deref(), values["queued-job-count"].as_str(), "{file}");
        let details = printer.details.unwrap();
        let uuid = details.uuid.map(|uuid| format!("urn:uuid:{uuid}"));
        assert_eq!(uuid.as_deref(), values["printer-uuid"].as_str(), "{file}");
        let id = values["printer-device-id"].as_str().unwrap_or_default();
        assert!(details.serial.is_none_or(|serial| printer.key == serial && id.contains(&serial)), "{file}");
        let kinds: Vec<String> = printer.supplies.iter().map(|supply| supply.kind.clone()).collect();
        assert_eq!(kinds, list(values, "marker-types"), "{file}");
        for (supply, level) in printer.supplies.iter().zip(list(values, "marker-levels")) {
            let sent: f32 = level.parse().unwrap();
            let left = if supply.kind.starts_with("waste") { 100.0 - sent } else { sent };
            assert_eq!(supply.level, SupplyLevel::Left(left), "{file} {}", supply.name);
        }
        let names: Vec<&str> = printer.supplies.iter().map(|supply| supply.name.as_str()).collect();
        // Serial numbers behind the names are left out: the next cartridge is the same supply.
        let sent = list(values, "marker-names");
        assert_eq!(names.len(), sent.len(), "{file}");
        assert!(names.iter().zip(&sent).all(|(name, sent)| sent.starts_with(name)), "{file}: {names:?}");
        let coded = values["printer-alert"].as_str().unwrap_or("none").matches("code=").count();
        assert!(printer.alerts.len() >= coded.min(64), "{file} {:?}", printer.alerts);
    }
    assert_eq!(truth.len(), 8);
}

#[test]
fn the_example_settings_are_the_defaults() {
    let text = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../config/agent.example.toml"));
    let example = Config::parse(&text.unwrap()).unwrap();
    // Paths differ between systems; the file shows those of Linux.
    let default = Config { state: "/var/lib/beforehand-agent".into(), ..Config::default() };
    assert_eq!(example, default);
    assert_eq!(Config::parse("").unwrap(), Config::default());
}

#[test]
fn a_wrong_setting_is_told_with_its_line_and_a_remedy() {
    for (text, line, words) in [
        ("[printer]\nurl = []\n", 2, "unknown field `url`"),
        ("\n[disk]\n", 2, "unknown field `disk`"),
        ("report_every = \"1 parsec\"", 1, "is not a length of time"),
        ("[connectivity]\n\npings = 0\n", 3, "0 pings in one run"),
        ("[connectivity]\nanchors = [\"router\"]\n", 2, "invalid"),
        ("[connectivity]\nendpoints = [\"shop\"]\n", 2, "\"shop\" is no web address"),
        ("[spool]\nmax_bytes = \"1KiB\"\n", 2, "less than 64 KiB"),
        ("[printer]\nevery = 60\n", 2, "invalid type"),
        ("state = \n", 1, ""),
    ] {
        let problem = Config::parse(text).unwrap_err();
        assert_eq!(problem.line, Some(line), "{text}: {problem}");
        assert!(problem.what.contains(words), "{text}: {problem}");
        assert!(!problem.remedy.is_empty());
    }
}

proptest! {
    #[test]
    fn no_answer_makes_the_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let _ = printer::parse::printer(&bytes, "ipp://192.0.2.9");
        let mut ipp = vec![1, 1, 0, 0, 0, 0, 0, 1, 4];
        ipp.extend(&bytes);
        let _ = printer::parse::printer(&ipp, "ipp://192.0.2.9");
        let _ = printer::queue::queues(&ipp, &ipp, beforehand_shared::time::Timestamp(0));
        let text = String::from_utf8_lossy(&bytes);
        let _ = beforehand_agent::probes::disk_space::parse::mounts(&text);
        let _ = beforehand_agent::probes::connectivity::parse::gateway(&text);
        let _ = beforehand_agent::probes::connectivity::certificate::read(&bytes);
        let _ = beforehand_agent::probes::connectivity::dns::judge(&bytes, &bytes);
        let _ = Config::parse(&text);
    }

    #[test]
    fn a_damaged_capture_is_read_or_refused(at in any::<prop::sample::Index>(), byte: u8) {
        if let Some(folder) = data() {
            let file = folder.join("gmuth/Xerox_B210_Printer/printer-stopped-media-jam.res");
            let mut answer = std::fs::read(file).unwrap();
            let at = at.index(answer.len());
            answer[at] = byte;
            let _ = printer::parse::printer(&answer, "ipp://192.0.2.9");
        }
    }
}
