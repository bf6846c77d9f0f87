//! Windows: Storage Spaces by WMI.

use super::{
    ask::Present,
    spaces::{self, VirtualDisk},
};
use crate::{
    platform::wmi::{self, words},
    probe::ProbeError,
};
use beforehand_shared::array::Array;

/// Every storage space.
pub(super) fn arrays() -> Result<(Vec<Array>, Present), ProbeError> {
    let disks: Vec<VirtualDisk> =
        wmi::ask(|wmi| wmi.query().map_err(|error| words(&error))).map_err(ProbeError::Failed)?;
    Ok((spaces::arrays(&disks), Present::default()))
}
