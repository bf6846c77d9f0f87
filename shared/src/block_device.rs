//! How the system's requests to a block device fared, as `/proc/diskstats` or `IOCTL_DISK_PERFORMANCE` count.

use serde::{Deserialize, Serialize};

/// Reads and writes of one device during one run of the probe.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BlockDevice {
    /// Where the system has it, as in [`crate::drive::Drive::device`]; the key of the asset within its host.
    pub device: String,
    /// Requests that were answered.
    pub requests: u64,
    pub read_bytes: u64,
    pub written_bytes: u64,
    /// Mean time from a request to its answer, waiting included, in microseconds: the median of the slices
    /// into which the run was cut. None where nothing was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub await_us: Option<u32>,
    /// The same of the worst slice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub worst_await_us: Option<u32>,
    /// Per cent of the run in which it had something to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub busy_pct: Option<u8>,
    /// Requests that it did not answer in time since the machine started (`iotmo_cnt` of SCSI and ATA).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub timeouts: Option<u64>,
}
