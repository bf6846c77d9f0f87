//! What a failing drive is told about in.

use super::card::Count;
use crate::{calendar::bytes_words, detectors::fact, finding::Fact};
use beforehand_shared::drive::{Drive, Trouble, code};

/// What a person is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Remedy {
    Replace,
    Cool,
    Cable,
    Find,
}

/// The two weightiest counts, as part of a sentence. No numbers: they change every day, and stand beside it.
pub(super) fn signs(signs: &[(Count, f64, f64)]) -> String {
    let one = |(count, _, growth): &(Count, f64, f64)| {
        let what = match count {
            Count::ReallocatedSectors | Count::ReallocationEvents => "it has replaced sectors by spare ones",
            Count::MediaErrors => "it could not give back data",
            Count::CommandTimeouts => "it did not answer in time",
            Count::PendingSectors => "it has sectors that it cannot read",
            Count::UncorrectableSectors => "its own search found sectors that cannot be read",
            Count::SpinRetries => "it needed more than one try to start turning",
        };
        if *growth > 0.0 { format!("{what}, more and more") } else { what.to_owned() }
    };
    let mut weightiest: Vec<&(Count, f64, f64)> = signs.iter().take(2).collect();
    // Which of the two weighs more changes from day to day.
    weightiest.sort_by_key(|(count, ..)| *count);
    let mut told: Vec<String> = weightiest.into_iter().map(one).collect();
    told.dedup();
    told.join(", and ")
}

/// How sure it is, in steps: a sentence that changes with every day is read by nobody.
pub(super) fn odds(p90: f64) -> &'static str {
    match p90 {
        p if p >= 0.65 => "of ten such drives, seven or more fail within 90 days",
        p if p >= 0.45 => "of ten such drives, five or six fail within 90 days",
        p if p >= 0.25 => "of ten such drives, three or four fail within 90 days",
        p if p >= 0.1 => "of ten such drives, one or two fail within 90 days",
        p if p >= 0.05 => "of a hundred such drives, five to ten fail within 90 days",
        _ => "of a hundred such drives, fewer than five fail within 90 days",
    }
}

/// A reason as part of a sentence about the drive.
pub fn reason_words(reason: &Trouble) -> String {
    let text = reason.text.as_deref().unwrap_or_default().trim();
    match reason.code.as_str() {
        code::SELF_ASSESSMENT => "its own test of its health failed".to_owned(),
        code::ATTRIBUTE => format!("its count \u{201c}{}\u{201d} is at the maker's limit", text.replace('_', " ")),
        code::SPARE_LOW => "its spare blocks run out".to_owned(),
        code::TEMPERATURE => "it is outside of the temperatures it is made for".to_owned(),
        code::UNRELIABLE => "errors have made it unreliable".to_owned(),
        code::READ_ONLY => "it takes no more writes".to_owned(),
        code::BACKUP_FAILED => "its protection against a power cut has failed".to_owned(),
        code::MEMORY_REGION => "its persistent memory is not reliable".to_owned(),
        code::SCSI => format!("it reports \u{201c}{}\u{201d}", text.to_lowercase()),
        code::PREDICTED => "Windows expects it to fail".to_owned(),
        other => format!("it reports {}", other.replace(['-', '_'], " ")),
    }
}

pub(super) fn steps(drive: &Drive, remedy: Remedy) -> Vec<String> {
    let which =
        drive.serial.as_ref().map_or_else(|| format!("at {}", drive.device), |serial| format!("with serial {serial}"));
    let size = drive.bytes.map_or_else(|| "the same size".to_owned(), |bytes| bytes_words(bytes as f64));
    match remedy {
        Remedy::Replace => vec![
            "Back up what is on it now, and check that the backup can be read.".to_owned(),
            format!("Order a replacement of {size} or more."),
            format!("Replace the drive {which}, and keep it until everything is back."),
        ],
        Remedy::Cool => vec![
            "Check fans, dust and the air around the machine.".to_owned(),
            format!("If it stays so in cool air: back up what is on it and replace the drive {which}."),
        ],
        Remedy::Cable => vec![
            "Press the plugs of the drive's data cable home at both ends.".to_owned(),
            "If errors go on, replace the cable; then try another port.".to_owned(),
        ],
        Remedy::Find => vec![
            format!("Was the drive {which} taken out? Then say in the console that it is out of service."),
            "If not: check its cable and power, and have the backup at hand.".to_owned(),
            format!("Put in a replacement of {size} or more."),
        ],
    }
}

pub(super) fn facts(drive: &Drive) -> Vec<Fact> {
    let count = |value: Option<u64>| value.map(|value| value.to_string());
    let known = [
        ("Model", drive.model.clone()),
        ("Serial number", drive.serial.clone()),
        ("Device", Some(drive.device.clone())),
        ("Size", drive.bytes.map(|bytes| bytes_words(bytes as f64))),
        ("Temperature", drive.temperature_c.map(|celsius| format!("{celsius} °C"))),
        ("Hours of running", count(drive.power_on_hours)),
        ("Wear", drive.wear_used_pct.map(|used| format!("{used} % used"))),
        ("Spare blocks", drive.spare_pct.map(|left| format!("{left} % left"))),
        ("Data errors", count(drive.media_errors)),
        ("Sectors reallocated", count(drive.reallocated_sectors)),
        ("Sectors pending", count(drive.pending_sectors)),
        ("Sectors unreadable", count(drive.uncorrectable_sectors)),
    ];
    known.into_iter().filter_map(|(label, value)| Some(fact(label, value?))).collect()
}
