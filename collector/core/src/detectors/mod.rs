//! Judges of single assets: one per kind of finding, all in [`ALL`].
//!
//! A detector cannot fail and keeps nothing: what it needs of the past it reads from the series and
//! from the open cases. What it does not mention stays as it is: absence is not recovery.

mod array_degraded;
mod certificate_expiry;
pub mod drive_failure;
mod drive_latency;
mod drive_wear;
mod filesystem_readonly;
mod host_silent;
mod link_fault;
mod printer_fault;
mod printer_wearing;
mod queue_stuck;
pub mod supply_low;
pub mod volume_full;

pub use array_degraded::stake as array_stake;
pub(crate) use drive_failure::is_gone;
pub use drive_failure::reason_words;
pub use filesystem_readonly::repair_words;
pub(crate) use host_silent::{explains as site_explains, is_always_on};
pub(crate) use link_fault::{anchors, is_v6, service_out_from};
pub use printer_fault::{Class, class_of};
pub(crate) use printer_fault::{jobs_waiting, troubles};
pub(crate) use queue_stuck::device;
pub use queue_stuck::leads_to;
pub(crate) use supply_low::is_empty as supply_is_empty;

use crate::{
    asset::AssetId,
    finding::{Evidence, Fact, Finding, FindingKind, Severity},
    input::Input,
};

pub trait Detector: Sync {
    fn kind(&self) -> FindingKind;
    /// Findings on the assets of a site. [`Severity::Quiet`] is a healthy observation, which closes
    /// a case; [`Severity::Blind`] says that no judgement is possible.
    fn detect(&self, input: &Input) -> Vec<Finding>;
}

/// Every detector. Adding one is a file and a line here.
pub const ALL: &[&dyn Detector] = &[
    &volume_full::VolumeFull,
    &printer_fault::PrinterFault,
    &printer_wearing::PrinterWearing,
    &supply_low::SupplyLow,
    &queue_stuck::QueueStuck,
    &link_fault::LinkFault,
    &certificate_expiry::CertificateExpiry,
    &host_silent::HostSilent,
    &drive_failure::DriveFailure,
    &array_degraded::ArrayDegraded,
    &drive_latency::DriveLatency,
    &drive_wear::DriveWear,
    &filesystem_readonly::FilesystemReadonly,
];

/// A healthy observation; said only where a case waits for one.
fn healthy(input: &Input, asset: &AssetId, kind: FindingKind, sentence: impl FnOnce() -> String) -> Option<Finding> {
    input.case_on(asset, kind)?;
    Some(Finding {
        kind,
        asset: asset.clone(),
        severity: Severity::Quiet,
        sentence: sentence(),
        steps: Vec::new(),
        evidence: Evidence::default(),
        outlook: None,
    })
}

fn fact(label: &str, value: impl Into<String>) -> Fact {
    Fact { label: label.to_owned(), value: value.into() }
}

fn steps<const N: usize>(steps: [&str; N]) -> Vec<String> {
    steps.into_iter().map(str::to_owned).collect()
}
