//! A drive as Linux knows it without any tool: from sysfs, which says nothing about its health.

use super::{CHARS, parse::is_virtual, values::naa};
use beforehand_shared::{
    drive::{Drive, DriveKind, Verdict},
    text::clean,
};
use serde::Deserialize;

pub const NO_TOOL: &str = "smartctl is not installed (package smartmontools)";
/// The unit of `size` in sysfs, whatever the sectors of the drive.
const SECTOR_BYTES: u64 = 512;

/// The files of one drive, as read; empty where there is no such file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sysfs {
    /// `/dev/sda`, or the controller of an NVMe drive: `/dev/nvme0`.
    pub device: String,
    /// Where its folder really lies.
    pub path: String,
    pub vendor: String,
    pub model: String,
    pub serial: String,
    pub wwid: String,
    pub firmware: String,
    pub sectors: String,
    pub rotational: String,
    pub removable: String,
    /// Of NVMe: `pcie`, or a network.
    pub transport: String,
    pub temperature_millidegrees: String,
}

/// Nothing for what is no drive of this machine: made up by a hypervisor or the kernel, reached over
/// a network, removable, or an empty slot.
pub fn drive(files: &Sysfs) -> Option<Drive> {
    let made_up = ["/virtual/", "/virtio"].iter().any(|part| files.path.contains(part))
        || is_virtual(&format!("{} {}", files.vendor.trim(), files.model.trim()));
    let remote = !files.transport.trim().is_empty() && files.transport.trim() != "pcie";
    let sectors: u64 = files.sectors.trim().parse().ok()?;
    if made_up || remote || files.removable.trim() == "1" || sectors == 0 {
        return None;
    }
    let named = |raw: &str| Some(clean(raw.trim(), CHARS)).filter(|text| !text.is_empty());
    let bus = bus(files);
    let model = match (bus, named(&files.vendor)) {
        ("SATA" | "NVMe", _) | (_, None) => named(&files.model),
        (_, Some(vendor)) => named(&format!("{vendor} {}", files.model.trim())),
    };
    let drive = Drive {
        device: files.device.clone(),
        model,
        serial: named(&files.serial),
        firmware: named(&files.firmware),
        kind: kind(bus, &files.rotational),
        bus: Some(bus.to_owned()),
        bytes: sectors.checked_mul(SECTOR_BYTES),
        temperature_c: temperature(&files.temperature_millidegrees),
        verdict: Verdict::Unknown { why: NO_TOOL.to_owned() },
        ..Drive::default()
    };
    // A USB adapter gives a name of its own, not the drive's.
    let wwn = naa(&files.wwid).filter(|_| bus != "USB");
    Some(drive.keyed(wwn.as_deref()))
}

fn bus(files: &Sysfs) -> &'static str {
    if files.path.contains("/usb") {
        "USB"
    } else if files.device.contains("nvme") {
        "NVMe"
    } else if files.vendor.trim() == "ATA" {
        "SATA"
    } else {
        "SCSI"
    }
}

fn kind(bus: &str, rotational: &str) -> DriveKind {
    match (bus, rotational.trim()) {
        ("NVMe", _) => DriveKind::Nvme,
        ("SATA", "1") => DriveKind::Hdd,
        ("SATA", "0") => DriveKind::Ssd,
        ("SCSI", _) => DriveKind::Sas,
        _ => DriveKind::Unknown,
    }
}

fn temperature(millidegrees: &str) -> Option<i16> {
    let millidegrees: i32 = millidegrees.trim().parse().ok()?;
    i16::try_from(millidegrees / 1_000).ok().filter(|celsius| (-40..=150).contains(celsius))
}
