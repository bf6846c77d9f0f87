//! What smartctl says (JSON of smartmontools 7): the list of drives, and one drive each.

use super::{
    RIGHTS,
    values::{self, Attributes, number, text},
};
use beforehand_shared::{
    drive::{Drive, DriveKind, Trouble, Verdict, code},
    limits,
    text::clean,
};
use serde::Serialize;
use serde_json::Value;

/// Drives of one machine that are looked at.
const DRIVES: usize = 256;

/// Models of disks that a hypervisor makes up: they have no health of their own.
const VIRTUAL: [&str; 14] = [
    "qemu",
    "vbox",
    "vmware",
    "virtual disk",
    "virtual hd",
    "virtual_disk",
    "msft virtual",
    "xensrc",
    "amazon elastic block store",
    "amazon ec2",
    "persistentdisk",
    "nvme_card",
    "bhyve",
    "iodisk",
];

#[derive(Debug, thiserror::Error)]
pub enum ParseError {
    #[error("smartctl's answer is no JSON: {0}")]
    NotJson(serde_json::Error),
    #[error("smartctl's answer is cut short or empty")]
    Empty,
}

/// A device that smartctl offers to ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Candidate {
    pub name: String,
    /// The argument of `-d`.
    pub kind: String,
    /// Why it cannot be opened, where that is known already.
    pub closed: Option<String>,
}

impl Candidate {
    /// For people: the path, and the place behind a RAID controller.
    pub fn device(&self) -> String {
        if self.kind.contains(',') { format!("{} {}", self.name, self.kind) } else { self.name.clone() }
    }
}

/// The answer to `smartctl --scan-open --json`.
///
/// # Errors
/// When it is no JSON.
pub fn scan(answer: &[u8]) -> Result<Vec<Candidate>, ParseError> {
    let json = json(answer)?;
    let listed = json.get("devices").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let candidate = |device: &Value| {
        let (name, kind) = (text(device, "/name")?, text(device, "/type")?);
        // They become arguments.
        let plain = |word: &str| !word.starts_with('-') && !word.contains(char::is_whitespace);
        let closed = text(device, "/open_error").map(|error| cannot_open(&error));
        (plain(&name) && plain(&kind)).then_some(Candidate { name, kind, closed })
    };
    Ok(listed.iter().filter_map(candidate).take(DRIVES).collect())
}

/// The answer to `smartctl --json -x`; nothing for a disk that a hypervisor makes up.
///
/// # Errors
/// When it is no JSON.
pub fn drive(answer: &[u8], candidate: &Candidate) -> Result<Option<Drive>, ParseError> {
    let json = json(answer)?;
    let attributes = Attributes::of(&json);
    let mut drive = identity(&json, &attributes);
    if drive.model.as_deref().is_some_and(is_virtual) {
        return Ok(None);
    }
    drive.device = candidate.device();
    drive.bus = bus(&json, &candidate.kind);
    values::fill(&mut drive, &json, &attributes);
    drive.verdict = verdict(&json, &attributes);
    let wwn = wwn(&json);
    Ok(Some(drive.keyed(wwn.as_deref())))
}

pub fn is_virtual(model: &str) -> bool {
    let model = model.to_lowercase();
    VIRTUAL.iter().any(|word| model.contains(word))
}

pub(super) fn json(answer: &[u8]) -> Result<Value, ParseError> {
    if answer.is_empty() {
        return Err(ParseError::Empty);
    }
    serde_json::from_slice(answer)
        .map_err(|error| if error.is_eof() { ParseError::Empty } else { ParseError::NotJson(error) })
}

fn identity(json: &Value, attributes: &Attributes) -> Drive {
    let first = |places: &[&str]| places.iter().find_map(|place| text(json, place));
    let two = |vendor: &str, product: &str| Some(format!("{} {}", text(json, vendor)?, text(json, product)?));
    Drive {
        model: first(&["/model_name", "/scsi_model_name"])
            .or_else(|| two("/scsi_vendor", "/scsi_product"))
            .or_else(|| two("/vendor", "/product")),
        serial: first(&["/serial_number"]),
        firmware: first(&["/firmware_version", "/scsi_revision", "/revision"]),
        kind: kind(json, attributes),
        bytes: number(json, "/user_capacity/bytes").or_else(|| number(json, "/nvme_total_capacity")),
        ..Drive::default()
    }
}

fn kind(json: &Value, attributes: &Attributes) -> DriveKind {
    let spins = number(json, "/rotation_rate");
    match (text(json, "/device/protocol").as_deref(), spins) {
        (Some("NVMe"), _) => DriveKind::Nvme,
        (Some("SCSI"), _) => DriveKind::Sas,
        (Some("ATA"), Some(0)) => DriveKind::Ssd,
        (Some("ATA"), Some(_)) => DriveKind::Hdd,
        // Drives from before rotation rates were told.
        (Some("ATA"), None) if attributes.named(&["Spin_Up_Time"]).is_some() => DriveKind::Hdd,
        _ => DriveKind::Unknown,
    }
}

fn bus(json: &Value, kind: &str) -> Option<String> {
    let info = text(json, "/device/info_name").unwrap_or_default();
    let protocol = text(json, "/device/protocol");
    let transport = text(json, "/scsi_transport_protocol/name").unwrap_or_default();
    let name = if kind.starts_with("usb") || kind.starts_with("snt") || info.contains("USB") {
        "USB"
    } else if kind.contains(',') {
        "RAID controller"
    } else {
        match protocol.as_deref()? {
            "NVMe" => "NVMe",
            "ATA" => "SATA",
            "SCSI" if transport.starts_with("SAS") => "SAS",
            _ => "SCSI",
        }
    };
    Some(name.to_owned())
}

/// Sixteen hexadecimal digits, as every system has them.
fn wwn(json: &Value) -> Option<String> {
    let parts = ["/wwn/naa", "/wwn/oui", "/wwn/id"].map(|place| number(json, place));
    if let [Some(naa), Some(oui), Some(id)] = parts {
        return (naa > 0).then(|| format!("{naa:x}{oui:06x}{id:09x}"));
    }
    let id = text(json, "/logical_unit_id")?;
    let digits = id.trim_start_matches("0x");
    let all_zero = digits.chars().all(|digit| digit == '0');
    (digits.chars().all(|digit| digit.is_ascii_hexdigit()) && !all_zero).then(|| digits.to_owned())
}

fn verdict(json: &Value, attributes: &Attributes) -> Verdict {
    let passed = json.pointer("/smart_status/passed").and_then(Value::as_bool);
    let said = messages(json);
    if passed.is_none() && is_asleep(json, &said) {
        return Verdict::Asleep;
    }
    let reasons = reasons(json, attributes, passed);
    // The lowest two bits of its status say that there is no data; the others are no errors.
    let no_data = number(json, "/smartctl/exit_status").is_some_and(|status| status & 3 != 0);
    match passed {
        _ if !reasons.is_empty() => Verdict::Failing { reasons },
        Some(_) => Verdict::Passed,
        None if no_data => Verdict::Blind { why: cannot_open(&said.join("; ")) },
        None => Verdict::Unknown { why: no_verdict(json, &said) },
    }
}

fn reasons(json: &Value, attributes: &Attributes, passed: Option<bool>) -> Vec<Trouble> {
    let mut reasons = Trouble::of_critical_warning(
        number(json, "/nvme_smart_health_information_log/critical_warning").unwrap_or_default(),
    );
    reasons.extend(attributes.failing().map(|name| Trouble::said(code::ATTRIBUTE, name)));
    if passed == Some(false) {
        if let Some(sense) = text(json, "/smart_status/scsi/ie_string") {
            reasons.push(Trouble::said(code::SCSI, sense));
        }
        if reasons.iter().all(|reason| reason.code == code::ATTRIBUTE) {
            reasons.insert(0, Trouble::new(code::SELF_ASSESSMENT));
        }
    }
    reasons.truncate(limits::DRIVE_LIST);
    reasons
}

/// Errors, and what it says about sleep.
fn messages(json: &Value) -> Vec<String> {
    let all = json.pointer("/smartctl/messages").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let told = all.iter().filter(|message| {
        message["severity"] == "error" || message["string"].as_str().is_some_and(|said| said.contains("mode, exit("))
    });
    told.filter_map(|message| text(message, "/string")).collect()
}

fn is_asleep(json: &Value, said: &[String]) -> bool {
    let modes = ["STANDBY", "SLEEP"];
    said.iter().any(|said| said.contains("mode, exit(") && modes.iter().any(|mode| said.contains(mode)))
        || text(json, "/power_mode/ata_string").is_some_and(|mode| modes.iter().any(|asleep| mode.starts_with(asleep)))
}

/// Of a disk that is one only for the system: smartctl asks its controller for the drives below it.
pub(super) const VOLUME: &str = "it is a volume of a RAID controller, not a drive";

/// An error of smartctl in words that say what to do, where something can be done.
fn cannot_open(error: &str) -> String {
    let has = |words: &[&str]| words.iter().any(|word| error.contains(word));
    if has(&["Permission denied", "Operation not permitted", "Access is denied", "Error=5", "Administrator"]) {
        format!("the agent may not open it. {RIGHTS}")
    } else if has(&["'-d cciss,", "'-d megaraid,", "'-d 3ware,", "'-d areca,", "'-d aacraid,"]) {
        VOLUME.to_owned()
    } else if has(&["Unknown USB bridge", "specify device type with the -d option"]) {
        "smartctl does not know how to ask through this USB adapter".to_owned()
    } else if has(&["No such device", "No such file", "No medium", "Error=2)", "Error=2,"]) {
        "it was gone when it was asked".to_owned()
    } else if error.is_empty() {
        "smartctl gives no data and says no reason".to_owned()
    } else {
        clean(&format!("smartctl says: {error}"), limits::TEXT_CHARS)
    }
}

fn no_verdict(json: &Value, said: &[String]) -> String {
    let support = |what: &str| json.pointer(&format!("/smart_support/{what}")).and_then(Value::as_bool);
    if support("available") == Some(false) {
        "the drive does not watch its own health (no SMART)".to_owned()
    } else if support("enabled") == Some(false) {
        "its own watch over its health (SMART) is switched off; smartctl -s on switches it on".to_owned()
    } else if said.is_empty() {
        "it gives no verdict on its own health".to_owned()
    } else {
        clean(&format!("smartctl says: {}", said.join("; ")), limits::TEXT_CHARS)
    }
}
