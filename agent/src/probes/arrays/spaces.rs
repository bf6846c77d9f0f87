//! Windows' Storage Spaces, as storage management (WMI, `root\Microsoft\Windows\Storage`) tells them.

use beforehand_shared::array::{Array, ArrayKind, ArrayState};
use serde::Deserialize;

/// The names here are those of the class and its properties: the question is made of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "MSFT_VirtualDisk", rename_all = "PascalCase", default)]
pub struct VirtualDisk {
    pub unique_id: Option<String>,
    pub friendly_name: Option<String>,
    /// 0 healthy, 1 warning, 2 unhealthy, 5 unknown.
    pub health_status: Option<u16>,
    /// 2 well, 3 degraded, 11 in service, which is a repair.
    pub operational_status: Option<Vec<u16>>,
    /// `Simple`, `Mirror`, `Parity`.
    pub resiliency_setting_name: Option<String>,
    /// How many drives may fail while it is whole.
    pub physical_disk_redundancy: Option<u16>,
    /// Bytes.
    pub size: Option<u64>,
}

pub fn arrays(disks: &[VirtualDisk]) -> Vec<Array> {
    disks.iter().map(array).collect()
}

fn array(disk: &VirtualDisk) -> Array {
    let named = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let name = named(&disk.friendly_name).unwrap_or_else(|| "storage space".to_owned());
    let is = |status| disk.operational_status.as_ref().is_some_and(|all| all.contains(&status));
    let state = match disk.health_status {
        Some(0 | 1) if is(11) => ArrayState::Rebuilding { percent: None, minutes_left: None },
        Some(0) => ArrayState::Healthy,
        Some(1) => ArrayState::Degraded,
        Some(2) => ArrayState::Failed,
        _ => ArrayState::Unknown { why: "Windows does not know it itself".to_owned() },
    };
    // Of a warning without this word Windows does not say that a drive is gone.
    let missing = u32::from(is(3));
    let lacking = u32::from(!matches!(disk.health_status, Some(0)));
    let bears = disk.physical_disk_redundancy.map(u32::from);
    Array {
        key: named(&disk.unique_id).unwrap_or_else(|| name.clone()).to_lowercase(),
        kind: ArrayKind::StorageSpaces,
        level: named(&disk.resiliency_setting_name).map(|level| level.to_lowercase()),
        tolerates: bears
            .filter(|_| !matches!(state, ArrayState::Unknown { .. }))
            .map(|bears| bears.saturating_sub(lacking)),
        state,
        missing,
        bytes: disk.size,
        name,
        ..Array::default()
    }
}
