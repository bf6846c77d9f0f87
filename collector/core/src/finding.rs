//! A detector's judgement on an asset.

use crate::{asset::AssetId, forecast::Outlook, series::Metric};
use beforehand_shared::time::Timestamp;
use serde::{Deserialize, Serialize};

/// What can be wrong; one detector each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FindingKind {
    VolumeFull,
    PrinterFault,
    PrinterWearing,
    SupplyLow,
    QueueStuck,
    LinkFault,
    CertificateExpiry,
    HostSilent,
    DriveFailure,
    DriveLatency,
    DriveWear,
    FilesystemReadonly,
    ArrayDegraded,
}

impl FindingKind {
    pub const ALL: [Self; 13] = [
        Self::VolumeFull,
        Self::PrinterFault,
        Self::PrinterWearing,
        Self::SupplyLow,
        Self::QueueStuck,
        Self::LinkFault,
        Self::CertificateExpiry,
        Self::HostSilent,
        Self::DriveFailure,
        Self::DriveLatency,
        Self::DriveWear,
        Self::FilesystemReadonly,
        Self::ArrayDegraded,
    ];

    /// The word used in columns, URLs and logs.
    pub const fn word(self) -> &'static str {
        match self {
            Self::VolumeFull => "volume_full",
            Self::PrinterFault => "printer_fault",
            Self::PrinterWearing => "printer_wearing",
            Self::SupplyLow => "supply_low",
            Self::QueueStuck => "queue_stuck",
            Self::LinkFault => "link_fault",
            Self::CertificateExpiry => "certificate_expiry",
            Self::HostSilent => "host_silent",
            Self::DriveFailure => "drive_failure",
            Self::DriveLatency => "drive_latency",
            Self::DriveWear => "drive_wear",
            Self::FilesystemReadonly => "filesystem_readonly",
            Self::ArrayDegraded => "array_degraded",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// For people, as in "3 prevented: volume full".
    pub const fn name(self) -> &'static str {
        match self {
            Self::VolumeFull => "volume full",
            Self::PrinterFault => "printer fault",
            Self::PrinterWearing => "wearing printer",
            Self::SupplyLow => "supply used up",
            Self::QueueStuck => "print queue stuck",
            Self::LinkFault => "connection fault",
            Self::CertificateExpiry => "certificate expiry",
            Self::HostSilent => "machine silent",
            Self::DriveFailure => "drive failure",
            Self::DriveLatency => "slow drive",
            Self::DriveWear => "drive worn out",
            Self::FilesystemReadonly => "volume takes no writes",
            Self::ArrayDegraded => "array lacks a drive",
        }
    }
}

/// How much it matters, in the words of the screens. `Quiet` is a healthy observation, the only
/// thing that closes a case; `Blind` says that no judgement is possible, and changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Blind,
    Quiet,
    /// Worth a note; no ticket.
    Watch,
    /// A ticket: a person must do something within days.
    Soon,
    /// A ticket: a person must do something now.
    Act,
}

impl Severity {
    pub const ALL: [Self; 5] = [Self::Blind, Self::Quiet, Self::Watch, Self::Soon, Self::Act];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Blind => "blind",
            Self::Quiet => "quiet",
            Self::Watch => "watch",
            Self::Soon => "soon",
            Self::Act => "act",
        }
    }

    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    pub kind: FindingKind,
    pub asset: AssetId,
    pub severity: Severity,
    /// One sentence: what, where, by when, how sure. No number without its unit.
    pub sentence: String,
    /// What to do, in order; empty when quiet.
    pub steps: Vec<String>,
    pub evidence: Evidence,
    /// When the detector can say what comes.
    pub outlook: Option<Outlook>,
}

/// What was measured, as shown in the ticket and kept with the ledger entry.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    pub facts: Vec<Fact>,
    pub chart: Option<ChartRef>,
}

impl Evidence {
    /// What became known once it was over.
    pub const AFTERWARDS: &str = "Known afterwards";

    pub fn value(&self, label: &str) -> Option<&str> {
        self.facts.iter().find(|fact| fact.label == label).map(|fact| fact.value.as_str())
    }

    /// Takes in the facts of `later` in place of its own of the same name.
    pub(crate) fn learn(&mut self, later: &Self) {
        self.facts.retain(|fact| later.value(&fact.label).is_none());
        self.facts.splice(0..0, later.facts.iter().cloned());
    }
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    pub label: String,
    pub value: String,
}

/// Which measurements prove it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ChartRef {
    pub asset: AssetId,
    pub metric: Metric,
    pub from: Timestamp,
    /// The line that must not be crossed.
    pub limit: Option<f64>,
}
