//! Reports with something in every field.

use beforehand_shared::{
    array::{Array, ArrayKind, ArrayState, Member, MemberState},
    drive::{Drive, DriveKind, Trouble, Verdict, code},
    host::Host,
    ids::{BootId, HostId, Incarnation},
    link::{Certificate, Endpoint, Link, LinkRole, Resolver},
    observation::Observation,
    printer::{Alert, OldestJob, Printer, PrinterState, Queue, Supply, SupplyLevel},
    printer_details::{DeviceStatus, Disagreement, FoundPrinter, PrinterDetails, Said, SilentPrinter, Tray, Way},
    report::{Gap, GapReason, Goodbye, Report},
    run::{Outcome, ProbeRun},
    time::Timestamp,
    volume::{Repair, ThinPool, Volume},
};
use uuid::Uuid;

/// One report that uses every field of protocol version 1.
pub(crate) fn every_field() -> Report {
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

pub(crate) fn run(probe: &str, outcome: Outcome) -> ProbeRun {
    ProbeRun { probe: probe.into(), at: Timestamp(1_790_000_000_000), mono_ms: 123_000, took_ms: 12, outcome }
}

pub(crate) fn seen(observations: Vec<Observation>) -> Outcome {
    Outcome::Seen { observations }
}

pub(crate) fn host() -> Host {
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

pub(crate) fn volume() -> Volume {
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

pub(crate) fn links() -> Vec<Observation> {
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

pub(crate) fn printers() -> Vec<Observation> {
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
pub(crate) fn drives() -> Vec<Observation> {
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
pub(crate) fn drive_counts() -> Observation {
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

/// What is known of printers since they are asked by SNMP too.
pub(crate) fn printer_details() -> Vec<Observation> {
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

/// What the system says of a file system, and both parts of a thin pool.
pub(crate) fn volumes_and_pools() -> Vec<Observation> {
    let pool = |mount: &str, part| Volume { mount: mount.into(), thin_pool: Some(part), ..Volume::default() };
    let volumes = [
        Volume { mount: "D:\\".into(), repair: Some(Repair::SpotFix), ..Volume::default() },
        pool("data/pool", ThinPool::Data),
        pool("data/pool metadata", ThinPool::Metadata),
        Volume { mount: "/srv/alpha".into(), quota: true, ..Volume::default() },
    ];
    volumes.map(Observation::Volume).into()
}

/// An array with every field, then what cannot be asked.
pub(crate) fn arrays() -> Vec<Observation> {
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
