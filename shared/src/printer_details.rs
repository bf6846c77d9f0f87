//! What is known of a printer beyond its state: what it is, who saw it, its trays and covers, and where those
//! who saw it contradict each other. All of it is optional.

use crate::time::Timestamp;
use serde::{Deserialize, Serialize};

/// See [`crate::printer::Printer::details`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PrinterDetails {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    /// In small letters, without `urn:uuid:`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uuid: Option<String>,
    /// As `00:26:73:54:e2:6a`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mac: Option<String>,
    /// IP addresses or host names at which it was asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub addresses: Vec<String>,
    /// The ways in which it answered this time.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub seen_by: Vec<Way>,
    /// What those who saw it contradict each other in; kept as evidence, not decided.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub disagreements: Vec<Disagreement>,
    /// `hrDeviceStatus` (RFC 2790): a device can warn without saying why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub device_status: Option<DeviceStatus>,
    /// How many of the error bits of `hrPrinterDetectedErrorState` it reports at all: a bit beyond these is not
    /// known, and not "fine".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_bits: Option<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Tray>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Tray>,
    /// Names of the covers that stand open.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open_covers: Vec<String>,
    /// What its own display shows, line by line.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub console: Vec<String>,
}

impl PrinterDetails {
    /// Lengths of all its lists.
    pub(crate) fn list_lengths(&self) -> [usize; 7] {
        let said = self.disagreements.iter().map(|it| it.said.len()).max().unwrap_or(0);
        [
            self.addresses.len(),
            self.seen_by.len(),
            self.disagreements.len().max(said),
            self.inputs.len(),
            self.outputs.len(),
            self.open_covers.len(),
            self.console.len(),
        ]
    }
}

/// A way of looking at a printer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    Ipp,
    Snmp,
    /// The print queue of a machine: what CUPS or the Windows spooler thinks of the printer.
    Queue,
    /// Announced by itself (DNS-SD, RFC 6763).
    DnsSd,
    /// Found by asking one address after another.
    Scan,
    /// One that this build does not know.
    #[serde(other)]
    Other,
}

/// Two statements about the same thing that cannot both hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Disagreement {
    /// `state` or `serial`.
    pub about: String,
    /// Each with its source; a queue is named.
    pub said: Vec<Said>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Said {
    pub by: Way,
    /// Name of the queue, where one said it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    pub what: String,
}

/// `hrDeviceStatus` of RFC 2790.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DeviceStatus {
    Running,
    Warning,
    Testing,
    Down,
    #[serde(other)]
    Unknown,
}

/// Where paper comes from or goes to (`prtInputTable`, `prtOutputTable` of RFC 3805).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tray {
    pub name: String,
    /// Of an input, the paper in it; of an output, the space left. In per cent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub left_pct: Option<u8>,
    /// At least one sheet, or room for one (`-3`), but no number.
    #[serde(default, skip_serializing_if = "crate::is_false")]
    pub some: bool,
}

/// A printer that was asked and did not say how it is. It may sleep, be off, or be gone, or refuse to answer: this
/// says neither that it is well nor that it is broken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SilentPrinter {
    /// The key by which it is known, where it answered before; else where it was asked.
    pub key: String,
    pub address: String,
    /// When it was asked first without saying how it is.
    pub since: Timestamp,
    pub why: String,
}

/// A printer that was found and is not watched: somebody may want to adopt it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundPrinter {
    /// As the key of a [`crate::printer::Printer`], as far as the finding tells.
    pub key: String,
    /// IP address, or host name where only that is known.
    pub address: String,
    pub found_by: Way,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    /// The address to put into the settings for asking it by IPP.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
}
