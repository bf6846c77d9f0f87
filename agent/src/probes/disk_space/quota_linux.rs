//! Linux: quota groups of btrfs from `/sys/fs/btrfs`, and the folders of `/etc/projects` as `statvfs(3)` tells them.

use super::{
    linux::{btrfs_home, measured},
    parse::Mount,
    quota::{self, Quota},
};
use beforehand_shared::{limits, text, volume::Volume};
use std::{collections::BTreeMap, fs, path::Path};

/// Quotas on `watched`, which are some of `mounts`, whose room `volumes` tell; what is excluded is not told.
pub(super) fn volumes(mounts: &[Mount], watched: &[Mount], volumes: &[Volume], exclude: &[String]) -> Vec<Volume> {
    let projects = fs::read_to_string("/etc/projects").unwrap_or_default();
    let folders = quota::projects(&projects).into_iter().take(quota::MOST);
    let folders = folders.filter_map(|folder| of_folder(folder, watched));
    let groups = watched.iter().filter(|mount| mount.fs == "btrfs").flat_map(|mount| {
        let room = volumes.iter().find(|volume| volume.mount == mount.mount).map(|volume| volume.free_bytes);
        of_groups(mount, mounts).into_iter().filter_map(move |quota| Some(volume(&quota, room?)))
    });
    folders.chain(groups).filter(|quota| !exclude.contains(&quota.mount)).collect()
}

/// XFS and ext4 answer for a folder under a project quota as for a file system of that size.
fn of_folder(folder: &str, watched: &[Mount]) -> Option<Volume> {
    let holds = |mount: &&Mount| Path::new(folder).starts_with(&mount.mount) && folder != mount.mount;
    let mount = watched.iter().filter(holds).max_by_key(|mount| mount.mount.len())?;
    if !["xfs", "ext4"].contains(&mount.fs.as_str()) || !Path::new(folder).is_dir() {
        return None;
    }
    let whole = rustix::fs::statvfs(mount.mount.as_str()).ok()?;
    let part = measured(&Mount { mount: folder.to_owned(), ..mount.clone() })?;
    let size = rustix::fs::statvfs(folder).ok()?.f_blocks;
    (size < whole.f_blocks).then_some(Volume { quota: true, fs_errors: None, ..part })
}

fn of_groups(watched: &Mount, mounts: &[Mount]) -> Vec<Quota> {
    let groups = btrfs_home(&watched.device).and_then(|home| fs::read_dir(home.join("qgroups")).ok());
    let groups = groups.into_iter().flatten().flatten().filter_map(|group| {
        let subvolume = quota::subvolume(group.file_name().to_str()?)?;
        // Most subvolumes have no limit, and there may be thousands.
        number(&group.path().join(quota::FLAGS)).filter(|flags| *flags > 0)?;
        let files = quota::FILES.map(|name| Some((name, number(&group.path().join(name))?)));
        let (limit_bytes, used_bytes) = quota::group(&files.into_iter().flatten().collect::<BTreeMap<_, _>>())?;
        let place = quota::place(subvolume, watched, mounts);
        Some(Quota { place, device: watched.device.clone(), fs: watched.fs.clone(), limit_bytes, used_bytes })
    });
    groups.collect()
}

fn number(file: &Path) -> Option<u64> {
    fs::read_to_string(file).ok()?.trim().parse().ok()
}

/// No quota gives more than the file system has left, which is `room` bytes.
fn volume(quota: &Quota, room: u64) -> Volume {
    let clean = |raw: &str| text::clean(raw, limits::TEXT_CHARS);
    Volume {
        mount: clean(&quota.place),
        device: clean(&quota.device),
        fs: clean(&quota.fs),
        total_bytes: quota.limit_bytes,
        free_bytes: quota.left().min(room),
        quota: true,
        ..Volume::default()
    }
}
