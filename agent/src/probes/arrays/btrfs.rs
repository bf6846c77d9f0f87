//! btrfs on several drives: `/sys/fs/btrfs/<uuid>/`, which needs no right and no tool.

use super::parse::Drive;
use beforehand_shared::array::{Array, ArrayKind, ArrayState, Member, MemberState};
use serde::Deserialize;
use std::collections::BTreeMap;

const SECTOR_BYTES: u64 = 512;

/// The files of one file system, as read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Files {
    pub uuid: String,
    pub label: String,
    /// Folders in `allocation/data` and `allocation/metadata`: how blocks are kept.
    pub profiles: Vec<String>,
    /// Of `devices`: the drive behind each, and its sectors.
    pub devices: BTreeMap<String, Device>,
    /// Of `devinfo/<number>`.
    pub numbered: Vec<Numbered>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Device {
    pub sectors: String,
    pub drive: Drive,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Numbered {
    pub missing: String,
    /// `error_stats`: a word and a count on each line.
    pub errors: String,
}

/// Nothing for a file system on one drive.
pub fn array(files: &Files) -> Option<Array> {
    let gone = files.numbered.iter().filter(|it| it.missing.trim() == "1").count();
    let members: Vec<Member> = files.devices.iter().map(member).chain((0..gone).map(|_| lost())).collect();
    if members.len() < 2 {
        return None;
    }
    let missing = u32::try_from(gone).unwrap_or(u32::MAX);
    let bears = files.profiles.iter().filter_map(|profile| tolerance(profile)).min();
    let level = files.profiles.iter().filter(|profile| tolerance(profile) == bears).min();
    let sectors = files.devices.values().filter_map(|it| it.sectors.trim().parse::<u64>().ok());
    let errors = files.numbered.iter().map(|it| errors(&it.errors)).fold(0, u64::saturating_add);
    let name = [files.label.trim(), &files.uuid].into_iter().find(|name| !name.is_empty()).unwrap_or_default();
    Some(Array {
        key: files.uuid.to_lowercase(),
        name: format!("btrfs {name}"),
        kind: ArrayKind::Btrfs,
        level: level.cloned(),
        // It is mounted, else the kernel would not list it: what it holds can be read.
        state: if missing > 0 { ArrayState::Degraded } else { ArrayState::Healthy },
        tolerates: bears.map(|bears| bears.saturating_sub(missing)),
        wanted: u32::try_from(members.len()).ok(),
        missing,
        spares: 0,
        bytes: sectors.fold(0, u64::saturating_add).checked_mul(SECTOR_BYTES),
        device: None,
        errors: Some(errors),
        members,
    })
}

fn member((name, device): (&String, &Device)) -> Member {
    let Drive { device, serial } = device.drive.clone();
    Member { name: name.clone(), device, serial, state: MemberState::Working, errors: None }
}

fn lost() -> Member {
    Member { state: MemberState::Missing, ..Member::default() }
}

fn errors(stats: &str) -> u64 {
    let counts = stats.lines().filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok());
    counts.fold(0, u64::saturating_add)
}

fn tolerance(profile: &str) -> Option<u32> {
    Some(match profile {
        "single" | "dup" | "raid0" => 0,
        "raid1" | "raid10" | "raid5" => 1,
        "raid1c3" | "raid6" => 2,
        "raid1c4" => 3,
        _ => return None,
    })
}
