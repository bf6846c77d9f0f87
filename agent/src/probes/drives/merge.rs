//! One drive for each drive: what smartctl said, completed by what the system knows by itself.

use super::parse::VOLUME;
use beforehand_shared::drive::{Drive, DriveKind, Verdict};

/// `asked` by smartctl, `known` by the system.
pub fn merge(mut asked: Vec<Drive>, known: Vec<Drive>) -> Vec<Drive> {
    for native in known {
        match asked.iter_mut().find(|drive| is_same(drive, &native)) {
            Some(drive) => complete(drive, native),
            None => asked.push(unlisted(native)),
        }
    }
    let mut drives: Vec<Drive> = Vec::new();
    for drive in asked {
        match drives.iter_mut().find(|other| is_one(other, &drive)) {
            Some(other) if worth(&drive.verdict) > worth(&other.verdict) => *other = renamed(drive, other),
            Some(_) => {}
            None => drives.push(drive),
        }
    }
    drop_volumes(&mut drives);
    drives.sort_by(|a, b| a.key.cmp(&b.key));
    drives
}

/// Whether both are one drive that is reached by several ways, of which one may not tell its world wide name.
fn is_one(one: &Drive, other: &Drive) -> bool {
    let named = one.serial.is_some() && one.model.is_some();
    one.key == other.key || (named && one.serial == other.serial && one.model == other.model)
}

/// What was known of it by another way keeps its name.
fn renamed(drive: Drive, other: &Drive) -> Drive {
    if other.keyed_by_path {
        return drive;
    }
    Drive { key: other.key.clone(), keyed_by_path: false, ..drive }
}

/// Volumes of a RAID controller say nothing where drives behind one do.
fn drop_volumes(drives: &mut Vec<Drive>) {
    let is_behind = |drive: &Drive| drive.device.contains(',') && !matches!(drive.verdict, Verdict::Blind { .. });
    if drives.iter().any(is_behind) {
        drives.retain(|drive| !matches!(&drive.verdict, Verdict::Blind { why } if why == VOLUME));
    }
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
        (drive.key, drive.keyed_by_path) = (native.key.clone(), false);
    }
    if drive.kind == DriveKind::Unknown {
        drive.kind = native.kind;
    }
    if worth(&native.verdict) > worth(&drive.verdict) && worth(&native.verdict) >= SAYS_SOMETHING {
        drive.verdict = native.verdict.clone();
    }
    fill(drive, &native);
}

/// Gives `drive` every value that it lacks. As fields of JSON: none can be forgotten here.
fn fill(drive: &mut Drive, native: &Drive) {
    let values = |drive: &Drive| serde_json::to_value(drive).ok().and_then(|value| value.as_object().cloned());
    let (Some(own), Some(mut all)) = (values(drive), values(native)) else { return };
    all.remove("keyed_by_path");
    all.extend(own);
    if let Ok(filled) = serde_json::from_value(all.into()) {
        *drive = filled;
    }
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
        assert_eq!(drives.len(), 2, "the other is there, too, without a name: {drives:?}");
        assert!(drives[0].keyed_by_path && drives[0].verdict == Verdict::Asleep, "{drives:?}");
        let drives = &drives[1..];
        assert_eq!((drives[0].key.as_str(), &drives[0].verdict), ("5000c500", &Verdict::Asleep));
        assert_eq!(drives[0].model.as_deref(), Some("Example"));
    }

    #[test]
    fn what_smartctl_does_not_tell_is_taken_from_the_system_and_nothing_else() {
        let every_value = include_str!("../../../../shared/tests/golden/drives.json");
        let every_count = include_str!("../../../../shared/tests/golden/drive_counts.json");
        let told: Vec<Drive> = serde_json::from_str(every_value).unwrap();
        let counts: Drive = serde_json::from_str(every_count).unwrap();
        let mut native = told[0].clone();
        fill(&mut native, &counts);
        let asked = Drive { device: native.device.clone(), verdict: Verdict::Asleep, ..Drive::default() }.keyed(None);
        let whole = merge(
            vec![Drive { media_errors: Some(1), ..asked }],
            vec![Drive { keyed_by_path: false, ..native.clone() }],
        );
        let expected = Drive { media_errors: Some(1), keyed_by_path: false, ..native };
        assert_eq!(whole, [expected]);
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
    fn a_drive_behind_a_controller_that_is_seen_directly_too_is_one_and_keeps_its_name() {
        let named = |device: &str, key: &str, verdict| Drive {
            model: Some("Example".into()),
            serial: Some("EX-0001".into()),
            key: key.into(),
            ..drive(device, key, verdict)
        };
        let direct = named("/dev/sda", "5000c500", Verdict::Unknown { why: "not told".into() });
        let behind = named("/dev/sg2 cciss,0", "example ex-0001", Verdict::Passed);
        let drives = merge(vec![direct, behind], Vec::new());
        assert_eq!(drives.len(), 1, "{drives:?}");
        assert_eq!((drives[0].key.as_str(), &drives[0].verdict), ("5000c500", &Verdict::Passed));
    }

    #[test]
    fn a_volume_of_a_controller_is_told_only_where_no_drive_behind_it_is() {
        let volume = Drive::blind("/dev/sda", VOLUME);
        let behind = drive("/dev/sg2 cciss,0", "s1", Verdict::Passed);
        let known = vec![native("/dev/sda", "/dev/sda")];
        assert_eq!(merge(vec![volume.clone(), behind.clone()], known.clone()), [behind]);
        assert_eq!(merge(vec![volume, Drive::blind("/dev/sg2 cciss", "no")], known).len(), 2);
    }

    #[test]
    fn a_drive_that_smartctl_may_not_open_is_judged_by_what_the_system_says() {
        let failing = drive(r"\\.\PhysicalDrive1", "s1", Verdict::Failing { reasons: Vec::new() });
        let drives = merge(vec![Drive::blind("/dev/sdb", "no")], vec![failing]);
        assert!(matches!(drives[0].verdict, Verdict::Failing { .. }));
    }
}
