//! Windows: what the storage driver counts.

use super::{Seen, performance};
use crate::{platform::device, probe::ProbeError};

/// `IOCTL_DISK_PERFORMANCE`.
const PERFORMANCE: u32 = 0x0007_0020;
const BYTES: usize = 88;

pub(super) fn counters() -> Result<Seen, ProbeError> {
    let disks = device::disks();
    let counted =
        disks.iter().filter_map(|disk| Some((disk.name(), performance::counters(&disk.ask(PERFORMANCE, &[], BYTES))?)));
    Ok(counted.map(|(name, counters)| (name.to_owned(), (counters, None))).collect())
}
