//! Which mounts of `/proc/self/mountinfo` are volumes to watch.

use crate::config::DiskSpace;
use serde::Serialize;
use std::collections::BTreeMap;

/// One mounted file system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Mount {
    pub mount: String,
    /// Device or share behind it.
    pub device: String,
    pub fs: String,
    /// `major:minor`, the same for every mount of one file system.
    pub id: String,
    /// Which folder of the file system is mounted.
    pub root: String,
    pub read_only: bool,
}

/// What no user can fill, or where being full is the normal state.
const SYSTEM: [&str; 37] = [
    "autofs",
    "binfmt_misc",
    "bpf",
    "cgroup",
    "cgroup2",
    "configfs",
    "cramfs",
    "debugfs",
    "devpts",
    "devtmpfs",
    "efivarfs",
    "erofs",
    "fuse.gvfsd-fuse",
    "fuse.lxcfs",
    "fuse.portal",
    "fuse.snapfuse",
    "fusectl",
    "hugetlbfs",
    "iso9660",
    "mqueue",
    "nsfs",
    "overlay",
    "proc",
    "pstore",
    "ramfs",
    "romfs",
    "rootfs",
    "rpc_pipefs",
    "securityfs",
    "selinuxfs",
    "squashfs",
    "sysfs",
    "tmpfs",
    "tracefs",
    "udf",
    "fuse.squashfuse",
    "fuse.appimage",
];

const NETWORK: [&str; 20] = [
    "9p",
    "afs",
    "ceph",
    "cifs",
    "davfs",
    "drvfs",
    "fuse.ceph",
    "fuse.cifs",
    "fuse.davfs2",
    "fuse.glusterfs",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.sshfs",
    "glusterfs",
    "lustre",
    "nfs",
    "nfs4",
    "smb3",
    "smbfs",
    "virtiofs",
];

/// Inodes are made as needed here, so that their number says nothing.
const ELASTIC_INODES: [&str; 6] = ["bcachefs", "btrfs", "exfat", "vfat", "xfs", "zfs"];

/// Whether `fs` has a fixed number of inodes that can run out.
pub fn has_fixed_inodes(fs: &str) -> bool {
    !ELASTIC_INODES.contains(&fs)
}

/// The mounts of `mountinfo` (proc(5)). A later mount hides an earlier one on the same place.
pub fn mounts(mountinfo: &str) -> Vec<Mount> {
    let mut lines: BTreeMap<String, Line> = BTreeMap::new();
    for line in mountinfo.lines().filter_map(line) {
        lines.insert(line.mount.mount.clone(), line);
    }
    // A service manager that protects the system gives a view in which every mount is read-only, the
    // root too, while the file systems are not. What is said of mounts then says nothing.
    let is_view = lines.get("/").is_some_and(|root| root.mount.read_only && !root.fs_read_only);
    let seen = |line: Line| match is_view {
        true => Mount { read_only: line.fs_read_only, ..line.mount },
        false => line.mount,
    };
    lines.into_values().map(seen).collect()
}

struct Line {
    mount: Mount,
    /// The file system itself, however it is mounted here.
    fs_read_only: bool,
}

fn line(line: &str) -> Option<Line> {
    // The optional fields before the dash vary in number.
    let (before, after) = line.split_once(" - ")?;
    let before: Vec<&str> = before.split(' ').collect();
    let mut after = after.split(' ');
    let (fs, device) = (after.next()?, after.next()?);
    let read_only = |options: &str| options.split(',').any(|option| option == "ro");
    let [id, root, mount, options] = *before.get(2..6)? else { return None };
    let fs_read_only = after.next().is_some_and(read_only);
    let mount = Mount {
        mount: unescaped(mount),
        device: unescaped(device),
        fs: fs.to_owned(),
        id: id.to_owned(),
        root: unescaped(root),
        read_only: read_only(options) || fs_read_only,
    };
    Some(Line { mount, fs_read_only })
}

/// Spaces and the like are written as a backslash and three octal digits.
fn unescaped(field: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = field.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let octal = tail.get(..3).and_then(|digits| std::str::from_utf8(digits).ok());
        match octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            Some(byte) if *first == b'\\' => {
                bytes.push(byte);
                rest = &tail[3..];
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The mounts to watch, each file system once, under its shortest path from its root.
pub fn selected(mounts: Vec<Mount>, settings: &DiskSpace, is_removable: impl Fn(&Mount) -> bool) -> Vec<Mount> {
    let mut kept: Vec<Mount> = mounts.into_iter().filter(|mount| is_watched(mount, settings, &is_removable)).collect();
    kept.sort_by_key(|mount| (mount.root.len(), mount.mount.len(), mount.mount.clone()));
    let mut seen = Vec::new();
    kept.retain(|mount| {
        let new = !seen.contains(&mount.id);
        seen.push(mount.id.clone());
        new
    });
    kept.sort_by(|a, b| a.mount.cmp(&b.mount));
    kept
}

fn is_watched(mount: &Mount, settings: &DiskSpace, is_removable: impl Fn(&Mount) -> bool) -> bool {
    if settings.exclude.contains(&mount.mount) {
        return false;
    }
    if settings.include.contains(&mount.mount) {
        return true;
    }
    let fs = mount.fs.as_str();
    // In a container the root is an overlay, and what is written goes there.
    let is_root = mount.mount == "/" && fs == "overlay";
    if mount.read_only || (SYSTEM.contains(&fs) && !is_root) {
        return false;
    }
    (settings.network || !NETWORK.contains(&fs)) && !is_removable(mount)
}
