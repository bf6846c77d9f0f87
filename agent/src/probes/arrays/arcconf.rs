//! Adaptec's tool: `arcconf GETCONFIG <controller> AL`.

use super::controller::{self, Said};
use beforehand_shared::array::{Array, ArrayState, Member, MemberState};

/// How many controllers it says there are.
pub fn controllers(answer: &str) -> usize {
    answer.lines().find_map(|line| field(line, "controllers found")?.parse().ok()).unwrap_or(0)
}

/// Every logical device of controller `number`.
pub fn arrays(answer: &str, number: usize) -> Vec<Array> {
    let (logical, physical) = answer.split_once("Physical Device information").unwrap_or((answer, ""));
    let logical = logical.split_once("Logical device information").map_or(logical, |(_, rest)| rest);
    let lines: Vec<&str> = logical.lines().collect();
    let starts: Vec<usize> = (0..lines.len()).filter(|at| heading(lines[*at]).is_some()).collect();
    let ends = starts.iter().skip(1).copied().chain([lines.len()]);
    let spares = spares(physical);
    starts.iter().zip(ends).filter_map(|(from, to)| array(lines.get(*from..to)?, &spares, number)).collect()
}

/// The number of the logical device that a block of lines begins with.
fn heading(line: &str) -> Option<&str> {
    let line = line.trim();
    let is_heading = line.get(..22).is_some_and(|words| words.eq_ignore_ascii_case("logical device number "));
    is_heading.then(|| line.get(22..).unwrap_or_default().trim())
}

/// Versions differ in capital letters.
fn field<'a>(line: &'a str, name: &str) -> Option<&'a str> {
    let (key, value) = line.split_once(':')?;
    key.trim().eq_ignore_ascii_case(name).then(|| value.trim())
}

fn array(lines: &[&str], spares: &[Member], number: usize) -> Option<Array> {
    let logical = heading(lines.first()?)?;
    let said = |name| lines.iter().find_map(|line| field(line, name)).filter(|text| !text.is_empty());
    let members: Vec<Member> = lines.iter().filter_map(|line| member(line)).collect();
    let place = format!("logical device {logical} of controller {number}");
    let has = |state| members.iter().any(|it| it.state == state);
    let state = match said("Status of logical device").unwrap_or_default() {
        status if ["rebuild", "recover"].iter().any(|word| status.to_lowercase().contains(word)) => rebuilding(),
        "Degraded" | "Suboptimal" if has(MemberState::Rebuilding) => rebuilding(),
        "Optimal" => ArrayState::Healthy,
        "Failed" | "Offline" => ArrayState::Failed,
        status if status.starts_with("Degraded") || status.starts_with("Suboptimal") => ArrayState::Degraded,
        other => ArrayState::Unknown { why: format!("its controller calls it \u{201c}{other}\u{201d}") },
    };
    let name = said("Logical device name").map_or_else(|| place.clone(), |name| format!("{place} ({name})"));
    let said = Said {
        key: said("Unique identifier").map_or_else(|| place, str::to_owned),
        name,
        level: said("RAID level").map_or_else(String::new, |level| format!("raid{}", level.to_lowercase())),
        size: said("Size").unwrap_or_default().to_owned(),
        state,
        device: said("Disk name").map(str::to_owned),
    };
    Some(controller::array(said, [members, spares.to_vec()].concat()))
}

const fn rebuilding() -> ArrayState {
    ArrayState::Rebuilding { percent: None, minutes_left: None }
}

/// `Segment 0 : Present (…)   SERIAL`; later versions say `Device 0`.
fn member(line: &str) -> Option<Member> {
    let (name, value) = line.split_once(':')?;
    let name = name.trim();
    let number = name.strip_prefix("Segment ").or_else(|| name.strip_prefix("Device "))?;
    number.chars().all(|digit| digit.is_ascii_digit()).then_some(())?;
    let (word, serial) = value.rsplit_once(')').unwrap_or((value, ""));
    let word = word.split('(').next().unwrap_or_default().trim();
    let state = match word.to_lowercase().as_str() {
        "present" => MemberState::Working,
        "rebuilding" => MemberState::Rebuilding,
        "failed" | "inconsistent" => MemberState::Failed,
        "missing" => MemberState::Missing,
        _ => MemberState::Unknown,
    };
    let serial = Some(serial.trim().to_owned()).filter(|serial| !serial.is_empty());
    Some(Member { name: name.to_owned(), serial, state, ..Member::default() })
}

/// Drives that wait to take the place of a member of any array.
fn spares(physical: &str) -> Vec<Member> {
    let drives = physical.split("Device #").skip(1).filter_map(|block| {
        let said = |name| block.lines().find_map(|line| field(line, name));
        let state = said("State")?.to_lowercase();
        (state.contains("hot") && state.contains("spare")).then(|| Member {
            name: format!("Device #{}", block.lines().next().unwrap_or_default().trim()),
            serial: said("Serial number").filter(|serial| !serial.is_empty()).map(str::to_owned),
            state: MemberState::Spare,
            ..Member::default()
        })
    });
    drives.collect()
}
