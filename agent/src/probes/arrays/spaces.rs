//! Windows' Storage Spaces, as storage management (WMI, `root\Microsoft\Windows\Storage`) tells them.

use beforehand_shared::array::{Array, ArrayKind, ArrayState, Member, MemberState};
use serde::Deserialize;

/// The names here and below are those of the classes and their properties: the questions are made of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "MSFT_VirtualDisk", rename_all = "PascalCase", default)]
pub struct VirtualDisk {
    /// By which what belongs to it is asked for.
    #[serde(rename = "__Path")]
    pub path: String,
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

/// A drive of a space.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "MSFT_PhysicalDisk", rename_all = "PascalCase", default)]
pub struct PhysicalDisk {
    /// The N of `PhysicalDriveN`.
    pub device_id: Option<String>,
    pub friendly_name: Option<String>,
    pub serial_number: Option<String>,
    /// 0 healthy, 1 warning, 2 unhealthy, 5 unknown.
    pub health_status: Option<u16>,
    /// 2 well, 13 lost communication: it is gone.
    pub operational_status: Option<Vec<u16>>,
    /// 3 hot spare, 4 retired: out of use because it failed.
    pub usage: Option<u16>,
}

/// What works on a space.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(rename = "MSFT_StorageJob", rename_all = "PascalCase", default)]
pub struct StorageJob {
    /// 4 running.
    pub job_state: Option<u16>,
    pub percent_complete: Option<u16>,
}

/// Which drive belongs to which space.
#[derive(Debug, Deserialize)]
#[serde(rename = "MSFT_VirtualDiskToPhysicalDisk")]
pub struct ToPhysicalDisk {}

/// What a job works on.
#[derive(Debug, Deserialize)]
#[serde(rename = "MSFT_StorageJobToAffectedStorageObject")]
pub struct ToStorageJob {}

/// A space with what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Space {
    pub disk: VirtualDisk,
    pub drives: Vec<PhysicalDisk>,
    pub jobs: Vec<StorageJob>,
}

pub fn arrays(spaces: &[Space]) -> Vec<Array> {
    spaces.iter().map(array).collect()
}

fn array(Space { disk, drives, jobs }: &Space) -> Array {
    let name = named(&disk.friendly_name).unwrap_or_else(|| "storage space".to_owned());
    let is = |status| disk.operational_status.as_ref().is_some_and(|all| all.contains(&status));
    let state = match disk.health_status {
        Some(0 | 1) if is(11) => ArrayState::Rebuilding { percent: percent(jobs), minutes_left: None },
        Some(0) => ArrayState::Healthy,
        Some(1) => ArrayState::Degraded,
        Some(2) => ArrayState::Failed,
        _ => ArrayState::Unknown { why: "Windows does not know it itself".to_owned() },
    };
    let members: Vec<Member> = drives.iter().map(member).collect();
    let gone = members.iter().filter(|it| matches!(it.state, MemberState::Missing | MemberState::Failed)).count();
    // Of a warning without this word Windows does not say that a drive is gone.
    let missing = u32::try_from(gone).unwrap_or(u32::MAX).max(u32::from(is(3)));
    let missing = if state == ArrayState::Healthy { 0 } else { missing };
    let lacking = missing.max(u32::from(!matches!(disk.health_status, Some(0))));
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
        spares: u32::try_from(members.iter().filter(|it| it.state == MemberState::Spare).count()).unwrap_or(u32::MAX),
        bytes: disk.size,
        name,
        members,
        ..Array::default()
    }
}

fn named(text: &Option<String>) -> Option<String> {
    text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

/// Of the job that has most before it.
fn percent(jobs: &[StorageJob]) -> Option<f64> {
    let running = jobs.iter().filter(|job| job.job_state == Some(4)).filter_map(|job| job.percent_complete);
    running.filter(|done| *done <= 100).min().map(f64::from)
}

fn member(drive: &PhysicalDisk) -> Member {
    let is = |status| drive.operational_status.as_ref().is_some_and(|all| all.contains(&status));
    let state = match (drive.health_status, drive.usage) {
        _ if is(13) => MemberState::Missing,
        (Some(2), _) | (_, Some(4)) => MemberState::Failed,
        (Some(0 | 1), Some(3)) => MemberState::Spare,
        (Some(0 | 1), _) => MemberState::Working,
        _ => MemberState::Unknown,
    };
    let place = named(&drive.device_id).filter(|_| state != MemberState::Missing);
    Member {
        name: named(&drive.friendly_name).unwrap_or_default(),
        device: place.map(|number| format!(r"\\.\PhysicalDrive{number}")),
        serial: named(&drive.serial_number),
        state,
        errors: None,
    }
}
