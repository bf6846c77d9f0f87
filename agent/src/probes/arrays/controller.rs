//! What the tools of RAID controllers have in common: levels, sizes, and how a state follows from members.

use beforehand_shared::array::{Array, ArrayKind, ArrayState, Member, MemberState};

/// How many members may fail, if those fail whose loss is worst: of `1`, `raid10`, `RAID60`, `1+0`, `1 (ADM)`.
pub(super) fn tolerance(level: &str) -> Option<u32> {
    let level = level.to_lowercase();
    let digits: String = level.chars().filter(char::is_ascii_digit).collect();
    // Advanced data mirroring keeps three copies.
    let is_threefold = level.contains("adm");
    Some(match digits.as_str() {
        "0" => 0,
        "1" | "10" | "11" if is_threefold => 2,
        "1" | "10" | "5" | "50" => 1,
        "6" | "60" => 2,
        _ => return None,
    })
}

/// `4.55 TB` as the controllers write it, in powers of 1024.
pub(super) fn bytes(size: &str) -> Option<u64> {
    let mut words = size.split_whitespace();
    let number: f64 = words.next()?.parse().ok()?;
    let power = match words.next()?.to_uppercase().as_str() {
        "KB" | "KIB" => 10,
        "MB" | "MIB" => 20,
        "GB" | "GIB" => 30,
        "TB" | "TIB" => 40,
        "PB" | "PIB" => 50,
        _ => return None,
    };
    (0.0..1e9).contains(&number).then(|| (number * (1_u64 << power) as f64) as u64)
}

/// What a tool said of an array besides its members.
pub(super) struct Said {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) level: String,
    pub(super) size: String,
    pub(super) state: ArrayState,
    pub(super) device: Option<String>,
}

pub(super) fn array(said: Said, members: Vec<Member>) -> Array {
    let of = |state| members.iter().filter(|member| member.state == state).count();
    let gone = of(MemberState::Failed) + of(MemberState::Missing) + of(MemberState::Rebuilding);
    // An array that is not whole lacks a member, also where its tool does not say which.
    let least = usize::from(matches!(said.state, ArrayState::Degraded | ArrayState::Rebuilding { .. }));
    let missing = u32::try_from(gone.max(least)).unwrap_or(u32::MAX);
    let spares = of(MemberState::Spare);
    let is_seen = !matches!(said.state, ArrayState::Unknown { .. });
    Array {
        key: said.key.to_lowercase(),
        name: said.name,
        kind: ArrayKind::Hardware,
        tolerates: tolerance(&said.level).filter(|_| is_seen).map(|bears| bears.saturating_sub(missing)),
        level: Some(said.level).filter(|level| !level.is_empty()),
        state: said.state,
        wanted: u32::try_from(members.len() - spares).ok().filter(|wanted| *wanted > 0),
        missing,
        spares: u32::try_from(spares).unwrap_or(u32::MAX),
        bytes: bytes(&said.size),
        device: said.device,
        members,
        errors: None,
    }
}
