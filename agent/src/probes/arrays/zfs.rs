//! ZFS: `zpool status -PLp`, and `zpool list -Hp -o name,guid,size`.

use super::parse::Drive;
use beforehand_shared::array::{Array, ArrayKind, ArrayState, Member, MemberState};
use std::collections::BTreeMap;

/// One line of a pool's configuration.
#[derive(Debug, Clone)]
struct Node<'a> {
    depth: usize,
    name: &'a str,
    state: &'a str,
    errors: u64,
    fills: bool,
}

/// Every pool of `status`; `drives` are those behind its members, by their paths.
pub fn arrays(status: &str, list: &str, drives: &BTreeMap<String, Drive>) -> Vec<Array> {
    let known: BTreeMap<&str, Vec<&str>> = list
        .lines()
        .filter_map(|line| line.split_once('\t'))
        .map(|(name, rest)| (name, rest.split('\t').collect()))
        .collect();
    let starts = status.match_indices("  pool: ").map(|(at, _)| at);
    let ends = starts.clone().skip(1).chain([status.len()]);
    starts.zip(ends).filter_map(|(from, to)| pool(status.get(from..to)?, &known, drives)).collect()
}

fn field<'a>(pool: &'a str, name: &str) -> &'a str {
    pool.lines().find_map(|line| line.trim_start().strip_prefix(name)).unwrap_or_default().trim()
}

fn pool(text: &str, known: &BTreeMap<&str, Vec<&str>>, drives: &BTreeMap<String, Drive>) -> Option<Array> {
    let name = Some(field(text, "pool: ")).filter(|name| !name.is_empty())?;
    let (nodes, spares) = nodes(text);
    let groups = groups(&nodes);
    let missing: usize = groups.iter().map(|group| group.lacking).sum();
    let missing = u32::try_from(missing).unwrap_or(u32::MAX);
    let known = known.get(name).map(Vec::as_slice).unwrap_or_default();
    let mut members: Vec<Member> = leaves(&nodes).map(|node| member(node, drives)).collect();
    members.extend(spares.iter().map(|node| member(node, drives)));
    Some(Array {
        key: known.first().map_or_else(|| name.to_lowercase(), |guid| (*guid).to_owned()),
        name: name.to_owned(),
        kind: ArrayKind::Zfs,
        level: groups.first().map(|group| group.level.to_owned()),
        state: state(field(text, "state: "), text, missing),
        tolerates: groups
            .iter()
            .map(|group| group.parity.saturating_sub(group.lacking))
            .min()
            .and_then(|it| u32::try_from(it).ok()),
        wanted: u32::try_from(groups.iter().map(|group| group.members).sum::<usize>()).ok(),
        missing,
        spares: u32::try_from(spares.iter().filter(|node| node.state == "AVAIL").count()).unwrap_or(u32::MAX),
        bytes: known.get(1).and_then(|size| size.parse().ok()),
        device: None,
        errors: Some(nodes.iter().map(|node| node.errors).fold(0, u64::saturating_add)),
        members,
    })
}

/// What keeps data, and the spares. Logs and caches are neither.
fn nodes(text: &str) -> (Vec<Node<'_>>, Vec<Node<'_>>) {
    let (mut own, mut spares, mut section) = (Vec::new(), Vec::new(), "");
    let lines = text.lines().skip_while(|line| !line.trim_start().starts_with("NAME ")).skip(1);
    for line in lines.take_while(|line| !line.starts_with("errors:")) {
        let indented = line.trim_start_matches('\t');
        let depth = (indented.len() - indented.trim_start().len()) / 2;
        let mut words = indented.split_whitespace();
        let Some(name) = words.next() else { continue };
        let Some(state) = words.next() else {
            section = name;
            continue;
        };
        let errors = words.clone().take(3).filter_map(|word| word.parse::<u64>().ok()).fold(0, u64::saturating_add);
        let fills = indented.contains("(resilvering)");
        let node = Node { depth, name, state, errors, fills };
        match section {
            "spares" => spares.push(node),
            "logs" | "cache" => {}
            // The first line is the pool itself.
            _ if depth > 0 => own.push(node),
            _ => {}
        }
    }
    (own, spares)
}

/// Drives that keep data together.
struct Group<'a> {
    level: &'a str,
    parity: usize,
    members: usize,
    lacking: usize,
}

fn groups<'a>(nodes: &[Node<'a>]) -> Vec<Group<'a>> {
    let tops: Vec<usize> = (0..nodes.len()).filter(|at| nodes[*at].depth == 1).collect();
    let ends = tops.iter().skip(1).copied().chain([nodes.len()]);
    tops.iter().zip(ends).map(|(start, end)| group(&nodes[*start..end])).collect()
}

fn group<'a>(nodes: &[Node<'a>]) -> Group<'a> {
    let level = nodes[0].name.split_once('-').map_or(nodes[0].name, |(level, _)| level);
    let children: Vec<&Node> = nodes.iter().filter(|node| node.depth == 2).collect();
    // A drive alone, or one that is being replaced.
    if children.is_empty() || !["mirror", "raidz", "draid"].iter().any(|kind| level.starts_with(kind)) {
        return Group { level: "stripe", parity: 0, members: 1, lacking: usize::from(!is_whole(&nodes[0])) };
    }
    let digit = level.chars().find(char::is_ascii_digit).and_then(|digit| digit.to_digit(10)).unwrap_or(1);
    let parity = if level == "mirror" { children.len() - 1 } else { digit as usize };
    let lacking = children.iter().filter(|node| !is_whole(node)).count();
    Group { level, parity, members: children.len(), lacking }
}

fn is_whole(node: &Node) -> bool {
    node.state == "ONLINE" && !node.fills
}

/// Nodes with nothing below them.
fn leaves<'a, 'b>(nodes: &'b [Node<'a>]) -> impl Iterator<Item = &'b Node<'a>> {
    nodes.iter().enumerate().filter_map(|(at, node)| {
        let below = nodes.get(at + 1).is_some_and(|next| next.depth > node.depth);
        (!below).then_some(node)
    })
}

fn member(node: &Node, drives: &BTreeMap<String, Drive>) -> Member {
    let state = match node.state {
        _ if node.fills => MemberState::Rebuilding,
        "ONLINE" => MemberState::Working,
        "AVAIL" | "INUSE" => MemberState::Spare,
        "DEGRADED" | "FAULTED" => MemberState::Failed,
        "UNAVAIL" | "REMOVED" | "OFFLINE" => MemberState::Missing,
        _ => MemberState::Unknown,
    };
    let drive = drives.get(node.name).cloned().unwrap_or_default();
    let name = node.name.strip_prefix("/dev/").unwrap_or(node.name).to_owned();
    Member { name, device: drive.device, serial: drive.serial, state, errors: Some(node.errors) }
}

fn state(word: &str, text: &str, missing: u32) -> ArrayState {
    let rebuilds = field(text, "scan: ").starts_with("resilver in progress");
    match word {
        "ONLINE" | "DEGRADED" if rebuilds => ArrayState::Rebuilding {
            percent: text.split([' ', ',']).find_map(|word| word.strip_suffix('%')?.parse().ok()),
            minutes_left: text.split(',').find_map(|part| minutes(part.trim())),
        },
        "ONLINE" if missing == 0 => ArrayState::Healthy,
        "ONLINE" | "DEGRADED" => ArrayState::Degraded,
        "FAULTED" | "UNAVAIL" | "SUSPENDED" | "REMOVED" | "OFFLINE" => ArrayState::Failed,
        other => ArrayState::Unknown { why: format!("ZFS calls it \u{201c}{other}\u{201d}") },
    }
}

/// `1 days 02:05:33 to go`.
fn minutes(part: &str) -> Option<u32> {
    let left = part.lines().next()?.strip_suffix("to go")?.trim();
    let (days, clock) = left.split_once(" days ").map_or((0, left), |(days, clock)| (days.parse().unwrap_or(0), clock));
    let mut parts = clock.split(':').map(|part| part.parse::<u32>().ok());
    let (hours, minutes) = (parts.next()??, parts.next()??);
    u32::checked_mul(days, 1_440)?.checked_add(hours.checked_mul(60)?)?.checked_add(minutes)
}
