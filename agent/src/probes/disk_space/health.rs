//! What Windows' storage management (WMI, `root\Microsoft\Windows\Storage`) says of file systems. NTFS keeps no
//! count of errors that one may read without a right; what it needs is told here.

use beforehand_shared::volume::{Repair, Volume};
use serde::Deserialize;

/// The names here are those of the class and its properties: the question is made of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "MSFT_Volume", rename_all = "PascalCase", default)]
pub struct Health {
    /// One letter; none for volumes without.
    pub drive_letter: Option<String>,
    /// 0 healthy. Windows 8 goes on with 1 scan, 2 spot fix, 3 full repair needed; later ones with 1 warning,
    /// 2 unhealthy, 5 unknown, and tell the need in the other property.
    pub health_status: Option<u16>,
    /// 0xD00D scan, 0xD00E spot fix, 0xD00F full repair needed.
    pub operational_status: Option<Vec<u16>>,
}

/// Adds to each volume what is told of the drive with its letter.
pub fn apply(volumes: &mut [Volume], told: &[Health]) {
    for volume in volumes {
        let letter = volume.mount.strip_suffix(":\\").or_else(|| volume.mount.strip_suffix(':'));
        let of = |health: &&Health| {
            health.drive_letter.as_deref().zip(letter).is_some_and(|(a, b)| a.eq_ignore_ascii_case(b))
        };
        volume.repair = told.iter().find(of).and_then(need).or(volume.repair);
    }
}

/// Nothing where Windows does not know.
fn need(health: &Health) -> Option<Repair> {
    let says = |status| health.operational_status.as_ref().is_some_and(|all| all.contains(&status));
    Some(match health.health_status? {
        _ if says(0xD00F) => Repair::Full,
        _ if says(0xD00E) => Repair::SpotFix,
        _ if says(0xD00D) => Repair::Scan,
        0 => Repair::None,
        1 | 2 => Repair::Untold,
        3 => Repair::Full,
        _ => return None,
    })
}
