//! Smart Array controllers: `ssacli ctrl all show config detail`.

use super::controller::{self, Said};
use beforehand_shared::array::{Array, ArrayState, Member, MemberState};

/// A heading with the fields below it.
#[derive(Debug, Clone, Default)]
struct Block<'a> {
    heading: &'a str,
    fields: Vec<(&'a str, &'a str)>,
}

impl<'a> Block<'a> {
    fn of(&self, name: &str) -> Option<&'a str> {
        self.fields.iter().find(|(key, _)| *key == name).map(|(_, value)| *value).filter(|value| !value.is_empty())
    }
}

/// Every logical drive of every controller.
pub fn arrays(answer: &str) -> Vec<Array> {
    let (mut arrays, mut slot, mut group): (Vec<Array>, &str, Vec<Block>) = (Vec::new(), "", Vec::new());
    for block in blocks(answer) {
        let starts_anew = block.heading.starts_with("Array:") || block.heading == "Unassigned";
        let controller = block.heading.split_once(" in Slot ").map(|(_, slot)| slot);
        if starts_anew || controller.is_some() {
            arrays.extend(of_group(slot, &group));
            group.clear();
        }
        slot = controller.and_then(|slot| slot.split_whitespace().next()).unwrap_or(slot);
        group.push(block);
    }
    arrays.extend(of_group(slot, &group));
    arrays
}

/// Headings: those without a value, and those that name an array, a logical drive or a physical drive.
fn blocks(answer: &str) -> Vec<Block<'_>> {
    let mut blocks: Vec<Block> = vec![Block::default()];
    for line in answer.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let is_heading = is_physical_heading(line)
            || line == "Unassigned"
            || line.starts_with("Array:")
            || line.starts_with("Logical Drive:")
            || (line.contains(" in Slot ") && !line.contains(": "));
        match line.split_once(':') {
            _ if is_heading => blocks.push(Block { heading: line, fields: Vec::new() }),
            Some((name, value)) => {
                if let Some(block) = blocks.last_mut() {
                    block.fields.push((name.trim(), value.trim()));
                }
            }
            None => {}
        }
    }
    blocks
}

/// `physicaldrive 1I:1:3` and nothing behind it.
fn is_physical_heading(line: &str) -> bool {
    line.strip_prefix("physicaldrive ").is_some_and(|place| !place.contains(char::is_whitespace))
}

/// The logical drives of one array share its physical drives.
fn of_group(slot: &str, group: &[Block]) -> Vec<Array> {
    if !group.first().is_some_and(|block| block.heading.starts_with("Array:")) {
        return Vec::new();
    }
    let members: Vec<Member> = group.iter().filter_map(member).collect();
    let logical = group.iter().filter(|block| block.heading.starts_with("Logical Drive:"));
    logical.map(|block| of_logical(slot, block, members.clone())).collect()
}

fn of_logical(slot: &str, block: &Block, members: Vec<Member>) -> Array {
    let number = block.heading.trim_start_matches("Logical Drive:").trim();
    let name = format!("logical drive {number} in slot {slot}");
    let said = Said {
        key: block.of("Unique Identifier").map_or_else(|| name.clone(), str::to_owned),
        name,
        level: block.of("Fault Tolerance").map(|level| format!("raid{level}")).unwrap_or_default(),
        size: block.of("Size").unwrap_or_default().to_owned(),
        state: state(block.of("Status").unwrap_or_default()),
        device: block.of("Disk Name").map(str::to_owned),
    };
    controller::array(said, members)
}

fn member(block: &Block) -> Option<Member> {
    let name = block.heading.strip_prefix("physicaldrive ")?;
    let status = block.of("Status").unwrap_or_default();
    let is_spare = block.of("Drive Type").is_some_and(|kind| kind.starts_with("Spare"));
    let state = match status {
        "OK" | "Predictive Failure" if is_spare => MemberState::Spare,
        "OK" | "Predictive Failure" => MemberState::Working,
        "Failed" => MemberState::Failed,
        "Missing" | "Not Present" => MemberState::Missing,
        status if status.starts_with("Rebuilding") => MemberState::Rebuilding,
        _ => MemberState::Unknown,
    };
    let serial = block.of("Serial Number").map(str::to_owned);
    Some(Member { name: name.to_owned(), serial, state, ..Member::default() })
}

fn state(status: &str) -> ArrayState {
    let percent = status.split([',', ' ']).find_map(|word| word.strip_suffix('%')?.parse().ok());
    match status.split(',').next().unwrap_or_default().trim() {
        // A conversion works on a whole array.
        "OK" | "Transforming" | "Expanding" | "Initializing" | "Erase Completed" => ArrayState::Healthy,
        "Interim Recovery Mode" | "Ready for Rebuild" => ArrayState::Degraded,
        "Recovering" | "Rebuilding" | "Waiting for Rebuild" | "Queued for Rebuild" => {
            ArrayState::Rebuilding { percent, minutes_left: None }
        }
        "Failed" | "Disabled" | "Not Available" => ArrayState::Failed,
        "" => ArrayState::Unknown { why: "its controller does not say how it is".to_owned() },
        other => ArrayState::Unknown { why: format!("its controller calls it \u{201c}{other}\u{201d}") },
    }
}
