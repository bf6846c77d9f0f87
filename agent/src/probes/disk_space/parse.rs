//! Which mounts of `/proc/self/mountinfo` are volumes to watch.

use crate::config::DiskSpace;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

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
    /// Whether the file system itself takes no writes, however it is mounted here.
    #[serde(skip)]
    pub fs_read_only: bool,
    /// Which subvolume of btrfs it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subvolume: Option<u64>,
    /// Whether that is not meant so.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub turned_read_only: bool,
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
    let writable_behind = |line: &Line| line.read_only_here && !line.mount.fs_read_only;
    let is_view = lines.get("/").is_some_and(|root| {
        // The root's own file system may have stopped taking writes; the others tell then.
        root.read_only_here
            && (writable_behind(root) || lines.values().any(|line| line.mount.is_on_a_disk() && writable_behind(line)))
    });
    let seen =
        |line: Line| Mount { read_only: line.mount.fs_read_only || (line.read_only_here && !is_view), ..line.mount };
    lines.into_values().map(seen).collect()
}

struct Line {
    mount: Mount,
    /// Of this mount alone.
    read_only_here: bool,
}

fn line(line: &str) -> Option<Line> {
    // The optional fields before the dash vary in number.
    let (before, after) = line.split_once(" - ")?;
    let before: Vec<&str> = before.split(' ').collect();
    let mut after = after.split(' ');
    let (fs, device) = (after.next()?, after.next()?);
    let of_fs = after.next().unwrap_or_default();
    let read_only = |options: &str| options.split(',').any(|option| option == "ro");
    let [id, root, mount, options] = *before.get(2..6)? else { return None };
    let mount = Mount {
        mount: unescaped(mount),
        device: unescaped(device),
        fs: fs.to_owned(),
        id: id.to_owned(),
        root: unescaped(root),
        read_only: false,
        fs_read_only: read_only(of_fs),
        subvolume: of_fs.split(',').find_map(|option| option.strip_prefix("subvolid=")?.parse().ok()),
        turned_read_only: false,
    };
    Some(Line { mount, read_only_here: read_only(options) })
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

impl Mount {
    fn is_on_a_disk(&self) -> bool {
        self.device.starts_with("/dev/") && !SYSTEM.contains(&self.fs.as_str())
    }
}

/// Marks the file systems of disks that take no writes though `fstab` (fstab(5)) says nothing of the kind, or
/// though they are among `written`, the ids of those that took writes before.
pub fn mark_turned_read_only(mounts: &mut [Mount], fstab: &str, written: &BTreeSet<String>) {
    let meant: BTreeMap<String, bool> = fstab.lines().filter_map(entry).collect();
    for mount in mounts.iter_mut().filter(|mount| mount.fs_read_only && mount.is_on_a_disk()) {
        let meant_to_be_written = meant.get(&mount.mount).is_some_and(|read_only| !read_only);
        mount.turned_read_only = meant_to_be_written || written.contains(&mount.id);
    }
}

/// `error_stats` of btrfs: a name and a count on each line, summed.
pub fn error_stats(text: &str) -> Option<u64> {
    let counts = text.lines().filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    counts.reduce(u64::saturating_add)
}

/// Where, and whether read-only.
fn entry(line: &str) -> Option<(String, bool)> {
    let mut words = line.split_ascii_whitespace().filter(|_| !line.trim_start().starts_with('#'));
    let (_, place, _) = (words.next()?, words.next()?, words.next()?);
    let options = words.next().unwrap_or_default();
    Some((unescaped(place), options.split(',').any(|option| option == "ro")))
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
    if (mount.read_only && !mount.turned_read_only) || (SYSTEM.contains(&fs) && !is_root) {
        return false;
    }
    (settings.network || !NETWORK.contains(&fs)) && !is_removable(mount)
}
