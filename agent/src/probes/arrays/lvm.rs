//! RAID of LVM: `lvs -a --reportformat json` with the fields of [`FIELDS`].

use super::parse::Drive;
use beforehand_shared::array::{Array, ArrayKind, ArrayState, Member, MemberState};
use serde_json::Value;
use std::collections::BTreeMap;

/// What is asked for, with sizes in bytes.
pub const FIELDS: &str = "vg_name,lv_name,lv_uuid,lv_layout,lv_health_status,raid_sync_action,sync_percent,\
    raid_mismatch_count,lv_size,lv_path,devices,data_percent,metadata_percent,lv_metadata_size,lv_dm_path";

/// Every logical volume of RAID or mirror; `drives` are those behind their images, by their paths.
///
/// # Errors
/// When the answer is no JSON.
pub fn arrays(answer: &[u8], drives: &BTreeMap<String, Drive>) -> Result<Vec<Array>, serde_json::Error> {
    let json: Value = serde_json::from_slice(answer)?;
    let rows = rows(&json);
    let volumes = rows.iter().filter(|row| !text(row, "lv_name").starts_with('[')).filter(|row| level(row).is_some());
    Ok(volumes.map(|row| array(row, &rows, drives)).collect())
}

/// Every logical volume, those that are parts of others among them.
pub(super) fn rows(json: &Value) -> Vec<&Value> {
    let reports = json.get("report").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    reports.iter().filter_map(|report| report["lv"].as_array()).flatten().collect()
}

pub(super) fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row.get(field).and_then(Value::as_str).unwrap_or_default().trim()
}

fn level(row: &Value) -> Option<&str> {
    let known = |word: &&str| word.starts_with("raid") && *word != "raid" || *word == "mirror";
    text(row, "lv_layout").split(',').rev().find(known)
}

fn tolerance(level: &str, images: u32) -> Option<u32> {
    Some(match level {
        "mirror" | "raid1" => images.saturating_sub(1),
        "raid10" => 1,
        _ if level.starts_with("raid4") || level.starts_with("raid5") => 1,
        _ if level.starts_with("raid6") => 2,
        _ if level.starts_with("raid0") => 0,
        _ => return None,
    })
}

fn array(row: &Value, rows: &[&Value], drives: &BTreeMap<String, Drive>) -> Array {
    let (group, name) = (text(row, "vg_name"), text(row, "lv_name"));
    let level = level(row).unwrap_or_default();
    let images = [format!("[{name}_rimage_"), format!("[{name}_mimage_")];
    let own = rows.iter().filter(|it| text(it, "vg_name") == group);
    let own = own.filter(|it| images.iter().any(|prefix| text(it, "lv_name").starts_with(prefix)));
    let members: Vec<Member> = own.map(|it| member(it, drives)).collect();
    let lost = members.iter().filter(|it| it.state != MemberState::Working).count();
    let health = text(row, "lv_health_status");
    let ails = !matches!(health, "" | "mismatches exist") || text(row, "raid_sync_action") == "recover";
    // An image that is filled anew, or that its drive dropped for a while, is there and not whole.
    let lost = u32::try_from(lost).unwrap_or(u32::MAX).max(u32::from(ails));
    let wanted = u32::try_from(members.len()).unwrap_or(u32::MAX);
    let bears = tolerance(level, wanted);
    let is_lost = bears.is_some_and(|bears| lost > bears && level != "raid10");
    Array {
        key: Some(text(row, "lv_uuid"))
            .filter(|uuid| !uuid.is_empty())
            .map_or_else(|| format!("{group}/{name}"), str::to_lowercase),
        name: format!("{group}/{name}"),
        kind: ArrayKind::Lvm,
        state: if is_lost { ArrayState::Failed } else { state(row, lost) },
        tolerates: bears.map(|bears| bears.saturating_sub(lost)),
        level: Some(level.to_owned()),
        wanted: Some(wanted).filter(|wanted| *wanted > 0),
        missing: lost,
        spares: 0,
        bytes: text(row, "lv_size").parse().ok(),
        device: Some(text(row, "lv_path").to_owned()).filter(|path| !path.is_empty()),
        members,
        errors: text(row, "raid_mismatch_count").parse().ok(),
    }
}

/// An image lies on `/dev/sda2(1)`, or on `[unknown](1)` where its drive is gone.
fn member(row: &Value, drives: &BTreeMap<String, Drive>) -> Member {
    let place = text(row, "devices").split('(').next().unwrap_or_default();
    let is_gone = place.contains("unknown") || place.contains("missing");
    let state = if is_gone { MemberState::Missing } else { MemberState::Working };
    let drive = drives.get(place).cloned().unwrap_or_default();
    let name = text(row, "lv_name").trim_matches(['[', ']']).to_owned();
    Member { name, device: drive.device, serial: drive.serial, state, errors: None }
}

fn state(row: &Value, lost: u32) -> ArrayState {
    let percent: Option<f64> = text(row, "sync_percent").parse().ok();
    let works = matches!(text(row, "raid_sync_action"), "recover" | "resync" | "reshape");
    match percent {
        Some(percent) if percent < 100.0 && (works || lost == 0) => {
            ArrayState::Rebuilding { percent: Some(percent), minutes_left: None }
        }
        _ if lost > 0 => ArrayState::Degraded,
        _ => ArrayState::Healthy,
    }
}
