//! Reads what smartctl said of real drives (reports kept beside the repository, where they are present): lists of
//! drives, and what is known independently. Value by value: `tests/foresight`, task `readings`.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/data.rs"]
mod data;

use beforehand_agent::probes::drives::{
    RIGHTS, native,
    parse::{self, Candidate},
    storage,
};
use beforehand_shared::{
    drive::{Drive, Verdict},
    limits,
};
use proptest::prelude::*;
use serde_json::Value;
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

fn data() -> Option<PathBuf> {
    data::public_data("smartctl")
}

/// The cells of a line, of which some stand in quotes because they hold commas.
fn cells(line: &str) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => cells.push(String::new()),
            other => cells.last_mut().unwrap().push(other),
        }
    }
    cells
}

fn read(folder: &Path, file: &str, kind: &str) -> Option<Drive> {
    let answer = std::fs::read(folder.join(file)).unwrap();
    let candidate = Candidate { name: "/dev/sda".to_owned(), kind: kind.to_owned(), closed: None };
    parse::drive(&answer, &candidate).unwrap()
}

#[test]
fn every_list_of_drives_of_a_real_machine_reads_whole() {
    let Some(folder) = data() else { return };
    let index = std::fs::read_to_string(folder.join("INDEX.csv")).unwrap();
    let lists = index.lines().skip(1).map(cells).filter(|row| row[1] == "scan");
    let mut kinds = BTreeMap::new();
    for row in lists {
        let candidates = parse::scan(&std::fs::read(folder.join(&row[0])).unwrap()).unwrap();
        assert!(!candidates.is_empty() && candidates.iter().all(|it| it.closed.is_none()), "{} {candidates:?}", row[0]);
        for candidate in candidates {
            *kinds.entry(candidate.kind).or_insert(0) += 1;
        }
    }
    let behind = kinds.iter().filter(|(kind, _)| kind.starts_with("megaraid,")).count();
    assert_eq!((kinds["sat"], kinds["nvme"], kinds["scsi"], behind), (6, 6, 10, 7), "{kinds:?}");
}

/// The project's own cases stand where there is no public data, so each value that can be sent is read in one.
#[test]
fn every_value_of_a_drive_is_read_in_a_case_of_our_own() {
    let fields = |drive: &Value| drive.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    let all: Vec<Value> = serde_json::from_str(include_str!("../../shared/tests/golden/drives.json")).unwrap();
    let counts: Value = serde_json::from_str(include_str!("../../shared/tests/golden/drive_counts.json")).unwrap();
    let mut missing: BTreeSet<String> = &fields(&all[0]) | &fields(&counts);
    missing.remove("kind");
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/probes/drives/testdata");
    for case in std::fs::read_dir(cases).unwrap().map(|case| case.unwrap().path()) {
        if !case.join("input.smartctl.json").exists() {
            continue;
        }
        let Ok(expected) = std::fs::read_to_string(case.join("expected.json")) else { continue };
        let expected: Value = serde_json::from_str(&expected).unwrap();
        missing = &missing - &expected.as_object().map(|_| fields(&expected)).unwrap_or_default();
    }
    assert!(missing.is_empty(), "no case reads {missing:?}");
}

/// `TRUTH.csv`, row by row. Where it says that another program calls a drive failed by counts, the maker's
/// verdict is that it passed, and the counts are what is read.
#[test]
fn what_is_known_independently_of_real_drives_is_read_so() {
    let Some(folder) = data() else { return };
    let read = |file, kind| read(&folder, file, kind).unwrap();
    let failed = read("smartpromnext__ATA_FAILED_NOW.json", "usbjmicron");
    assert!(matches!(&failed.verdict, Verdict::Failing { reasons } if reasons.len() == 2), "{failed:?}");
    assert_eq!((failed.bus.as_deref(), failed.reallocated_sectors), (Some("USB"), Some(535)));
    assert_eq!(failed.self_test_failed, Some(true));
    let file = "smartctl_exporter__nvme-null-SAMSUNG_MZWLL3T2HAJQ-00005-nvme0.json";
    let nvme = read(file, "nvme");
    assert!(matches!(&nvme.verdict, Verdict::Failing { reasons } if reasons[0].code == "backup-failed"), "{nvme:?}");
    let ata = read("scrutiny__smart-ata.json", "sat");
    assert_eq!((ata.verdict, ata.temperature_c), (Verdict::Passed, Some(32)));
    let cable = read("scrutiny__smart-ata-failed-scrutiny.json", "sat");
    assert!(cable.verdict == Verdict::Passed && cable.crc_errors > Some(0), "{cable:?}");
    let lossy = read("scrutiny__smart-nvme-failed.json", "nvme");
    assert_eq!((lossy.verdict, lossy.media_errors), (Verdict::Passed, Some(7)));
    assert_eq!(read("scrutiny__smart-nvme.json", "nvme").verdict, Verdict::Passed);
    let scsi = read("scrutiny__smart-scsi.json", "scsi");
    assert_eq!((scsi.verdict, scsi.reallocated_sectors), (Verdict::Passed, Some(56)));
    let sas = read("nasty__sas_seagate_failing.json", "megaraid,0");
    assert_eq!((sas.reallocated_sectors, sas.media_errors), (Some(9), Some(8)));
    // The truth takes a drive that could not be opened for a failed one.
    let closed = read("scrutiny__smart-fail.json", "sat");
    assert!(matches!(&closed.verdict, Verdict::Blind { why } if why.contains(RIGHTS)), "{closed:?}");
}

#[test]
fn what_is_read_of_real_drives_is_plausible_and_named() {
    let Some(folder) = data() else { return };
    let mut keys = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().to_string_lossy().into_owned();
        if !name.ends_with(".json") || name.contains("nvmecli") || name.contains("scan") {
            continue;
        }
        let Some(drive) = read(&folder, &name, "sat") else { continue };
        assert!(drive.temperature_c.is_none_or(|celsius| (5..90).contains(&celsius)), "{name} {drive:?}");
        assert!(drive.power_on_hours.is_none_or(|hours| hours < 200_000), "{name} {drive:?}");
        assert!(drive.wear_used_pct.is_none_or(|used| used <= 110), "{name} {drive:?}");
        assert!(drive.host_written_bytes.is_none_or(|bytes| bytes < 1 << 54), "{name} {drive:?}");
        assert!(!drive.key.is_empty() && drive.key.chars().count() < limits::TEXT_CHARS, "{name} {drive:?}");
        *keys.entry(drive.key).or_insert(0) += 1;
    }
    assert!(keys.len() > 60, "{keys:?}");
}

proptest! {
    #[test]
    fn no_answer_makes_the_readers_panic(bytes in prop::collection::vec(any::<u8>(), 0..700), text in ".{0,60}") {
        let candidate = Candidate { name: "/dev/sda".to_owned(), kind: "sat".to_owned(), closed: None };
        let _ = parse::drive(&bytes, &candidate);
        let _ = parse::scan(&bytes);
        let _ = native::drive(&native::Sysfs { sectors: "1".into(), wwid: text.clone(), model: text, ..native::Sysfs::default() });
        let answers = storage::Answers {
            descriptor: bytes.clone(),
            identifiers: bytes.clone(),
            identity: bytes.clone(),
            health: bytes.clone(),
            prediction: bytes.clone(),
            geometry: bytes,
            ..storage::Answers::default()
        };
        let _ = storage::drive(&answers);
    }

    #[test]
    fn a_damaged_report_is_read_or_refused(at in any::<prop::sample::Index>(), byte: u8) {
        let whole = include_bytes!("../src/probes/drives/testdata/hard_disk_healthy/input.smartctl.json");
        let mut answer = whole.to_vec();
        let at = at.index(answer.len());
        answer[at] = byte;
        let candidate = Candidate { name: "/dev/sda".to_owned(), kind: "sat".to_owned(), closed: None };
        let _ = parse::drive(&answer, &candidate);
    }
}
