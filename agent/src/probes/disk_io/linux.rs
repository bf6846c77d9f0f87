//! Linux: `/proc/diskstats` of the disks in `/sys/block`.

use super::{Seen, parse};
use crate::probe::ProbeError;
use std::{fs, path::Path};

pub(super) fn counters() -> Result<Seen, ProbeError> {
    let text = fs::read_to_string("/proc/diskstats")
        .map_err(|error| ProbeError::Failed(format!("/proc/diskstats cannot be read: {error}")))?;
    let disks = parse::diskstats(&text).into_iter().filter(|(name, _)| is_disk(name));
    Ok(disks.map(|(name, counters)| (format!("/dev/{name}"), (counters, timeouts(&name)))).collect())
}

/// Whole disks alone have a folder here, and only those with hardware behind them lead out of `virtual`.
fn is_disk(name: &str) -> bool {
    let folder = Path::new("/sys/block").join(name);
    // Only here do NVMe drives with several ways to them stand among what the kernel makes up.
    let is_virtual = fs::canonicalize(&folder).is_ok_and(|path| {
        path.starts_with("/sys/devices/virtual") && !path.starts_with("/sys/devices/virtual/nvme-subsystem")
    });
    let is_removable = fs::read_to_string(folder.join("removable")).is_ok_and(|flag| flag.trim() == "1");
    folder.exists() && !is_virtual && !is_removable
}

fn timeouts(name: &str) -> Option<u64> {
    parse::hexadecimal(&fs::read_to_string(Path::new("/sys/block").join(name).join("device/iotmo_cnt")).ok()?)
}
