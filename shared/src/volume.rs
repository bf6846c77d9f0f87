//! A mounted file system as `statvfs(3)` or `GetDiskFreeSpaceEx` reports it.

use crate::is_false;
use serde::{Deserialize, Serialize};

/// Space and inodes of one mounted file system.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Volume {
    /// Mount point or drive letter; the key of the asset within its host.
    pub mount: String,
    /// Device or share behind it.
    pub device: String,
    /// Type of file system, as the system names it.
    pub fs: String,
    /// Size that files can use, in bytes: what is used plus what an ordinary user may still write.
    pub total_bytes: u64,
    /// What an ordinary user may still write, in bytes (`f_bavail`).
    pub free_bytes: u64,
    /// Inodes in all, where the file system has a fixed number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inodes_total: Option<u64>,
    /// Inodes still free.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inodes_free: Option<u64>,
    /// Whether it is meant to be written to and takes no writes: after an error of the disk, systems go
    /// on like this rather than make it worse.
    #[serde(default, skip_serializing_if = "is_false")]
    pub turned_read_only: bool,
    /// Errors that the file system itself has noted since it was last repaired: `errors_count` of ext4,
    /// the sum of `error_stats` of btrfs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fs_errors: Option<u64>,
}
