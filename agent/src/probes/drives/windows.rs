//! Windows: the storage driver, asked without any access, and storage management by WMI.

mod ioctl;
mod wmi;

use super::{controllers::Scsi, reported, storage};
use crate::{platform::device, probe::ProbeError};
use beforehand_shared::drive::Drive;

/// Every drive that Windows knows, with what it says about them.
pub(super) fn drives() -> Result<Vec<Drive>, ProbeError> {
    let disks = device::disks();
    let mut drives: Vec<Drive> = disks.iter().filter_map(|disk| storage::drive(&ioctl::ask(disk))).collect();
    if drives.is_empty() {
        return Ok(drives);
    }
    match wmi::ask() {
        Ok(reported) => reported::apply(&mut drives, &reported),
        Err(error) => tracing::warn!(error, "storage management says nothing; what the driver says stands"),
    }
    Ok(drives)
}

/// Windows' drivers are asked for their drives in other ways, which smartctl lists.
pub(super) fn scsi() -> Scsi {
    Scsi::default()
}
