//! Software RAID of Linux: `/proc/mdstat`, and what sysfs knows besides.

use beforehand_shared::array::{Array, ArrayKind, ArrayState, Member, MemberState};
use serde::Deserialize;
use std::collections::BTreeMap;

/// The unit of sizes in mdstat.
const BLOCK_BYTES: u64 = 1024;

/// What sysfs knows of one array.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Known {
    pub uuid: Option<String>,
    /// `mismatch_cnt`.
    pub mismatches: Option<u64>,
    /// The drives that its members lie on, by the member's name.
    pub drives: BTreeMap<String, Drive>,
}

/// The drive behind a member.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Drive {
    pub device: Option<String>,
    pub serial: Option<String>,
}

/// Every array in `mdstat` but containers of firmware RAID, which hold arrays and no data of their own.
pub fn arrays(mdstat: &str, known: &BTreeMap<String, Known>) -> Vec<Array> {
    let mut arrays: Vec<Array> = Vec::new();
    let mut lines = mdstat.lines().peekable();
    while let Some(line) = lines.next() {
        let Some((name, heading)) = line.split_once(" : ").filter(|(name, _)| name.starts_with("md")) else { continue };
        let mut details = String::new();
        while let Some(more) = lines.next_if(|line| line.starts_with([' ', '\t'])) {
            details.push_str(more.trim());
            details.push('\n');
        }
        arrays.extend(array(name.trim(), heading, &details, known.get(name.trim())));
    }
    arrays
}

fn array(name: &str, heading: &str, details: &str, known: Option<&Known>) -> Option<Array> {
    let is_active = heading.split_whitespace().next() == Some("active");
    let is_container = !is_active && ["external:imsm", "external:ddf"].iter().any(|kind| details.contains(kind));
    if is_container {
        return None;
    }
    let words = heading.split_whitespace().skip(1).filter(|word| !word.starts_with('('));
    let (members, level): (Vec<&str>, Vec<&str>) = words.partition(|word| word.contains('['));
    let level = level.first().map(|level| (*level).to_owned());
    let mut members: Vec<(u32, Member)> = members.into_iter().map(|word| member(word, known)).collect();
    let works = of_state(&members, MemberState::Working);
    let (wanted, working) = counts(details).unwrap_or((works, works));
    let missing = wanted.saturating_sub(working);
    mark_filling(&mut members, details, (wanted, working));
    let bears = level.as_deref().and_then(|level| tolerance(level, wanted, copies(details)));
    // Of `raid10` more may be gone by luck.
    let is_lost = !is_active || bears.is_some_and(|bears| missing > bears && level.as_deref() != Some("raid10"));
    let blocks = details.split_whitespace().next().and_then(|blocks| blocks.parse::<u64>().ok());
    let uuid = known.and_then(|known| known.uuid.clone());
    Some(Array {
        key: uuid.unwrap_or_else(|| name.to_owned()).to_lowercase(),
        name: name.to_owned(),
        kind: ArrayKind::Md,
        state: if is_lost { ArrayState::Failed } else { state(details, missing) },
        tolerates: bears.filter(|_| is_active).map(|bears| bears.saturating_sub(missing)),
        level,
        wanted: Some(wanted).filter(|_| is_active),
        missing,
        spares: of_state(&members, MemberState::Spare),
        bytes: blocks.and_then(|blocks| blocks.checked_mul(BLOCK_BYTES)),
        device: Some(format!("/dev/{name}")),
        members: members.into_iter().map(|(_, member)| member).collect(),
        errors: known.and_then(|known| known.mismatches),
    })
}

fn of_state(members: &[(u32, Member)], state: MemberState) -> u32 {
    let count = members.iter().filter(|(_, member)| member.state == state).count();
    u32::try_from(count).unwrap_or(u32::MAX)
}

/// As smartctl and the probe of drives call a disk: of NVMe the controller, not the namespace.
pub fn drive_name(disk: &str) -> String {
    let controller = disk.strip_prefix("nvme").and_then(|rest| rest.split_once('n')).map(|(number, _)| number);
    controller.map_or_else(|| format!("/dev/{disk}"), |number| format!("/dev/nvme{number}"))
}

/// `sda1[0](F)`: its number, and what it is.
fn member(word: &str, known: Option<&Known>) -> (u32, Member) {
    let (name, rest) = word.split_once('[').unwrap_or((word, ""));
    let state = if rest.contains("(F)") {
        MemberState::Failed
    } else if rest.contains("(S)") || rest.contains("(J)") {
        MemberState::Spare
    } else {
        MemberState::Working
    };
    let number = rest.split(']').next().and_then(|number| number.parse().ok()).unwrap_or(0);
    let drive = known.and_then(|known| known.drives.get(name)).cloned().unwrap_or_default();
    (number, Member { name: name.to_owned(), device: drive.device, serial: drive.serial, state, errors: None })
}

/// Of those that seem to work, the latest are being filled, where more are listed than work.
fn mark_filling(members: &mut [(u32, Member)], details: &str, (needed, working): (u32, u32)) {
    if working >= needed || !details.contains("recovery") {
        return;
    }
    let mut filled: Vec<&mut (u32, Member)> =
        members.iter_mut().filter(|(_, member)| member.state == MemberState::Working).collect();
    filled.sort_by_key(|(number, _)| *number);
    let whole = usize::try_from(working).unwrap_or(usize::MAX);
    for (_, member) in filled.into_iter().skip(whole) {
        member.state = MemberState::Rebuilding;
    }
}

/// Members that it needs and that work: `[8/7]`.
fn counts(details: &str) -> Option<(u32, u32)> {
    details.split_whitespace().find_map(|word| {
        let (needed, working) = word.strip_prefix('[')?.strip_suffix(']')?.split_once('/')?;
        Some((needed.parse().ok()?, working.parse().ok()?))
    })
}

/// How often `raid10` keeps each block.
fn copies(details: &str) -> u32 {
    let mut words = details.split_whitespace().peekable();
    while let Some(word) = words.next() {
        if words.peek().is_some_and(|next| next.ends_with("-copies")) {
            return word.parse().unwrap_or(2);
        }
    }
    2
}

/// How many of `members` may fail, if those fail whose loss is worst.
fn tolerance(level: &str, members: u32, copies: u32) -> Option<u32> {
    Some(match level {
        "raid1" => members.saturating_sub(1),
        "raid4" | "raid5" => 1,
        "raid6" => 2,
        "raid10" => copies.saturating_sub(1),
        "raid0" | "linear" => 0,
        _ => return None,
    })
}

fn state(details: &str, missing: u32) -> ArrayState {
    let lines = details.lines().map(|line| line.trim_start_matches(['[', '=', '>', '.', ']']).trim_start());
    let works = ["recovery", "resync", "reshape"];
    let work = lines.into_iter().find(|line| works.iter().any(|work| line.starts_with(work)));
    match work {
        Some(line) => ArrayState::Rebuilding {
            percent: line
                .split_whitespace()
                .find_map(|word| word.trim_start_matches('=').strip_suffix('%')?.parse().ok()),
            minutes_left: line.split_whitespace().find_map(|word| {
                let minutes: f64 = word.strip_prefix("finish=")?.strip_suffix("min")?.parse().ok()?;
                (0.0..=1e7).contains(&minutes).then(|| minutes.ceil() as u32)
            }),
        },
        None if missing > 0 => ArrayState::Degraded,
        None => ArrayState::Healthy,
    }
}
