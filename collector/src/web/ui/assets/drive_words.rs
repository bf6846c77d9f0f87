//! A drive in words: its verdict first, unless its counts say otherwise.

use beforehand_core::{
    calendar::bytes_words,
    detectors::{drive_failure::card, reason_words},
};
use beforehand_shared::drive::{Drive, DriveKind, Verdict};

/// What it says of itself, as one phrase. What cannot be seen is never called healthy.
pub(super) fn verdict(drive: &Drive) -> String {
    match &drive.verdict {
        Verdict::Passed => "healthy by its own verdict".to_owned(),
        Verdict::Failing { reasons } => {
            format!("failing: {}", reasons.iter().map(reason_words).collect::<Vec<_>>().join("; "))
        }
        Verdict::Unknown { why } | Verdict::Blind { why } => format!("its health cannot be seen, because {why}"),
        Verdict::Other => "its agent is newer than this collector, which does not understand its verdict".to_owned(),
        Verdict::Asleep => "asleep when last looked at, and not woken".to_owned(),
    }
}

/// What stands wherever a drive is called healthy.
pub(crate) fn caution() -> String {
    let silent = card::provenance().silent_of_100;
    format!("About {silent} in 100 failing hard drives announce themselves nowhere.")
}

pub(super) fn facts(drive: &Drive) -> Vec<(&'static str, String)> {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let count = |count: Option<u64>| count.map(|count| count.to_string()).unwrap_or_default();
    let percent = |pct: Option<u8>, words: &str| pct.map(|pct| format!("{pct} % {words}")).unwrap_or_default();
    let bytes = |bytes: Option<u64>| bytes.map(|bytes| bytes_words(bytes as f64)).unwrap_or_default();
    let known_by = if drive.keyed_by_path {
        "its place only: it gives no serial number, and another drive there would look the same"
    } else {
        ""
    };
    vec![
        ("Health", health(drive)),
        ("Model", text(&drive.model)),
        ("Serial number", text(&drive.serial)),
        ("Firmware", text(&drive.firmware)),
        ("Kind", kind(drive.kind).to_owned()),
        ("Connected by", text(&drive.bus)),
        ("Size", bytes(drive.bytes)),
        ("Device", drive.device.clone()),
        ("Known by", known_by.to_owned()),
        ("Temperature", drive.temperature_c.map(|celsius| format!("{celsius} °C")).unwrap_or_default()),
        ("Hours of running", count(drive.power_on_hours)),
        ("Wear", percent(drive.wear_used_pct, "of its life used")),
        ("Spare blocks", percent(drive.spare_pct, "left")),
        ("Data errors", count(drive.media_errors)),
        ("Sectors reallocated", count(drive.reallocated_sectors)),
        ("Sectors pending", count(drive.pending_sectors)),
        ("Sectors unreadable", count(drive.uncorrectable_sectors)),
        ("Errors on the cable", count(drive.crc_errors)),
        ("Commands too late", count(drive.command_timeouts)),
        ("Cells not written", count(drive.program_failures)),
        ("Blocks not erased", count(drive.erase_failures)),
        ("Errors logged", count(drive.error_log_entries)),
        ("Last self-test", drive.self_test_failed.map_or("", self_test).to_owned()),
        ("Switched off hard", count(drive.unsafe_shutdowns)),
        ("Written in its life", bytes(drive.host_written_bytes)),
    ]
}

/// The same of a drive that is expected to fail: its own verdict comes second.
pub(super) fn health_of_doubtful(odds: &str, drive: &Drive) -> String {
    match drive.verdict {
        Verdict::Passed => format!("{odds}; its own verdict still says healthy"),
        _ => verdict(drive),
    }
}

fn health(drive: &Drive) -> String {
    match drive.verdict {
        Verdict::Passed => format!("{}. {}", verdict(drive), caution()),
        _ => verdict(drive),
    }
}

const fn self_test(failed: bool) -> &'static str {
    if failed { "found a fault" } else { "found no fault" }
}

const fn kind(kind: DriveKind) -> &'static str {
    match kind {
        DriveKind::Hdd => "hard disk",
        DriveKind::Ssd => "flash",
        DriveKind::Nvme => "flash (NVMe)",
        DriveKind::Sas => "SCSI or SAS",
        DriveKind::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use beforehand_shared::drive::{Trouble, code};

    #[test]
    fn the_verdict_stands_first_and_what_cannot_be_seen_is_not_called_healthy() {
        let of = |verdict| facts(&Drive { verdict, ..Drive::default() }).swap_remove(0).1;
        assert_eq!(
            of(Verdict::Passed),
            "healthy by its own verdict. About 31 in 100 failing hard drives announce themselves nowhere."
        );
        let reasons = vec![Trouble::new(code::READ_ONLY), Trouble::said(code::ATTRIBUTE, "Spin_Up_Time".into())];
        let failing = of(Verdict::Failing { reasons });
        assert_eq!(failing, "failing: it takes no more writes; its count “Spin Up Time” is at the maker's limit");
        for blind in [Verdict::Blind { why: "it was gone".into() }, Verdict::Unknown { why: "it was gone".into() }] {
            assert_eq!(of(blind), "its health cannot be seen, because it was gone");
        }
    }
}
