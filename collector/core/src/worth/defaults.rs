//! What is assumed of an incident until the client's own history says better. Our own cautious
//! guesses, printed as such; no survey money.

use crate::{finding::FindingKind, site::Contract};

/// Hours of an incident.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Hours {
    pub low: f64,
    pub likely: f64,
    pub high: f64,
}

pub(super) const fn hours(kind: FindingKind) -> Hours {
    match kind {
        FindingKind::VolumeFull => Hours { low: 0.5, likely: 1.0, high: 4.0 },
        FindingKind::CertificateExpiry => Hours { low: 0.5, likely: 2.0, high: 8.0 },
        // To find a drive, put it in and get the data back.
        FindingKind::DriveFailure | FindingKind::DriveWear | FindingKind::ArrayDegraded => {
            Hours { low: 1.0, likely: 4.0, high: 16.0 }
        }
        FindingKind::QueueStuck => Hours { low: 0.25, likely: 0.5, high: 2.0 },
        FindingKind::SupplyLow => Hours { low: 0.25, likely: 1.0, high: 8.0 },
        FindingKind::PrinterFault
        | FindingKind::PrinterWearing
        | FindingKind::LinkFault
        | FindingKind::HostSilent
        | FindingKind::DriveLatency => Hours { low: 0.25, likely: 1.0, high: 4.0 },
        FindingKind::FilesystemReadonly => Hours { low: 0.5, likely: 2.0, high: 8.0 },
    }
}

/// Share of the work of those affected that stops.
pub(super) const fn share(kind: FindingKind) -> f64 {
    match kind {
        FindingKind::PrinterFault
        | FindingKind::PrinterWearing
        | FindingKind::SupplyLow
        | FindingKind::QueueStuck
        | FindingKind::DriveLatency => 0.2,
        FindingKind::CertificateExpiry => 0.3,
        FindingKind::VolumeFull | FindingKind::LinkFault => 0.5,
        FindingKind::HostSilent
        | FindingKind::DriveFailure
        | FindingKind::DriveWear
        | FindingKind::FilesystemReadonly
        | FindingKind::ArrayDegraded => 0.8,
    }
}

/// People affected where nobody entered how many use the asset.
pub(super) fn people(kind: FindingKind, contract: &Contract) -> u32 {
    match kind {
        FindingKind::VolumeFull
        | FindingKind::HostSilent
        | FindingKind::DriveFailure
        | FindingKind::DriveWear
        | FindingKind::DriveLatency
        | FindingKind::FilesystemReadonly => 1,
        FindingKind::PrinterFault
        | FindingKind::PrinterWearing
        | FindingKind::SupplyLow
        | FindingKind::QueueStuck
        | FindingKind::ArrayDegraded => (contract.people / 4).max(1),
        FindingKind::CertificateExpiry => (contract.people / 2).max(1),
        FindingKind::LinkFault => contract.people.max(1),
    }
}

/// Whether such an incident usually needs someone to come.
pub(super) const fn needs_visit(kind: FindingKind) -> bool {
    matches!(
        kind,
        FindingKind::PrinterFault
            | FindingKind::PrinterWearing
            | FindingKind::LinkFault
            | FindingKind::HostSilent
            | FindingKind::DriveFailure
            | FindingKind::DriveWear
            | FindingKind::ArrayDegraded
    )
}
