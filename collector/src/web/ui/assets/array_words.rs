//! An array in words: whether it is whole first.

use beforehand_core::calendar::bytes_words;
use beforehand_shared::array::{Array, ArrayKind, ArrayState, MemberState};

/// As one phrase. What cannot be seen is never called whole.
pub(super) fn state(array: &Array) -> String {
    let lacking = match array.missing {
        0 => String::new(),
        1 => ", a member is missing".to_owned(),
        missing => format!(", {missing} members are missing"),
    };
    match &array.state {
        ArrayState::Healthy => "whole".to_owned(),
        ArrayState::Degraded => format!("degraded{lacking}"),
        ArrayState::Rebuilding { percent, .. } => {
            let done = percent.map(|percent| format!(" ({percent:.0} % done)")).unwrap_or_default();
            format!("rebuilding{done}{lacking}")
        }
        ArrayState::Failed => "failed: it gives no data".to_owned(),
        ArrayState::Unknown { why } => format!("its state cannot be seen, because {why}"),
        ArrayState::Other => "its agent is newer than this collector, which does not understand its state".to_owned(),
    }
}

pub(super) fn facts(array: &Array) -> Vec<(&'static str, String)> {
    let bears = |more| match more {
        0 => "no further failure".to_owned(),
        1 => "one further failure".to_owned(),
        more => format!("{more} further failures"),
    };
    vec![
        ("State", state(array)),
        ("Bears", array.tolerates.map(bears).unwrap_or_default()),
        ("Kind", kind(array.kind).to_owned()),
        ("Level", array.level.clone().unwrap_or_default()),
        ("Size", array.bytes.map(|bytes| bytes_words(bytes as f64)).unwrap_or_default()),
        ("Device", array.device.clone().unwrap_or_default()),
        ("Spares", if array.spares == 0 { String::new() } else { array.spares.to_string() }),
        ("Errors counted", array.errors.map(|errors| errors.to_string()).unwrap_or_default()),
    ]
}

pub(super) const fn member_state(state: MemberState) -> &'static str {
    match state {
        MemberState::Working => "works",
        MemberState::Spare => "spare",
        MemberState::Rebuilding => "is being filled",
        MemberState::Failed => "failed",
        MemberState::Missing => "missing",
        MemberState::Unknown => "not known",
    }
}

const fn kind(kind: ArrayKind) -> &'static str {
    match kind {
        ArrayKind::Md => "software RAID (md)",
        ArrayKind::Zfs => "ZFS pool",
        ArrayKind::Btrfs => "btrfs",
        ArrayKind::Lvm => "LVM RAID",
        ArrayKind::Hardware => "RAID controller",
        ArrayKind::StorageSpaces => "Storage Spaces",
        ArrayKind::Unknown => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_stands_first_and_what_cannot_be_seen_is_not_called_whole() {
        let of = |state, missing| facts(&Array { state, missing, ..Array::default() }).swap_remove(0).1;
        assert_eq!(of(ArrayState::Healthy, 0), "whole");
        assert_eq!(of(ArrayState::Degraded, 2), "degraded, 2 members are missing");
        let rebuilding = ArrayState::Rebuilding { percent: Some(8.5), minutes_left: Some(17) };
        assert_eq!(of(rebuilding, 1), "rebuilding (8 % done), a member is missing");
        let blind = ArrayState::Unknown { why: "its tool may not be started".into() };
        assert_eq!(of(blind, 0), "its state cannot be seen, because its tool may not be started");
    }
}
