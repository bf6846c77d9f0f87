//! A mounted file system as `statvfs(3)` or `GetDiskFreeSpaceEx` reports it, and what fills in the same way.

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
    /// What the system says that its file system needs, where it says so: `MSFT_Volume` of Windows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repair: Option<Repair>,
    /// Set where it is no file system but a thin pool of LVM, out of which volumes take space as they are
    /// written to (lvmthin(7)); `mount` is then the pool's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub thin_pool: Option<ThinPool>,
    /// Set where it is what a quota lets a folder or a subvolume hold; `total_bytes` is then the quota.
    #[serde(default, skip_serializing_if = "is_false")]
    pub quota: bool,
}

/// What a file system needs, by its own records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Repair {
    None,
    /// It met something that may be damage and has to be looked at, which goes on beside the work.
    Scan,
    /// Damage is known; mending it takes the volume away for seconds.
    SpotFix,
    /// Damage is known that takes the volume away for as long as a whole check takes.
    Full,
    /// It is not well, and the system does not say what it needs.
    Untold,
    /// A need of a later build.
    #[serde(other)]
    Other,
}

/// What of a thin pool fills. Each is a volume of its own: they fill at paces of their own, and either stops
/// the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThinPool {
    /// What is written to its volumes.
    Data,
    /// Where it notes which block belongs to which volume.
    Metadata,
    /// A part of a later build.
    #[serde(other)]
    Other,
}
