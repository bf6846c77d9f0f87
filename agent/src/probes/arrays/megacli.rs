//! MegaRAID controllers by their older tool: `MegaCli -LDPDInfo -aAll`.

use super::controller::{self, Said};
use beforehand_shared::array::{Array, ArrayState, Member, MemberState};

/// Every virtual drive of every adapter.
pub fn arrays(answer: &str) -> Vec<Array> {
    let (mut arrays, mut adapter) = (Vec::new(), "");
    let mut drive: Vec<(&str, &str)> = Vec::new();
    for line in answer.lines().map(str::trim) {
        if let Some(number) = line.strip_prefix("Adapter #") {
            arrays.extend(of_drive(adapter, &drive));
            (adapter, drive) = (number, Vec::new());
        }
        let Some((name, value)) = line.split_once(':').map(|(name, value)| (name.trim(), value.trim())) else {
            continue;
        };
        if name == "Virtual Drive" {
            arrays.extend(of_drive(adapter, &drive));
            drive.clear();
        }
        drive.push((name, value));
    }
    arrays.extend(of_drive(adapter, &drive));
    arrays
}

fn of_drive(adapter: &str, fields: &[(&str, &str)]) -> Option<Array> {
    let (heading, number) = fields.first()?;
    if *heading != "Virtual Drive" {
        return None;
    }
    let first = |name: &str| fields.iter().find(|(key, _)| *key == name).map_or("", |(_, value)| *value);
    let number = number.split_whitespace().next().unwrap_or_default();
    let members = members(fields);
    let rebuilds = members.iter().any(|member| member.state == MemberState::Rebuilding);
    let state = match first("State") {
        "Optimal" => ArrayState::Healthy,
        "Degraded" | "Partially Degraded" if rebuilds => ArrayState::Rebuilding { percent: None, minutes_left: None },
        "Degraded" | "Partially Degraded" => ArrayState::Degraded,
        "Offline" | "Failed" => ArrayState::Failed,
        other => ArrayState::Unknown { why: format!("its controller calls it \u{201c}{other}\u{201d}") },
    };
    let name = format!("virtual drive {number} of adapter {adapter}");
    let said = Said {
        key: name.clone(),
        name,
        level: level(first("RAID Level")),
        size: first("Size").to_owned(),
        state,
        device: None,
    };
    Some(controller::array(said, members))
}

/// `Primary-5, Secondary-3, RAID Level Qualifier-3`: a row of arrays has a secondary level of 3.
fn level(words: &str) -> String {
    let part = |name: &str| words.split(',').find_map(|part| part.trim().strip_prefix(name)).unwrap_or_default();
    let row = if part("Secondary-") == "3" { "0" } else { "" };
    let primary = part("Primary-");
    if primary.is_empty() { String::new() } else { format!("raid{primary}{row}") }
}

fn members(fields: &[(&str, &str)]) -> Vec<Member> {
    let starts: Vec<usize> = (0..fields.len()).filter(|at| fields[*at].0 == "PD").collect();
    let ends = starts.iter().skip(1).copied().chain([fields.len()]);
    starts.iter().zip(ends).map(|(start, end)| member(&fields[*start..end])).collect()
}

fn member(fields: &[(&str, &str)]) -> Member {
    let first = |name: &str| fields.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
    let place = first("Enclosure Device ID").zip(first("Slot Number"));
    let state = match first("Firmware state").map(|state| state.split([',', '(']).next().unwrap_or_default().trim()) {
        Some("Online") => MemberState::Working,
        Some("Rebuild") => MemberState::Rebuilding,
        Some("Hotspare") => MemberState::Spare,
        Some("Failed" | "Offline" | "Unconfigured") => MemberState::Failed,
        // A place without a drive has a heading and nothing below it.
        Some("Missing") | None => MemberState::Missing,
        Some(_) => MemberState::Unknown,
    };
    // Of SAS drives the maker's name stands first.
    let inquiry = first("Inquiry Data").filter(|_| first("PD Type") == Some("SATA"));
    let errors = first("Media Error Count").and_then(|count| count.parse().ok());
    Member {
        name: place.map(|(enclosure, slot)| format!("{enclosure}:{slot}")).unwrap_or_default(),
        serial: inquiry.and_then(|data| data.split_whitespace().next()).map(str::to_owned),
        state,
        errors,
        ..Member::default()
    }
}
