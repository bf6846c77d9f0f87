//! What Windows' storage driver tells about a drive: the structures of `winioctl.h` and `nvme.h`, as bytes.

use super::{CHARS, parse::is_virtual};
use beforehand_shared::{
    drive::{Drive, DriveKind, Trouble, Verdict, code},
    text::clean,
};

pub const NOT_TOLD: &str = "Windows cannot ask it; smartctl (smartmontools.org) often can";

/// The answers about one drive; empty where there was none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    pub device: String,
    /// `STORAGE_DEVICE_DESCRIPTOR`.
    pub descriptor: Vec<u8>,
    /// `STORAGE_DEVICE_ID_DESCRIPTOR`.
    pub identifiers: Vec<u8>,
    /// `DISK_GEOMETRY_EX`.
    pub geometry: Vec<u8>,
    /// `DEVICE_SEEK_PENALTY_DESCRIPTOR`.
    pub seek_penalty: Vec<u8>,
    /// Identify Controller of NVMe, in a `STORAGE_PROTOCOL_DATA_DESCRIPTOR`.
    pub identity: Vec<u8>,
    /// Log page 02h of NVMe, in a `STORAGE_PROTOCOL_DATA_DESCRIPTOR`.
    pub health: Vec<u8>,
    /// `STORAGE_PREDICT_FAILURE`.
    pub prediction: Vec<u8>,
}

/// Nothing for what is no drive of this machine: made up by a hypervisor or by Windows itself,
/// reached over a network, or removable.
pub fn drive(answers: &Answers) -> Option<Drive> {
    let told = &answers.descriptor;
    let bus = bus(u32_at(told, 28)?)?;
    let vendor = string_at(told, 12);
    let product = string_at(told, 16);
    let model = match (vendor, product) {
        (Some(vendor), Some(product)) if !matches!(vendor.as_str(), "ATA" | "NVMe") => {
            Some(format!("{vendor} {product}"))
        }
        (_, product) => product,
    };
    if model.as_deref().is_some_and(is_virtual) || told.get(10) == Some(&1) {
        return None;
    }
    let mut drive = Drive {
        device: answers.device.clone(),
        model,
        serial: string_at(told, 24),
        firmware: string_at(told, 20),
        bytes: u64_at(&answers.geometry, 24).filter(|bytes| *bytes > 0),
        kind: kind(bus, answers.seek_penalty.get(8)),
        bus: Some(bus.to_owned()),
        verdict: Verdict::Unknown { why: NOT_TOLD.to_owned() },
        ..Drive::default()
    };
    of_controller(&mut drive, protocol_data(&answers.identity));
    of_prediction(&mut drive, &answers.prediction);
    of_health(&mut drive, protocol_data(&answers.health));
    let name = world_wide_name(&answers.identifiers).filter(|_| bus != "USB");
    Some(drive.keyed(name.as_deref()))
}

/// `STORAGE_BUS_TYPE`; nothing for disks that are files, pools or lie on other machines.
const fn bus(number: u32) -> Option<&'static str> {
    Some(match number {
        3 | 11 => "SATA",
        1 => "SCSI",
        7 => "USB",
        8 => "RAID controller",
        10 => "SAS",
        17 => "NVMe",
        _ => return None,
    })
}

fn kind(bus: &str, seeks: Option<&u8>) -> DriveKind {
    match (bus, seeks) {
        ("NVMe", _) => DriveKind::Nvme,
        ("SAS" | "SCSI", _) => DriveKind::Sas,
        (_, Some(0)) => DriveKind::Ssd,
        (_, Some(_)) => DriveKind::Hdd,
        (_, None) => DriveKind::Unknown,
    }
}

/// The serial number of the descriptor is another name for NVMe drives; the controller has the one
/// on the label (NVM Express 2.0, figure 275).
fn of_controller(drive: &mut Drive, identity: &[u8]) {
    let named = |range: std::ops::Range<usize>| identity.get(range).and_then(words);
    if let (Some(serial), Some(model)) = (named(4..24), named(24..64)) {
        (drive.serial, drive.model) = (Some(serial), Some(model));
        drive.firmware = named(64..72).or(drive.firmware.take());
    }
}

/// The verdict, and behind it the sector of ATA attributes.
fn of_prediction(drive: &mut Drive, prediction: &[u8]) {
    let Some(fails) = u32_at(prediction, 0) else { return };
    drive.verdict = match fails {
        0 => Verdict::Passed,
        _ => Verdict::Failing { reasons: vec![Trouble::new(code::PREDICTED)] },
    };
    let table = prediction.get(6..366).unwrap_or_default();
    for row in table.as_chunks::<12>().0 {
        let raw = u64::from(u32::from_le_bytes([row[5], row[6], row[7], row[8]]));
        match row[0] {
            5 => drive.reallocated_sectors = Some(raw),
            // Above them some makers count minutes.
            9 => drive.power_on_hours = Some(raw & 0xFF_FFFF),
            12 => drive.power_cycles = Some(raw),
            187 => drive.media_errors = Some(raw),
            // Above them Seagate counts those that took very long.
            188 => drive.command_timeouts = Some(raw & 0xFFFF),
            194 => drive.temperature_c = Some(i16::from(row[5])).filter(|celsius| (1..=120).contains(celsius)),
            197 => drive.pending_sectors = Some(raw),
            198 => drive.uncorrectable_sectors = Some(raw),
            199 => drive.crc_errors = Some(raw),
            _ => {}
        }
    }
}

/// SMART / Health Information (NVM Express 2.0, figure 207).
fn of_health(drive: &mut Drive, log: &[u8]) {
    let (Some(warning), true) = (log.first(), log.len() >= 512) else { return };
    let reasons = Trouble::of_critical_warning(u64::from(*warning));
    drive.verdict = if reasons.is_empty() { Verdict::Passed } else { Verdict::Failing { reasons } };
    let kelvin = i16::from_le_bytes([log[1], log[2]]);
    drive.temperature_c =
        Some(kelvin.saturating_sub(273)).filter(|celsius| kelvin > 0 && (-40..=150).contains(celsius));
    drive.spare_pct = Some(log[3]).filter(|spare| *spare <= 100);
    drive.wear_used_pct = Some(log[5]);
    drive.host_written_bytes = u64_at(log, 48).and_then(|units| units.checked_mul(512_000));
    drive.power_cycles = u64_at(log, 112);
    drive.power_on_hours = u64_at(log, 128);
    drive.unsafe_shutdowns = u64_at(log, 144);
    drive.media_errors = u64_at(log, 160);
    drive.error_log_entries = u64_at(log, 176);
}

/// What lies behind the heading of a `STORAGE_PROTOCOL_DATA_DESCRIPTOR`.
fn protocol_data(answer: &[u8]) -> &[u8] {
    let place = |at| u32_at(answer, at).and_then(|number| usize::try_from(number).ok());
    let (Some(offset), Some(len)) = (place(24), place(28)) else { return &[] };
    // The offset counts from the second structure, which begins behind version and size.
    let Some(start) = offset.checked_add(8) else { return &[] };
    answer.get(start..start.saturating_add(len)).unwrap_or_default()
}

/// The first NAA name of the device itself, in hexadecimal.
fn world_wide_name(identifiers: &[u8]) -> Option<String> {
    let (heading, binary, naa) = (16, 1, 3);
    let mut rest = identifiers.get(12..)?;
    for _ in 0..u32_at(identifiers, 8)?.min(32) {
        let (size, next) = (u16_at(rest, 8)?, u16_at(rest, 10)?);
        let is_name = u32_at(rest, 0)? == binary && u32_at(rest, 4)? == naa && u32_at(rest, 12)? == 0;
        if is_name && matches!(size, 8 | 16) {
            return rest.get(heading..heading + usize::from(size)).map(hex::encode);
        }
        rest = rest.get(usize::from(next)..).filter(|_| next > 0)?;
    }
    None
}

/// The text whose place the number at `at` tells.
fn string_at(bytes: &[u8], at: usize) -> Option<String> {
    let start = usize::try_from(u32_at(bytes, at)?).ok().filter(|start| *start > 0)?;
    let text = bytes.get(start..)?;
    words(text.split(|byte| *byte == 0).next()?)
}

fn words(raw: &[u8]) -> Option<String> {
    let text = String::from_utf8_lossy(raw);
    let words: Vec<&str> =
        text.split(|c: char| c.is_whitespace() || c == '\0').filter(|word| !word.is_empty()).collect();
    Some(clean(&words.join(" "), CHARS)).filter(|text| !text.is_empty())
}

fn u16_at(bytes: &[u8], at: usize) -> Option<u16> {
    bytes.get(at..at + 2)?.try_into().ok().map(u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..at + 4)?.try_into().ok().map(u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8)?.try_into().ok().map(u64::from_le_bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn descriptor(bus: u32, texts: [&str; 4]) -> Vec<u8> {
        let mut bytes = vec![0; 40];
        bytes[28..32].copy_from_slice(&bus.to_le_bytes());
        for (place, text) in [12, 16, 20, 24].into_iter().zip(texts) {
            if !text.is_empty() {
                let start = u32::try_from(bytes.len()).unwrap();
                bytes[place..place + 4].copy_from_slice(&start.to_le_bytes());
                bytes.extend(text.as_bytes());
                bytes.push(0);
            }
        }
        bytes
    }

    fn protocol(data: &[u8]) -> Vec<u8> {
        let mut bytes = vec![0; 48];
        bytes[24..28].copy_from_slice(&40_u32.to_le_bytes());
        bytes[28..32].copy_from_slice(&u32::try_from(data.len()).unwrap().to_le_bytes());
        bytes.extend(data);
        bytes
    }

    fn nvme(warning: u8) -> Answers {
        let mut log = vec![0; 512];
        (log[0], log[3], log[5]) = (warning, 98, 3);
        log[1..3].copy_from_slice(&311_u16.to_le_bytes());
        log[48] = 2;
        (log[112], log[128], log[144], log[160], log[176]) = (88, 200, 4, 7, 9);
        let mut identity = vec![b' '; 4096];
        identity[4..9].copy_from_slice(b"EX-42");
        identity[24..36].copy_from_slice(b"Example NVMe");
        identity[64..67].copy_from_slice(b"2.1");
        Answers {
            device: "PhysicalDrive0".into(),
            descriptor: descriptor(17, ["", "Example NVMe", "2.1", "0025_3800_0000_0001."]),
            identity: protocol(&identity),
            health: protocol(&log),
            ..Answers::default()
        }
    }

    #[test]
    fn the_health_log_of_nvme_is_read_and_the_serial_is_that_on_the_label() {
        let drive = drive(&nvme(0)).unwrap();
        assert_eq!(drive.key, "example nvme ex-42");
        assert_eq!((drive.kind, drive.verdict), (DriveKind::Nvme, Verdict::Passed));
        assert_eq!((drive.temperature_c, drive.spare_pct, drive.wear_used_pct), (Some(38), Some(98), Some(3)));
        assert_eq!((drive.power_on_hours, drive.unsafe_shutdowns, drive.media_errors), (Some(200), Some(4), Some(7)));
        assert_eq!((drive.power_cycles, drive.error_log_entries), (Some(88), Some(9)));
        assert_eq!(drive.host_written_bytes, Some(1_024_000));
    }

    #[test]
    fn a_critical_warning_of_nvme_is_failing() {
        let reasons = vec![Trouble::new(code::UNRELIABLE)];
        assert_eq!(drive(&nvme(4)).unwrap().verdict, Verdict::Failing { reasons });
    }

    #[test]
    fn a_predicted_failure_of_ata_is_told_with_its_attributes_and_its_world_wide_name() {
        let mut prediction = vec![0; 516];
        prediction[0] = 1;
        prediction[6..18].copy_from_slice(&[5, 0, 0, 90, 90, 0x10, 0x01, 0, 0, 0, 0, 0]);
        prediction[18..30].copy_from_slice(&[194, 0, 0, 60, 50, 41, 0, 19, 0, 50, 0, 0]);
        prediction[30..42].copy_from_slice(&[188, 0, 0, 100, 100, 3, 0, 2, 0, 1, 0, 0]);
        let mut identifiers = vec![0; 12];
        identifiers[8] = 1;
        identifiers.extend([1, 0, 0, 0, 3, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0]);
        identifiers.extend([0x50, 0x01, 0x4e, 0xe2, 0, 0, 0, 1]);
        let answers = Answers {
            descriptor: descriptor(11, ["", "Example Disk", "1.0", "  WX1"]),
            identifiers,
            geometry: [vec![0; 24], 4_000_u64.to_le_bytes().to_vec()].concat(),
            seek_penalty: vec![0, 0, 0, 0, 0, 0, 0, 0, 1],
            prediction,
            ..Answers::default()
        };
        let drive = drive(&answers).unwrap();
        assert_eq!((drive.key.as_str(), drive.kind), ("50014ee200000001", DriveKind::Hdd));
        assert_eq!((drive.serial.as_deref(), drive.bytes), (Some("WX1"), Some(4_000)));
        assert_eq!((drive.reallocated_sectors, drive.temperature_c), (Some(0x110), Some(41)));
        assert_eq!(drive.command_timeouts, Some(3), "two more counts are packed above it");
        assert!(matches!(drive.verdict, Verdict::Failing { .. }));
    }

    #[test]
    fn disks_of_a_hypervisor_and_of_pools_are_none() {
        let of =
            |bus, model| drive(&Answers { descriptor: descriptor(bus, ["", model, "", ""]), ..Answers::default() });
        assert_eq!(of(10, "Msft Virtual Disk"), None);
        assert_eq!(of(16, "Storage Space"), None);
        assert_eq!(of(9, "LUN"), None);
        assert!(of(11, "Example Disk").is_some());
    }

    #[test]
    fn what_windows_cannot_ask_is_not_known() {
        let answers = Answers { descriptor: descriptor(7, ["Example", "USB Disk", "", "1"]), ..Answers::default() };
        assert_eq!(drive(&answers).unwrap().verdict, Verdict::Unknown { why: NOT_TOLD.into() });
    }

    #[test]
    fn answers_cut_short_are_read_as_far_as_they_go() {
        let whole = nvme(0);
        for len in 0..600 {
            let cut = |bytes: &[u8]| bytes[..len.min(bytes.len())].to_vec();
            let answers = Answers {
                descriptor: cut(&whole.descriptor),
                identifiers: cut(&whole.health),
                geometry: cut(&whole.health),
                health: cut(&whole.health),
                identity: cut(&whole.identity),
                prediction: cut(&whole.identity),
                ..whole.clone()
            };
            let _ = drive(&answers);
        }
    }
}
