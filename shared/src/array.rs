//! Arrays: drives that together keep data, most of them so that it outlives a drive.

use serde::{Deserialize, Serialize};

/// One array as the system or its controller tells it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Array {
    /// What identifies it within its host: its UUID or GUID where it has one, else its place.
    pub key: String,
    /// For people: `md0`, `tank`, `logical drive 1 in slot 0`.
    pub name: String,
    /// `kind` alone is the observation's own tag.
    #[serde(default, rename = "array_kind")]
    pub kind: ArrayKind,
    /// How it keeps data, as the system calls it: `raid1`, `mirror`, `raidz2`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<String>,
    pub state: ArrayState,
    /// How many more members may fail before data is lost, if those fail whose loss is worst. None where
    /// nothing tells.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerates: Option<u32>,
    /// Members that it has when it is whole, spares not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub wanted: Option<u32>,
    /// Members that it lacks: gone, failed or not yet whole again.
    #[serde(default)]
    pub missing: u32,
    /// Drives that wait to take the place of a member.
    #[serde(default)]
    pub spares: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
    /// Where the system has it: `/dev/md0`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<Member>,
    /// Places where its copies differ, or data that did not match its checksum, as far as it counts them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<u64>,
}

/// What keeps it together.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ArrayKind {
    /// Software RAID of Linux.
    Md,
    Zfs,
    Btrfs,
    Lvm,
    /// A controller with a tool of its own.
    Hardware,
    StorageSpaces,
    /// A kind of a later build.
    #[default]
    #[serde(other)]
    Unknown,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum ArrayState {
    Healthy,
    /// It works with less redundancy than it should have.
    Degraded,
    /// It brings its redundancy back.
    Rebuilding {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        percent: Option<f64>,
        /// As it estimates itself.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        minutes_left: Option<u32>,
    },
    /// It gives no data.
    Failed,
    /// It could not be asked, or its answer is not understood. Never to be taken for healthy.
    Unknown {
        why: String,
    },
    /// A state of a later build.
    #[serde(other)]
    Other,
}

impl Default for ArrayState {
    fn default() -> Self {
        Self::Unknown { why: String::new() }
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// As the array calls it: `sda1`, `1I:1:3`; empty for one that is not there and has no name.
    pub name: String,
    /// The drive that it lies on, as in [`crate::drive::Drive::device`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serial: Option<String>,
    pub state: MemberState,
    /// Reads, writes and checksums that went wrong on it, where they are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub errors: Option<u64>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    Working,
    Spare,
    /// It is being filled.
    Rebuilding,
    Failed,
    /// It is not there.
    Missing,
    #[default]
    #[serde(other)]
    Unknown,
}

impl Array {
    /// Arrays of which nothing is known but that they are there.
    pub fn blind(kind: ArrayKind, name: &str, why: &str) -> Self {
        let state = ArrayState::Unknown { why: why.to_owned() };
        Self { key: name.to_lowercase(), name: name.to_owned(), kind, state, ..Self::default() }
    }
}
