//! The wire format: old files stay readable, what is written is read back, and hostile bytes are
//! refused with the limit they break.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod samples;

use beforehand_shared::{
    PROTOCOL_VERSION,
    array::{Array, ArrayState, Member, MemberState},
    block_device::BlockDevice,
    drive::{Drive, Trouble, Verdict},
    limits,
    observation::Observation,
    printer_details::{DeviceStatus, PrinterDetails, Way},
    report::Report,
    run::Outcome,
    time::Timestamp,
    volume::{Repair, ThinPool, Volume},
    wire::{self, WireError},
};
use proptest::prelude::*;
use samples::*;
use serde_json::{Value, json};

fn read(json: &Value) -> Result<Report, WireError> {
    wire::decode(&zstd::bulk::compress(json.to_string().as_bytes(), 3).unwrap())
}

fn refusal(change: impl FnOnce(&mut Value)) -> &'static str {
    let mut json = serde_json::to_value(every_field()).unwrap();
    change(&mut json);
    read(&json).unwrap_err().code()
}

#[test]
fn every_released_wire_version_is_still_read() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden");
    for version in 1..=PROTOCOL_VERSION {
        let text = std::fs::read_to_string(folder.join(format!("v{version}.json"))).unwrap();
        let report = read(&serde_json::from_str(&text).unwrap()).unwrap();
        assert_eq!(report.protocol, version);
        assert!(report.runs.len() >= 9);
    }
}

#[test]
fn version_1_is_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("../golden/v1.json")).unwrap();
    assert_eq!(serde_json::to_value(every_field()).unwrap(), golden);
}

/// Drives came after the first release of version 1: collectors from before them keep them unread.
#[test]
fn a_drive_is_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("../golden/drives.json")).unwrap();
    assert_eq!(serde_json::to_value(drives()).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(golden).unwrap(), drives());
}

#[test]
fn the_further_counts_of_a_drive_are_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("../golden/drive_counts.json")).unwrap();
    assert_eq!(serde_json::to_value(drive_counts()).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Observation>(golden).unwrap(), drive_counts());
}

#[test]
fn what_is_known_of_printers_is_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("../golden/printer_details.json")).unwrap();
    assert_eq!(serde_json::to_value(printer_details()).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(golden).unwrap(), printer_details());
}

#[test]
fn a_way_and_a_status_of_a_later_build_are_read() {
    let later = json!({"seen_by": ["snmp", "by_magic"], "device_status": "confused"});
    let details: PrinterDetails = serde_json::from_value(later).unwrap();
    assert_eq!((details.seen_by, details.device_status), (vec![Way::Snmp, Way::Other], Some(DeviceStatus::Unknown)));
}

#[test]
fn a_disk_in_use_and_a_volume_in_trouble_are_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("../golden/disks_in_use.json")).unwrap();
    let seen = vec![
        Observation::BlockDevice(BlockDevice {
            device: "/dev/sda".into(),
            requests: 1_200,
            read_bytes: 4_096_000,
            written_bytes: 8_192_000,
            await_us: Some(5_300),
            worst_await_us: Some(81_000),
            busy_pct: Some(7),
            timeouts: Some(1),
        }),
        Observation::Volume(Volume { turned_read_only: true, fs_errors: Some(3), ..volume() }),
    ];
    assert_eq!(serde_json::to_value(&seen).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(golden).unwrap(), seen);
}

#[test]
fn what_a_volume_needs_a_thin_pool_and_a_quota_are_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("../golden/volumes.json")).unwrap();
    let seen = volumes_and_pools();
    assert_eq!(serde_json::to_value(&seen).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(golden).unwrap(), seen);
}

#[test]
fn words_of_a_later_build_about_a_volume_are_read_as_such() {
    let later =
        r#"{"mount":"D:","device":"","fs":"","total_bytes":1,"free_bytes":1,"repair":"prayer","thin_pool":"cache"}"#;
    let volume: Volume = serde_json::from_str(later).unwrap();
    assert_eq!((volume.repair, volume.thin_pool), (Some(Repair::Other), Some(ThinPool::Other)));
}

#[test]
fn an_array_is_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("../golden/arrays.json")).unwrap();
    assert_eq!(serde_json::to_value(arrays()).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(golden).unwrap(), arrays());
}

#[test]
fn states_of_arrays_and_members_of_a_later_build_make_no_report_unreadable() {
    assert_eq!(serde_json::from_value::<ArrayState>(json!({"is": "folded", "at": 3})).unwrap(), ArrayState::Other);
    assert_eq!(serde_json::from_value::<MemberState>(json!("humming")).unwrap(), MemberState::Unknown);
}

#[test]
fn a_verdict_of_a_later_build_makes_no_report_unreadable() {
    let later = json!({"is": "dreaming", "of": ["sheep"]});
    assert_eq!(serde_json::from_value::<Verdict>(later).unwrap(), Verdict::Other);
}

#[test]
fn a_kind_of_drive_of_a_later_build_is_a_drive_of_unknown_kind() {
    let mut json = serde_json::to_value(drives()).unwrap();
    json[1]["drive_kind"] = json!("tape");
    json[1]["weight_g"] = json!(600);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(json).unwrap(), drives());
}

#[test]
fn fields_and_kinds_of_a_later_build_do_not_make_a_report_unreadable() {
    let mut json = serde_json::to_value(every_field()).unwrap();
    json["weather"] = json!("fine");
    json["runs"][0]["outcome"]["observations"][0] = json!({ "kind": "coffee_machine", "beans": 3 });
    let report = read(&json).unwrap();
    assert_eq!(report.runs[0].outcome.observations(), [Observation::Unknown]);
}

#[test]
fn each_limit_is_refused_by_its_own_name() {
    let long = "x".repeat(limits::TEXT_CHARS + 1);
    let reasons: Vec<String> = vec!["paused".into(); limits::PRINTER_LIST + 1];
    assert_eq!(refusal(|r| r["seq"] = json!(0)), "seq_zero");
    assert_eq!(refusal(|r| r["protocol"] = json!(PROTOCOL_VERSION + 1)), "newer_protocol");
    assert_eq!(refusal(|r| r["runs"][4]["outcome"]["why"] = json!(long)), "text_too_long");
    assert_eq!(refusal(|r| r["unknown"] = json!({ "deep": [long] })), "text_too_long");
    assert_eq!(refusal(|r| r["runs"][3]["outcome"]["observations"][0]["reasons"] = json!(reasons)), "too_many");
    assert_eq!(refusal(|r| r["runs"][3]["outcome"]["observations"][1]["reasons"] = json!(reasons)), "too_many");
    let troubles: Vec<Trouble> = vec![Trouble::new("x"); limits::DRIVE_LIST + 1];
    let drive = Drive { verdict: Verdict::Failing { reasons: troubles }, ..Drive::default() };
    let drive = Observation::Drive(Box::new(drive));
    assert_eq!(refusal(|r| r["runs"][3]["outcome"]["observations"][0] = json!(drive)), "too_many");
    let array = Array { members: vec![Member::default(); limits::ARRAY_LIST + 1], ..Array::default() };
    let array = Observation::Array(array);
    assert_eq!(refusal(|r| r["runs"][3]["outcome"]["observations"][0] = json!(array)), "too_many");
    assert_eq!(refusal(|r| r["runs"] = json!(vec![r["runs"][8].clone(); limits::RUNS + 1])), "too_many");
    assert_eq!(refusal(|r| r["gaps"] = json!(vec![r["gaps"][0].clone(); limits::GAPS + 1])), "too_many");
    assert_eq!(refusal(|r| r["made_at"] = json!("yesterday")), "not_a_report");
}

#[test]
fn a_text_of_exactly_the_limit_is_accepted() {
    let mut json = serde_json::to_value(every_field()).unwrap();
    json["runs"][4]["outcome"]["why"] = json!("ß".repeat(limits::TEXT_CHARS));
    assert!(read(&json).is_ok());
}

/// R24.
#[test]
fn a_bomb_is_refused_before_it_is_expanded() {
    let bomb = zstd::bulk::compress(&vec![b' '; 64 * 1024 * 1024], 3).unwrap();
    assert!(bomb.len() < limits::BODY_BYTES);
    assert_eq!(wire::decode(&bomb).unwrap_err().code(), "expands_too_far");
    assert_eq!(wire::decode(&vec![0; limits::BODY_BYTES + 1]).unwrap_err().code(), "body_too_large");
    assert_eq!(wire::decode(b"{}").unwrap_err().code(), "not_zstd");
}

#[test]
fn many_failures_in_the_same_words_are_not_a_bomb() {
    let mut report = every_field();
    report.runs = vec![run("printer", Outcome::Failed { why: "w".repeat(limits::TEXT_CHARS) }); 200];
    assert_eq!(wire::decode(&wire::encode(&report).unwrap()).unwrap(), report);
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(seq in 1u64.., why in ".{0,200}", free: u64, used in 0u64..1 << 40, at: i64) {
        let mut report = every_field();
        report.seq = seq;
        report.made_at = Timestamp(at);
        report.runs[1].outcome = seen(vec![Observation::Volume(Volume { free_bytes: free, total_bytes: used, ..volume() })]);
        report.runs[8].outcome = Outcome::Failed { why };
        prop_assert_eq!(wire::decode(&wire::encode(&report).unwrap()).unwrap(), report);
    }

    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..2_000)) {
        let _ = wire::decode(&bytes);
        let _ = wire::decode(&zstd::bulk::compress(&bytes, 1).unwrap());
    }

    #[test]
    fn a_damaged_report_is_read_or_refused(at in 0usize..500, bit in 0u8..8) {
        let mut body = wire::encode(&every_field()).unwrap();
        let at = at % body.len();
        body[at] ^= 1 << bit;
        let _ = wire::decode(&body);
    }
}
