//! What quotas leave, of those that a system tells everybody: how much a folder or a subvolume may hold, whoever writes.

use super::parse::Mount;
use beforehand_shared::volume::Volume;
use std::collections::{BTreeMap, BTreeSet};

/// The most that are told; those with the least left come first.
pub const MOST: usize = 64;

/// btrfs-quota(5), `limit_flags` of a quota group: what it refers to is limited, and what it alone refers to.
const REFERENCED: u64 = 1;
const EXCLUSIVE: u64 = 2;

/// What is read of a quota group.
pub const FLAGS: &str = "limit_flags";
pub const FILES: [&str; 5] = [FLAGS, "max_referenced", "referenced", "max_exclusive", "exclusive"];

/// How much a folder or a subvolume may hold.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Quota {
    /// The folder, or the mount and the number of a subvolume that is mounted nowhere by itself.
    pub place: String,
    pub device: String,
    pub fs: String,
    pub limit_bytes: u64,
    pub used_bytes: u64,
}

impl Quota {
    /// In bytes, were there no end to the file system itself.
    pub const fn left(&self) -> u64 {
        self.limit_bytes.saturating_sub(self.used_bytes)
    }
}

/// The folders that `/etc/projects` (projects(5)) puts under a project quota: `number:folder`.
pub fn projects(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim).filter(|line| !line.starts_with('#'));
    let folders = lines.filter_map(|line| Some(line.split_once(':')?.1.trim()));
    folders.filter(|folder| folder.starts_with('/')).collect()
}

/// The subvolume of a quota group, by the name of its folder in `/sys/fs/btrfs/…/qgroups`: `0_256`. Groups of
/// higher levels add subvolumes up, and no folder shows what they leave.
pub fn subvolume(group: &str) -> Option<u64> {
    group.strip_prefix("0_")?.parse().ok()
}

/// Limit and use in bytes, of the files in the folder of a quota group; of two limits the one that leaves less.
pub fn group(files: &BTreeMap<&str, u64>) -> Option<(u64, u64)> {
    let flags = *files.get(FLAGS)?;
    let limits = [(REFERENCED, "max_referenced", "referenced"), (EXCLUSIVE, "max_exclusive", "exclusive")];
    let set = limits.into_iter().filter(|(flag, ..)| flags & flag != 0);
    let told = set.filter_map(|(_, limit, used)| Some((*files.get(limit)?, *files.get(used)?)));
    told.filter(|(limit, _)| *limit > 0).min_by_key(|(limit, used)| limit.saturating_sub(*used))
}

/// Where people meet the subvolume: its own mount, or that of the file system.
pub fn place(subvolume: u64, watched: &Mount, mounts: &[Mount]) -> String {
    let own = mounts.iter().filter(|mount| mount.id == watched.id && mount.subvolume == Some(subvolume));
    let shortest = own.map(|mount| &mount.mount).min_by_key(|mount| mount.len());
    shortest.cloned().unwrap_or_else(|| format!("{} (subvolume {subvolume})", watched.mount))
}

/// The volumes and, of the quotas, each place once, those with the least left. Where a quota is set on the very folder that
/// a file system is mounted on, what leaves less is told.
pub fn beside(mut volumes: Vec<Volume>, mut quotas: Vec<Volume>) -> Vec<Volume> {
    quotas.sort_by(|a, b| (a.free_bytes, &a.mount).cmp(&(b.free_bytes, &b.mount)));
    let mut places = BTreeSet::new();
    quotas.retain(|quota| places.insert(quota.mount.clone()));
    for quota in quotas.into_iter().take(MOST) {
        match volumes.iter_mut().find(|volume| volume.mount == quota.mount) {
            None => volumes.push(quota),
            Some(volume) if quota.free_bytes < volume.free_bytes => {
                let (turned_read_only, fs_errors) = (volume.turned_read_only, volume.fs_errors);
                *volume = Volume { turned_read_only, fs_errors, ..quota };
            }
            Some(_) => {}
        }
    }
    volumes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn volume(mount: &str, free_bytes: u64, quota: bool) -> Volume {
        Volume { mount: mount.into(), free_bytes, quota, ..Volume::default() }
    }

    #[test]
    fn a_quota_on_the_mount_itself_is_told_where_it_leaves_less() {
        let told = |free| beside(vec![volume("/data", 100, false)], vec![volume("/data", free, true)]);
        assert_eq!(told(40), [volume("/data", 40, true)]);
        assert_eq!(told(100), [volume("/data", 100, false)]);
        let read_only = Volume { turned_read_only: true, fs_errors: Some(3), ..volume("/data", 100, false) };
        let told = beside(vec![read_only], vec![volume("/data", 40, true)]);
        assert!(told[0].quota && told[0].turned_read_only && told[0].fs_errors == Some(3), "{told:?}");
    }

    #[test]
    fn of_many_quotas_those_with_the_least_left_are_told_and_each_place_once() {
        let places = || (0..2 * MOST as u64).map(|n| volume(&format!("/srv/{n}"), 1_000 - n, true));
        let told = beside(vec![volume("/", 7, false)], places().chain(places()).collect());
        assert_eq!(told.len(), 1 + MOST);
        assert!(told[1..].iter().all(|quota| quota.free_bytes <= 1_000 - MOST as u64), "{told:?}");
    }
}
