//! One drive for each drive: what smartctl said, completed by what the system knows by itself.

use beforehand_shared::drive::{Drive, Verdict};
use std::collections::BTreeMap;

/// `asked` by smartctl, `known` by the system.
pub fn merge(mut asked: Vec<Drive>, known: Vec<Drive>) -> Vec<Drive> {
    for native in known {
        match asked.iter_mut().find(|drive| is_same(drive, &native)) {
            Some(drive) => complete(drive, native),
            None => asked.push(unlisted(native)),
        }
    }
    let mut drives: BTreeMap<String, Drive> = BTreeMap::new();
    for drive in asked.into_iter().filter(|drive| !is_unnamed_sleeper(drive)) {
        // One drive may be reached by several ways.
        let better = drives.get(&drive.key).is_none_or(|other| worth(&drive.verdict) > worth(&other.verdict));
        if better {
            drives.insert(drive.key.clone(), drive);
        }
    }
    drives.into_values().collect()
}

fn is_same(asked: &Drive, native: &Drive) -> bool {
    asked.device == native.device
        || names(&asked.device, &native.device)
        || (!asked.keyed_by_path && asked.key == native.key)
}

/// Whether smartctl's name of a drive is another for Windows' name: `/dev/sdb`, `/dev/pd1` and
/// `PhysicalDrive1` are one.
fn names(smartctl: &str, windows: &str) -> bool {
    let Some(number) = windows.rsplit_once("PhysicalDrive").and_then(|(_, number)| number.parse::<u8>().ok()) else {
        return false;
    };
    let letter = (number < 26).then(|| format!("/dev/sd{}", char::from(b'a' + number)));
    letter.as_deref() == Some(smartctl) || smartctl == format!("/dev/pd{number}")
}

fn complete(drive: &mut Drive, native: Drive) {
    if drive.keyed_by_path && !native.keyed_by_path {
        (drive.key, drive.keyed_by_path, drive.kind) = (native.key, false, native.kind);
    }
    if worth(&native.verdict) > worth(&drive.verdict) && worth(&native.verdict) >= SAYS_SOMETHING {
        drive.verdict = native.verdict;
    }
    drive.model = drive.model.take().or(native.model);
    drive.serial = drive.serial.take().or(native.serial);
    drive.firmware = drive.firmware.take().or(native.firmware);
    drive.bus = drive.bus.take().or(native.bus);
    drive.bytes = drive.bytes.or(native.bytes);
    drive.temperature_c = drive.temperature_c.or(native.temperature_c);
    drive.power_on_hours = drive.power_on_hours.or(native.power_on_hours);
    drive.wear_used_pct = drive.wear_used_pct.or(native.wear_used_pct);
    drive.spare_pct = drive.spare_pct.or(native.spare_pct);
    drive.media_errors = drive.media_errors.or(native.media_errors);
    drive.unsafe_shutdowns = drive.unsafe_shutdowns.or(native.unsafe_shutdowns);
    drive.host_written_bytes = drive.host_written_bytes.or(native.host_written_bytes);
    drive.command_timeouts = drive.command_timeouts.or(native.command_timeouts);
    drive.power_cycles = drive.power_cycles.or(native.power_cycles);
    drive.error_log_entries = drive.error_log_entries.or(native.error_log_entries);
}

fn unlisted(native: Drive) -> Drive {
    match native.verdict {
        Verdict::Unknown { .. } => {
            let why = "smartctl does not list it, as with some USB adapters and card readers".to_owned();
            Drive { verdict: Verdict::Blind { why }, ..native }
        }
        _ => native,
    }
}

/// A sleeping drive of which only the path is known cannot be told from another.
const fn is_unnamed_sleeper(drive: &Drive) -> bool {
    drive.keyed_by_path && matches!(drive.verdict, Verdict::Asleep)
}

const SAYS_SOMETHING: u8 = 3;

const fn worth(verdict: &Verdict) -> u8 {
    match verdict {
        Verdict::Failing { .. } => 4,
        Verdict::Passed => SAYS_SOMETHING,
        Verdict::Asleep | Verdict::Other => 2,
        Verdict::Unknown { .. } => 1,
        Verdict::Blind { .. } => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drive(device: &str, key: &str, verdict: Verdict) -> Drive {
        Drive { device: device.into(), key: key.into(), keyed_by_path: device == key, verdict, ..Drive::default() }
    }

    fn asleep(device: &str) -> Drive {
        drive(device, device, Verdict::Asleep)
    }

    fn native(device: &str, key: &str) -> Drive {
        Drive { model: Some("Example".into()), ..drive(device, key, Verdict::Unknown { why: "not asked".into() }) }
    }

    #[test]
    fn a_sleeping_drive_keeps_the_name_that_the_system_knows() {
        let drives = merge(vec![asleep("/dev/sda"), asleep("/dev/sdb")], vec![native("/dev/sda", "5000c500")]);
        assert_eq!(drives.len(), 1, "the other has no name and is left out: {drives:?}");
        assert_eq!((drives[0].key.as_str(), &drives[0].verdict), ("5000c500", &Verdict::Asleep));
        assert_eq!(drives[0].model.as_deref(), Some("Example"));
    }

    #[test]
    fn a_drive_that_smartctl_does_not_list_is_blind_and_not_healthy() {
        let drives = merge(Vec::new(), vec![native("/dev/sdc", "/dev/sdc")]);
        assert!(matches!(&drives[0].verdict, Verdict::Blind { why } if why.contains("USB")), "{drives:?}");
    }

    #[test]
    fn one_drive_on_two_ways_is_one_drive_with_the_clearer_verdict() {
        let ways = vec![Drive::blind("/dev/sdd", "no"), drive("/dev/sdd", "/dev/sdd", Verdict::Passed)];
        assert_eq!(merge(ways, Vec::new()).into_iter().map(|it| it.verdict).collect::<Vec<_>>(), [Verdict::Passed]);
    }

    #[test]
    fn a_drive_that_smartctl_may_not_open_is_judged_by_what_the_system_says() {
        let failing = drive(r"\\.\PhysicalDrive1", "s1", Verdict::Failing { reasons: Vec::new() });
        let drives = merge(vec![Drive::blind("/dev/sdb", "no")], vec![failing]);
        assert!(matches!(drives[0].verdict, Verdict::Failing { .. }));
    }
}
