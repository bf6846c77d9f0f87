//! Linux: mountinfo, and `statvfs(3)` of the mounts to watch.

use super::{
    parse::{self, Mount},
    quota, quota_linux,
};
use crate::{config, probe::ProbeError, time::Reading};
use beforehand_shared::{limits, text, volume::Volume};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

/// The file systems that took writes since the agent started.
#[derive(Debug, Clone, Default)]
pub(super) struct Memory(Arc<Mutex<BTreeSet<String>>>);

impl Memory {
    /// Marks what turned read-only among `mounts`, and remembers what did not.
    fn judge(&self, mounts: &mut [Mount], fstab: &str) {
        let mut written = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        parse::mark_turned_read_only(mounts, fstab, &written);
        written.extend(mounts.iter().filter(|mount| !mount.fs_read_only).map(|mount| mount.id.clone()));
    }
}

/// Remembers in `memory` which file systems took writes.
pub(super) fn volumes(settings: &config::DiskSpace, memory: &Memory, _now: Reading) -> Result<Vec<Volume>, ProbeError> {
    let mountinfo = fs::read_to_string("/proc/self/mountinfo")
        .map_err(|error| ProbeError::Failed(format!("/proc/self/mountinfo cannot be read: {error}")))?;
    let mut mounts = parse::mounts(&mountinfo);
    // Without it, only what took writes before is known to be meant for them.
    let fstab = fs::read_to_string("/etc/fstab").unwrap_or_default();
    memory.judge(&mut mounts, &fstab);
    mounts.retain(|mount| mount.root == "/" || Path::new(&mount.mount).is_dir());
    let watched = parse::selected(mounts.clone(), settings, is_removable);
    let volumes: Vec<Volume> = watched.iter().filter_map(measured).collect();
    let quotas = quota_linux::volumes(&mounts, &watched, &volumes, &settings.exclude);
    Ok(quota::beside(volumes, quotas))
}

/// The kernel's flag of the whole disk; a partition is a folder below it.
fn is_removable(mount: &Mount) -> bool {
    let device = Path::new("/sys/dev/block").join(&mount.id);
    let flag = |path: &str| fs::read_to_string(device.join(path)).is_ok_and(|flag| flag.trim() == "1");
    flag("removable") || (device.join("partition").exists() && flag("../removable"))
}

pub(super) fn measured(mount: &Mount) -> Option<Volume> {
    let stat = rustix::fs::statvfs(mount.mount.as_str())
        .inspect_err(|error| tracing::warn!(mount = mount.mount, %error, "a volume does not answer"))
        .ok()?;
    let bytes = |blocks: u64| blocks.saturating_mul(stat.f_frsize);
    let inodes = (parse::has_fixed_inodes(&mount.fs) && stat.f_files > 0).then_some((stat.f_files, stat.f_favail));
    let clean = |raw: &str| text::clean(raw, limits::TEXT_CHARS);
    let used = stat.f_blocks.saturating_sub(stat.f_bfree);
    (stat.f_blocks > 0).then(|| Volume {
        mount: clean(&mount.mount),
        device: clean(&mount.device),
        fs: clean(&mount.fs),
        total_bytes: bytes(used.saturating_add(stat.f_bavail)),
        free_bytes: bytes(stat.f_bavail),
        inodes_total: inodes.map(|(total, _)| total),
        inodes_free: inodes.map(|(_, free)| free),
        turned_read_only: mount.turned_read_only,
        fs_errors: errors(mount),
        ..Volume::default()
    })
}

/// What the file system has noted about itself, where it keeps such a count.
fn errors(mount: &Mount) -> Option<u64> {
    match mount.fs.as_str() {
        "ext2" | "ext3" | "ext4" => {
            let device = fs::canonicalize(Path::new("/sys/dev/block").join(&mount.id)).ok()?;
            let count = Path::new("/sys/fs/ext4").join(device.file_name()?).join("errors_count");
            fs::read_to_string(count).ok()?.trim().parse().ok()
        }
        "btrfs" => btrfs_errors(&mount.device),
        _ => None,
    }
}

/// Summed over all drives of the file system that `device` is part of.
fn btrfs_errors(device: &str) -> Option<u64> {
    let drives = fs::read_dir(btrfs_home(device)?.join("devinfo")).ok()?.flatten();
    drives
        .filter_map(|drive| parse::error_stats(&fs::read_to_string(drive.path().join("error_stats")).ok()?))
        .reduce(u64::saturating_add)
}

/// Where the kernel tells of the file system that `device` is part of.
pub(super) fn btrfs_home(device: &str) -> Option<PathBuf> {
    let name = fs::canonicalize(device).ok()?.file_name()?.to_owned();
    let own = |path: &PathBuf| path.join("devices").join(&name).exists();
    fs::read_dir("/sys/fs/btrfs").ok()?.flatten().map(|entry| entry.path()).find(own)
}
