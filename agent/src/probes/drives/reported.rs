//! What Windows' storage management (WMI, `root\Microsoft\Windows\Storage`) adds to what the driver told.

use beforehand_shared::drive::{Drive, DriveKind, Trouble, Verdict, code};
use serde::Deserialize;

/// The names here are those of the class and its properties: the question is made of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "MSFT_PhysicalDisk", rename_all = "PascalCase", default)]
pub struct PhysicalDisk {
    /// The N of `PhysicalDriveN`.
    pub device_id: String,
    /// 0 healthy, 1 warning, 2 unhealthy, 5 unknown.
    pub health_status: Option<u16>,
    /// 5 predictive failure, 7 non-recoverable error.
    pub operational_status: Option<Vec<u16>>,
    /// 3 hard disk, 4 flash.
    pub media_type: Option<u16>,
}

/// Only administrators may read it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "MSFT_StorageReliabilityCounter", rename_all = "PascalCase", default)]
pub struct Counter {
    pub device_id: String,
    /// Degrees Celsius; 0 where it is not told.
    pub temperature: Option<u8>,
    /// Per cent.
    pub wear: Option<u8>,
    pub power_on_hours: Option<u32>,
    pub read_errors_uncorrected: Option<u64>,
    pub write_errors_uncorrected: Option<u64>,
}

/// What could be asked, each with why not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reported {
    pub disks: Vec<PhysicalDisk>,
    pub counters: Result<Vec<Counter>, String>,
}

/// Completes `drives`, and never unsays what the driver said.
pub fn apply(drives: &mut [Drive], reported: &Reported) {
    for drive in drives {
        let number = drive.device.rsplit("PhysicalDrive").next().unwrap_or_default().to_owned();
        if let Some(disk) = reported.disks.iter().find(|disk| disk.device_id == number) {
            of_disk(drive, disk);
        }
        let counters = reported.counters.as_deref().unwrap_or_default();
        if let Some(counter) = counters.iter().find(|counter| counter.device_id == number) {
            of_counter(drive, counter);
        }
        if let (Verdict::Unknown { why }, Err(denied)) = (&mut drive.verdict, &reported.counters) {
            *why = format!("{why}; {denied}");
        }
    }
}

fn of_disk(drive: &mut Drive, disk: &PhysicalDisk) {
    if drive.kind == DriveKind::Unknown {
        drive.kind = match disk.media_type {
            Some(3) => DriveKind::Hdd,
            Some(4) => DriveKind::Ssd,
            _ => DriveKind::Unknown,
        };
    }
    let states = disk.operational_status.as_deref().unwrap_or_default();
    let fails = disk.health_status == Some(2) || states.iter().any(|state| matches!(state, 5 | 7));
    match (&mut drive.verdict, disk.health_status) {
        (Verdict::Unknown { .. } | Verdict::Passed, _) if fails => {
            drive.verdict = Verdict::Failing { reasons: vec![Trouble::new(code::PREDICTED)] };
        }
        (verdict @ Verdict::Unknown { .. }, Some(0)) => *verdict = Verdict::Passed,
        (Verdict::Unknown { why }, Some(1)) => "Windows warns about it and does not say why".clone_into(why),
        _ => {}
    }
}

fn of_counter(drive: &mut Drive, counter: &Counter) {
    let told = |celsius: &u8| (1..=120).contains(celsius);
    drive.temperature_c = drive.temperature_c.or(counter.temperature.filter(told).map(i16::from));
    drive.wear_used_pct = drive.wear_used_pct.or(counter.wear.filter(|_| drive.kind != DriveKind::Hdd));
    drive.power_on_hours = drive.power_on_hours.or(counter.power_on_hours.filter(|hours| *hours > 0).map(u64::from));
    let errors = [counter.read_errors_uncorrected, counter.write_errors_uncorrected];
    drive.media_errors = drive.media_errors.or(errors.into_iter().flatten().reduce(u64::saturating_add));
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drive(verdict: Verdict) -> Drive {
        Drive { device: r"\\.\PhysicalDrive1".into(), verdict, ..Drive::default() }
    }

    fn reported(health: u16, counters: Result<Vec<Counter>, String>) -> Reported {
        let disk = |id: &str, health| PhysicalDisk {
            device_id: id.into(),
            health_status: Some(health),
            ..PhysicalDisk::default()
        };
        Reported { disks: vec![disk("11", 2), disk("1", health)], counters }
    }

    fn after(verdict: Verdict, reported: &Reported) -> Drive {
        let mut drives = [drive(verdict)];
        apply(&mut drives, reported);
        let [drive] = drives;
        drive
    }

    fn unknown() -> Verdict {
        Verdict::Unknown { why: "not told".into() }
    }

    #[test]
    fn windows_fills_in_a_verdict_that_the_driver_did_not_give() {
        assert_eq!(after(unknown(), &reported(0, Ok(vec![]))).verdict, Verdict::Passed);
        assert!(matches!(after(unknown(), &reported(2, Ok(vec![]))).verdict, Verdict::Failing { .. }));
        assert!(matches!(after(Verdict::Passed, &reported(2, Ok(vec![]))).verdict, Verdict::Failing { .. }));
    }

    #[test]
    fn what_the_drive_says_of_itself_is_not_unsaid() {
        let failing = Verdict::Failing { reasons: vec![Trouble::new(code::READ_ONLY)] };
        assert_eq!(after(failing.clone(), &reported(0, Ok(vec![]))).verdict, failing);
    }

    #[test]
    fn a_warning_without_a_reason_is_no_verdict() {
        let verdict = after(unknown(), &reported(1, Err("more needs administrator rights".into()))).verdict;
        assert!(matches!(verdict, Verdict::Unknown { why } if why.contains("warns") && why.contains("administrator")));
    }

    #[test]
    fn counters_are_added_where_they_say_something() {
        let counter = Counter {
            device_id: "1".into(),
            temperature: Some(0),
            wear: Some(4),
            power_on_hours: Some(900),
            read_errors_uncorrected: Some(2),
            write_errors_uncorrected: None,
        };
        let drive = after(unknown(), &reported(0, Ok(vec![counter])));
        assert_eq!((drive.temperature_c, drive.wear_used_pct), (None, Some(4)));
        assert_eq!((drive.power_on_hours, drive.media_errors), (Some(900), Some(2)));
    }
}
