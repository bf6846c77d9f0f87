//! Windows: the storage driver, asked without any access, and storage management by WMI.

mod ioctl;
mod wmi;

use super::{reported, storage};
use crate::probe::ProbeError;
use beforehand_shared::drive::Drive;

/// Drives are numbered without large holes.
const NUMBERS: u32 = 64;

/// Every drive that Windows knows, with what it says about them.
pub(super) fn drives() -> Result<Vec<Drive>, ProbeError> {
    let answers = (0..NUMBERS).filter_map(ioctl::ask);
    let mut drives: Vec<Drive> = answers.filter_map(|answers| storage::drive(&answers)).collect();
    if drives.is_empty() {
        return Ok(drives);
    }
    match wmi::ask() {
        Ok(reported) => reported::apply(&mut drives, &reported),
        Err(error) => tracing::warn!(error, "storage management says nothing; what the driver says stands"),
    }
    Ok(drives)
}
