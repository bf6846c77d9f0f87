//! The wire format: old files stay readable, what is written is read back, and hostile bytes are
//! refused with the limit they break.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_shared::{
    PROTOCOL_VERSION,
    array::{Array, ArrayKind, ArrayState, Member, MemberState},
    block_device::BlockDevice,
    drive::{Drive, DriveKind, Trouble, Verdict, code},
    host::Host,
    ids::{BootId, HostId, Incarnation},
    limits,
    link::{Certificate, Endpoint, Link, LinkRole, Resolver},
    observation::Observation,
    printer::{Alert, OldestJob, Printer, PrinterState, Queue, Supply, SupplyLevel},
    printer_details::{DeviceStatus, Disagreement, FoundPrinter, PrinterDetails, Said, SilentPrinter, Tray, Way},
    report::{Gap, GapReason, Goodbye, Report},
    run::{Outcome, ProbeRun},
    time::Timestamp,
    volume::{Repair, ThinPool, Volume},
    wire::{self, WireError},
};
use proptest::prelude::*;
use serde_json::{Value, json};
use uuid::Uuid;

/// One report that uses every field of protocol version 1.
fn every_field() -> Report {
    Report {
        protocol: 1,
        host: HostId(Uuid::from_u128(1)),
        incarnation: Incarnation(Uuid::from_u128(2)),
        seq: 42,
        boot: BootId(Uuid::from_u128(3)),
        made_at: Timestamp(1_790_000_000_000),
        mono_ms: 123_456,
        goodbye: Some(Goodbye::Stop),
        gaps: vec![Gap {
            from: Timestamp(1_789_999_000_000),
            to: Timestamp(1_789_999_500_000),
            reason: GapReason::SpoolFull,
            lost: 3,
            seqs: Some((1, 3)),
        }],
        runs: vec![
            run("host", seen(vec![Observation::Host(host())])),
            run("disk_space", seen(vec![Observation::Volume(volume())])),
            run("connectivity", seen(links())),
            run("printer", seen(printers())),
            run("a", Outcome::Unsupported { why: "no such thing here".into() }),
            run("b", Outcome::NoData { why: "nothing to look at".into() }),
            run("c", Outcome::Denied { why: "may not look".into() }),
            run("d", Outcome::TimedOut { after_ms: 30_000 }),
            run("e", Outcome::Failed { why: "broken".into() }),
        ],
    }
}

fn run(probe: &str, outcome: Outcome) -> ProbeRun {
    ProbeRun { probe: probe.into(), at: Timestamp(1_790_000_000_000), mono_ms: 123_000, took_ms: 12, outcome }
}

fn seen(observations: Vec<Observation>) -> Outcome {
    Outcome::Seen { observations }
}

fn host() -> Host {
    Host {
        name: "pc-7".into(),
        os: "Debian 12".into(),
        agent: "0.1.0".into(),
        booted_at: Timestamp(1_789_000_000_000),
        started_at: None,
        desktop: None,
        updates: None,
    }
}

fn volume() -> Volume {
    Volume {
        mount: "/".into(),
        device: "/dev/sda1".into(),
        fs: "ext4".into(),
        total_bytes: 100_000_000_000,
        free_bytes: 9_000_000_000,
        inodes_total: Some(6_000_000),
        inodes_free: Some(5_000_000),
        ..Volume::default()
    }
}

fn links() -> Vec<Observation> {
    vec![
        Observation::Link(Link {
            target: "192.0.2.1".into(),
            role: LinkRole::Gateway,
            sent: 5,
            lost: 1,
            median_us: Some(800),
            jitter_us: Some(90),
        }),
        Observation::Resolver(Resolver {
            server: "system".into(),
            question: "example.com".into(),
            took_us: 12_000,
            error: Some("no answer".into()),
        }),
        Observation::Endpoint(Endpoint {
            url: "https://shop.example/".into(),
            status: Some(200),
            took_us: 90_000,
            error: Some("cut".into()),
            certificate: Some(Certificate {
                subject: "CN=shop.example".into(),
                issuer: "CN=Some CA".into(),
                not_before: Timestamp(1_780_000_000_000),
                not_after: Timestamp(1_800_000_000_000),
                chain_ends: None,
                verdict: None,
            }),
        }),
    ]
}

fn printers() -> Vec<Observation> {
    let supply =
        |name: &str, level| Supply { name: name.into(), kind: "toner".into(), colour: Some("#000000".into()), level };
    vec![
        Observation::Printer(Printer {
            key: "4509a320-00a0-008f-00b6-002507510eca".into(),
            uri: "ipp://192.0.2.9/ipp/print".into(),
            name: "Front desk".into(),
            model: Some("Example 9000".into()),
            state: PrinterState::Stopped,
            reasons: vec!["media-jam-error".into()],
            message: Some("Paper jam".into()),
            alerts: vec![Alert {
                code: "jam".into(),
                severity: Some("critical".into()),
                group: Some("mediaPath".into()),
                text: Some("Open the rear door".into()),
                since: None,
            }],
            supplies: vec![
                supply("black", SupplyLevel::Left(62.0)),
                supply("cyan", SupplyLevel::Some),
                supply("magenta", SupplyLevel::Unknown),
                supply("yellow", SupplyLevel::Unlimited),
            ],
            jobs: Some(2),
            pages: Some(12_345),
            details: None,
        }),
        Observation::Queue(Queue {
            name: "front".into(),
            device_uri: Some("ipp://192.0.2.9/ipp/print".into()),
            state: PrinterState::Processing,
            reasons: vec!["connecting-to-device".into()],
            message: Some("The printer may not exist".into()),
            accepting: true,
            jobs: 2,
            oldest: Some(OldestJob { id: 17, since: Timestamp(1_789_999_000_000), pages_done: Some(1) }),
        }),
    ]
}

/// A drive with every field, then one that cannot be asked.
fn drives() -> Vec<Observation> {
    let failing = Drive {
        key: "50014ee2b1c2d3e4".into(),
        keyed_by_path: true,
        device: "/dev/sda".into(),
        model: Some("Example Disk 4TB".into()),
        serial: Some("EX-0001".into()),
        firmware: Some("1.00".into()),
        kind: DriveKind::Hdd,
        bus: Some("SATA".into()),
        bytes: Some(4_000_787_030_016),
        verdict: Verdict::Failing { reasons: vec![Trouble::said(code::ATTRIBUTE, "Reallocated_Sector_Ct".into())] },
        temperature_c: Some(41),
        power_on_hours: Some(30_123),
        wear_used_pct: Some(3),
        spare_pct: Some(97),
        media_errors: Some(7),
        reallocated_sectors: Some(1_200),
        pending_sectors: Some(16),
        uncorrectable_sectors: Some(4),
        crc_errors: Some(2),
        unsafe_shutdowns: Some(11),
        host_written_bytes: Some(123_456_789_000),
        ..Drive::default()
    };
    [failing, Drive::blind("/dev/sdb", "permission denied")].map(Box::new).map(Observation::Drive).into()
}

/// What drives count besides, since a later build.
fn drive_counts() -> Observation {
    Observation::Drive(Box::new(Drive {
        key: "example flash ex-0002".into(),
        device: "/dev/sdc".into(),
        kind: DriveKind::Ssd,
        verdict: Verdict::Passed,
        reallocation_events: Some(12),
        command_timeouts: Some(4),
        spin_retries: Some(1),
        end_to_end_errors: Some(2),
        program_failures: Some(3),
        erase_failures: Some(5),
        power_cycles: Some(230),
        error_log_entries: Some(17),
        self_test_failed: Some(true),
        ..Drive::default()
    }))
}

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
    let golden: Value = serde_json::from_str(include_str!("golden/v1.json")).unwrap();
    assert_eq!(serde_json::to_value(every_field()).unwrap(), golden);
}

/// Drives came after the first release of version 1: collectors from before them keep them unread.
#[test]
fn a_drive_is_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("golden/drives.json")).unwrap();
    assert_eq!(serde_json::to_value(drives()).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Vec<Observation>>(golden).unwrap(), drives());
}

#[test]
fn the_further_counts_of_a_drive_are_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("golden/drive_counts.json")).unwrap();
    assert_eq!(serde_json::to_value(drive_counts()).unwrap(), golden);
    assert_eq!(serde_json::from_value::<Observation>(golden).unwrap(), drive_counts());
}

/// What is known of printers since they are asked by SNMP too.
fn printer_details() -> Vec<Observation> {
    let Some(Observation::Printer(mut printer)) = printers().into_iter().next() else { return Vec::new() };
    printer.alerts[0].since = Some(Timestamp(1_789_999_980_000));
    let said = |by, name: Option<&str>, what: &str| Said { by, name: name.map(str::to_owned), what: what.into() };
    let tray = |left_pct, some| Tray { name: "Tray 1".into(), left_pct, some };
    printer.details = Some(Box::new(PrinterDetails {
        serial: Some("VCF9192281".into()),
        uuid: Some("4509a320-00a0-008f-00b6-002507510eca".into()),
        mac: Some("00:25:07:51:0e:ca".into()),
        addresses: vec!["192.0.2.9".into()],
        seen_by: vec![Way::Ipp, Way::Snmp],
        disagreements: vec![Disagreement {
            about: "state".into(),
            said: vec![said(Way::Snmp, None, "idle"), said(Way::Queue, Some("front"), "offline")],
        }],
        device_status: Some(DeviceStatus::Warning),
        error_bits: Some(8),
        inputs: vec![tray(Some(33), false)],
        outputs: vec![tray(None, true)],
        open_covers: vec!["Rear door".into()],
        console: vec!["Open rear door".into()],
    }));
    let silent = SilentPrinter {
        key: "VCF9192282".into(),
        address: "192.0.2.10".into(),
        since: Timestamp(1_789_999_980_000),
        why: "no answer".into(),
    };
    let found = FoundPrinter {
        key: "aa-1".into(),
        address: "192.0.2.11".into(),
        found_by: Way::DnsSd,
        model: Some("Example 9000".into()),
        uri: Some("ipp://192.0.2.11:631/ipp/print".into()),
    };
    vec![Observation::Printer(printer), Observation::SilentPrinter(silent), Observation::FoundPrinter(found)]
}

#[test]
fn what_is_known_of_printers_is_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("golden/printer_details.json")).unwrap();
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
    let golden: Value = serde_json::from_str(include_str!("golden/disks_in_use.json")).unwrap();
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

/// What the system says of a file system, and both parts of a thin pool.
fn volumes_and_pools() -> Vec<Observation> {
    let pool = |mount: &str, part| Volume { mount: mount.into(), thin_pool: Some(part), ..Volume::default() };
    let volumes = [
        Volume { mount: "D:\\".into(), repair: Some(Repair::SpotFix), ..Volume::default() },
        pool("data/pool", ThinPool::Data),
        pool("data/pool metadata", ThinPool::Metadata),
        Volume { mount: "/srv/alpha".into(), quota: true, ..Volume::default() },
    ];
    volumes.map(Observation::Volume).into()
}

#[test]
fn what_a_volume_needs_a_thin_pool_and_a_quota_are_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("golden/volumes.json")).unwrap();
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

/// An array with every field, then what cannot be asked.
fn arrays() -> Vec<Observation> {
    let member = |name: &str, state| Member { name: name.into(), state, ..Member::default() };
    let whole = Member {
        device: Some("/dev/sda".into()),
        serial: Some("EX-0001".into()),
        errors: Some(0),
        ..member("sda1", MemberState::Working)
    };
    let md = Array {
        key: "3f1c2b4a:00000000:11112222:33334444".into(),
        name: "md0".into(),
        kind: ArrayKind::Md,
        level: Some("raid6".into()),
        state: ArrayState::Rebuilding { percent: Some(8.5), minutes_left: Some(17) },
        tolerates: Some(1),
        wanted: Some(6),
        missing: 1,
        spares: 1,
        bytes: Some(8_001_574_060_032),
        device: Some("/dev/md0".into()),
        members: vec![whole, member("sdb1", MemberState::Rebuilding)],
        errors: Some(128),
    };
    [md, Array::blind(ArrayKind::Zfs, "ZFS pools", "permission denied")].map(Observation::Array).into()
}

#[test]
fn an_array_is_written_exactly_as_released() {
    let golden: Value = serde_json::from_str(include_str!("golden/arrays.json")).unwrap();
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
