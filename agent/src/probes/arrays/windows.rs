//! Windows: Storage Spaces by WMI.

use super::{
    ask::Present,
    spaces::{self, PhysicalDisk, Space, StorageJob, ToPhysicalDisk, ToStorageJob, VirtualDisk},
};
use crate::{
    platform::wmi::{self, words},
    probe::ProbeError,
};
use ::wmi::WMIConnection;
use beforehand_shared::{array::Array, limits};

/// Every storage space.
pub(super) fn arrays() -> Result<(Vec<Array>, Present), ProbeError> {
    let spaces = wmi::ask(|wmi| {
        let disks: Vec<VirtualDisk> = wmi.query().map_err(|error| words(&error))?;
        Ok(disks.into_iter().take(limits::ARRAY_LIST).map(|disk| space(wmi, disk)).collect::<Vec<_>>())
    });
    Ok((spaces::arrays(&spaces.map_err(ProbeError::Failed)?), Present::default()))
}

/// What Windows does not tell of it is left out.
fn space(wmi: &WMIConnection, disk: VirtualDisk) -> Space {
    let drives = wmi.associators::<PhysicalDisk, ToPhysicalDisk>(&disk.path).unwrap_or_else(|error| {
        tracing::debug!(%error, "storage management does not tell the drives of a space");
        Vec::new()
    });
    let jobs = wmi.associators::<StorageJob, ToStorageJob>(&disk.path).unwrap_or_default();
    Space { disk, drives, jobs }
}
