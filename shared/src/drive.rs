//! Drives and what they say about their own health: ATA SMART, NVMe health log, SCSI log pages.

use crate::is_false;
use serde::{Deserialize, Serialize};

/// A physical drive. Numbers are there only where the drive counts them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Drive {
    /// What identifies the drive, see [`Drive::key_of`].
    pub key: String,
    /// Whether the key is only the path: another drive in its place would look like the same one.
    #[serde(default, skip_serializing_if = "is_false")]
    pub keyed_by_path: bool,
    /// Where the system has it: `/dev/sda`, `\\.\PhysicalDrive0`.
    pub device: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub firmware: Option<String>,
    /// `kind` alone is the observation's own tag.
    #[serde(default, rename = "drive_kind")]
    pub kind: DriveKind,
    /// How it is connected: `SATA`, `NVMe`, `SAS`, `USB`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bus: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    pub verdict: Verdict,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temperature_c: Option<i16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub power_on_hours: Option<u64>,
    /// Per cent of the writes that the maker expects of it; above 100 it has outlived them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wear_used_pct: Option<u8>,
    /// Per cent left of the spare blocks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare_pct: Option<u8>,
    /// Data that it could not give back or take: NVMe media errors, ATA attribute 187, uncorrected
    /// errors of SCSI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub media_errors: Option<u64>,
    /// ATA attribute 5, or the grown defects of SCSI.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reallocated_sectors: Option<u64>,
    /// ATA attribute 197.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending_sectors: Option<u64>,
    /// ATA attribute 198.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uncorrectable_sectors: Option<u64>,
    /// ATA attribute 199: errors of the cable, not of the drive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub crc_errors: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unsafe_shutdowns: Option<u64>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host_written_bytes: Option<u64>,
}

/// What a drive is, as far as it matters for how it fails.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DriveKind {
    /// Turning, on ATA.
    Hdd,
    /// Flash, on ATA.
    Ssd,
    Nvme,
    /// SCSI or SAS, turning or not.
    Sas,
    /// Not told, or a kind of a later build.
    #[default]
    #[serde(other)]
    Unknown,
}

/// The drive's own judgement of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Verdict {
    Passed,
    Failing {
        reasons: Vec<Trouble>,
    },
    /// It could be looked at, but nothing says how it is.
    Unknown {
        why: String,
    },
    /// It could not be asked at all. Never to be taken for healthy.
    Blind {
        why: String,
    },
    /// It sleeps and was not woken for this.
    Asleep,
    /// A verdict of a later build.
    #[serde(other)]
    Other,
}

impl Default for Verdict {
    fn default() -> Self {
        Self::Unknown { why: String::new() }
    }
}

/// Why a drive says that it fails.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// One of [`code`], or a word of a later build.
    pub code: String,
    /// What belongs to it, as sent: the name of an attribute, the text of a sense code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// The words of [`Trouble::code`].
pub mod code {
    /// ATA SMART RETURN STATUS (ACS-4, section 7.43), or what stands for it elsewhere.
    pub const SELF_ASSESSMENT: &str = "self-assessment";
    /// An ATA attribute whose failure the maker takes for a sign of death is at its threshold.
    pub const ATTRIBUTE: &str = "attribute";
    /// The bits of the NVMe critical warning (NVM Express 2.0, figure 207), from the lowest.
    pub const CRITICAL_WARNING: [&str; 6] =
        [SPARE_LOW, TEMPERATURE, UNRELIABLE, READ_ONLY, BACKUP_FAILED, MEMORY_REGION];
    pub const SPARE_LOW: &str = "spare-low";
    pub const TEMPERATURE: &str = "temperature";
    pub const UNRELIABLE: &str = "unreliable";
    pub const READ_ONLY: &str = "read-only";
    pub const BACKUP_FAILED: &str = "backup-failed";
    pub const MEMORY_REGION: &str = "memory-region";
    /// Informational exceptions of SCSI (SPC-5, additional sense code 5Dh and 0Bh).
    pub const SCSI: &str = "scsi";
    /// Windows expects a failure.
    pub const PREDICTED: &str = "predicted";
}

impl Trouble {
    pub fn new(code: &str) -> Self {
        Self { code: code.to_owned(), text: None }
    }

    pub fn said(code: &str, text: String) -> Self {
        Self { code: code.to_owned(), text: Some(text) }
    }

    /// The bits set in an NVMe critical warning.
    pub fn of_critical_warning(bits: u64) -> Vec<Self> {
        let known = code::CRITICAL_WARNING.iter().enumerate();
        let mut reasons: Vec<Self> =
            known.filter(|(bit, _)| bits >> bit & 1 == 1).map(|(_, code)| Self::new(code)).collect();
        if bits >> code::CRITICAL_WARNING.len() != 0 {
            reasons.push(Self::new(code::SELF_ASSESSMENT));
        }
        reasons
    }
}

impl Drive {
    /// A drive that cannot be asked, as far as it is known.
    pub fn blind(device: &str, why: &str) -> Self {
        let verdict = Verdict::Blind { why: why.to_owned() };
        Self { device: device.to_owned(), verdict, ..Self::default() }.keyed(None)
    }

    /// With its key: the world wide name, where there is one, else model and serial number, else the
    /// path. NVMe drives are known by model and serial number everywhere: which of their several
    /// names a system gives differs.
    #[must_use]
    pub fn keyed(mut self, wwn: Option<&str>) -> Self {
        let named =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let wwn = wwn.map(str::trim).filter(|wwn| !wwn.is_empty() && self.kind != DriveKind::Nvme);
        let (key, by_path) = match (wwn, named(&self.model), named(&self.serial)) {
            (Some(wwn), _, _) => (wwn.to_owned(), false),
            (None, Some(model), Some(serial)) => (format!("{model} {serial}"), false),
            (None, None, Some(serial)) => (serial, false),
            (None, _, None) => (self.device.clone(), true),
        };
        (self.key, self.keyed_by_path) = (key.to_lowercase(), by_path);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drive(model: &str, serial: &str) -> Drive {
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        Drive { device: "/dev/sda".into(), model: named(model), serial: named(serial), ..Drive::default() }
    }

    #[test]
    fn a_drive_is_known_by_its_world_wide_name_else_by_model_and_serial_else_by_its_path() {
        assert_eq!(drive("WDC WD40", "WX1").keyed(Some("50014EE2B1")).key, "50014ee2b1");
        assert_eq!(drive("WDC WD40", "WX1").keyed(None).key, "wdc wd40 wx1");
        let unnamed = drive("WDC WD40", " ").keyed(None);
        assert_eq!((unnamed.key.as_str(), unnamed.keyed_by_path), ("/dev/sda", true));
        let nvme = Drive { kind: DriveKind::Nvme, ..drive("Fast 1TB", "S1") };
        assert_eq!(nvme.keyed(Some("eui.0025")).key, "fast 1tb s1");
    }

    #[test]
    fn every_bit_of_a_critical_warning_is_a_reason() {
        let codes = |bits| Trouble::of_critical_warning(bits).into_iter().map(|it| it.code).collect::<Vec<_>>();
        assert_eq!(codes(0b1001), [code::SPARE_LOW, code::READ_ONLY]);
        assert_eq!(codes(0x10), [code::BACKUP_FAILED]);
        assert_eq!(codes(0x80), [code::SELF_ASSESSMENT]);
        assert!(codes(0).is_empty());
    }
}
