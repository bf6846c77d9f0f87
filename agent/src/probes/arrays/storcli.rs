//! MegaRAID controllers: `storcli /call show all J`.

use super::controller::{self, Said};
use beforehand_shared::array::{Array, ArrayState, Member, MemberState};
use serde_json::Value;

/// Every virtual drive of every controller; none where a controller only passes drives through.
///
/// # Errors
/// When the answer is no JSON.
pub fn arrays(answer: &[u8]) -> Result<Vec<Array>, serde_json::Error> {
    let json: Value = serde_json::from_slice(answer)?;
    Ok(rows(&json, "/Controllers").iter().flat_map(of_controller).collect())
}

fn rows<'a>(json: &'a Value, place: &str) -> &'a [Value] {
    json.pointer(place).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn word<'a>(row: &'a Value, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default().trim()
}

fn of_controller(controller: &Value) -> Vec<Array> {
    let said = &controller["Response Data"];
    let number = controller.pointer("/Command Status/Controller").and_then(Value::as_u64).unwrap_or(0);
    let serial = said.pointer("/Basics/Serial Number").and_then(Value::as_str).unwrap_or_default().trim();
    let place = if serial.is_empty() { format!("controller {number}") } else { serial.to_owned() };
    let drives = rows(said, "/VD LIST").iter();
    drives.map(|drive| of_drive(said, drive, (number, &place))).collect()
}

fn of_drive(said: &Value, drive: &Value, (number, place): (u64, &str)) -> Array {
    let (group, volume) = word(drive, "DG/VD").split_once('/').unwrap_or_default();
    let members = members(said, group);
    let rebuilds = members.iter().any(|member| member.state == MemberState::Rebuilding);
    let state = match word(drive, "State") {
        "Optl" => ArrayState::Healthy,
        "Dgrd" | "Pdgd" | "Rec" if rebuilds => ArrayState::Rebuilding { percent: None, minutes_left: None },
        "Rec" => ArrayState::Rebuilding { percent: None, minutes_left: None },
        "Dgrd" | "Pdgd" => ArrayState::Degraded,
        "OfLn" => ArrayState::Failed,
        other => ArrayState::Unknown { why: format!("its controller calls it \u{201c}{other}\u{201d}") },
    };
    let label = word(drive, "Name");
    let label = if label.is_empty() { String::new() } else { format!(" ({label})") };
    let said = Said {
        key: format!("{place} virtual drive {volume}"),
        name: format!("virtual drive {volume}{label} of controller {number}"),
        level: word(drive, "TYPE").to_lowercase(),
        size: word(drive, "Size").to_owned(),
        state,
        device: None,
    };
    controller::array(said, members)
}

/// The drives of a group, and the spares that stand by for it or for all.
fn members(said: &Value, group: &str) -> Vec<Member> {
    let of_group = |row: &&Value| row["DG"].as_u64().is_some_and(|dg| dg.to_string() == group);
    let topology = rows(said, "/TOPOLOGY").iter().filter(|row| word(row, "Type") == "DRIVE").filter(of_group);
    let own = topology.map(|row| (word(row, "EID:Slot"), word(row, "State")));
    let spares = rows(said, "/PD LIST").iter().filter(|row| word(row, "State") == "GHS");
    let spares = spares.map(|row| (word(row, "EID:Slt"), "GHS"));
    own.chain(spares).map(|(name, state)| member(name, state)).collect()
}

fn member(name: &str, state: &str) -> Member {
    let state = match state {
        "Onln" | "Cpybck" => MemberState::Working,
        "Rbld" => MemberState::Rebuilding,
        "DHS" | "GHS" => MemberState::Spare,
        "Offln" | "UBad" | "Failed" | "F" => MemberState::Failed,
        "Msng" => MemberState::Missing,
        _ => MemberState::Unknown,
    };
    // A place without a drive has no name.
    let name = if name == "-" { "" } else { name };
    Member { name: name.to_owned(), state, ..Member::default() }
}
