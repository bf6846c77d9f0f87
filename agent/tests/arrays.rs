//! Reads what systems and controllers said of real arrays (kept beside the repository, where it is present) and
//! compares it with what is known of them.

#[path = "support/data.rs"]
mod data;

use beforehand_agent::probes::arrays::parse;
use beforehand_shared::array::{Array, ArrayState, MemberState};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn count(array: &Array, state: MemberState) -> usize {
    array.members.iter().filter(|member| member.state == state).count()
}

/// `node_md_disks{device="md0",state="active"} 2`: what stands before the braces, the labels, the value.
fn metrics(text: &str) -> BTreeMap<(String, String, String), f64> {
    let metric = |line: &str| {
        let (name, rest) = line.split_once('{')?;
        let (labels, value) = rest.split_once("} ")?;
        let label = |key: &str| {
            let labels = labels.split(',').find_map(|label| label.strip_prefix(key));
            labels.unwrap_or_default().trim_matches('"').to_owned()
        };
        Some(((name.to_owned(), label("device="), label("state=")), value.parse().ok()?))
    };
    text.lines().filter_map(metric).collect()
}

#[test]
fn every_array_of_mdstat_reads_as_another_reader_has_it() {
    let Some(folder) = data::public_data("raid") else { return };
    let mdstat = std::fs::read_to_string(folder.join("node_exporter_mdstat.txt")).unwrap();
    let truth = metrics(&std::fs::read_to_string(folder.join("node_exporter_expected_md.txt")).unwrap());
    let arrays = parse::arrays(&mdstat, &BTreeMap::new());
    let of = |name: &str, device: &str, state: &str| {
        truth.get(&(name.to_owned(), device.to_owned(), state.to_owned())).copied().unwrap()
    };
    for array in &arrays {
        let name = array.name.as_str();
        let is = |state| of("node_md_state", name, state) > 0.0;
        let (wanted, works) = (of("node_md_disks_required", name, ""), of("node_md_disks", name, "active"));
        let right = match &array.state {
            ArrayState::Healthy => (is("active") || is("check")) && works >= wanted,
            ArrayState::Degraded => is("active") && works < wanted,
            ArrayState::Rebuilding { .. } => is("recovering") || is("resync"),
            ArrayState::Failed => is("inactive"),
            ArrayState::Unknown { .. } | ArrayState::Other => false,
        };
        assert!(right, "{array:?}");
        for (word, state) in [("failed", MemberState::Failed), ("spare", MemberState::Spare)] {
            assert_eq!(count(array, state) as f64, of("node_md_disks", name, word), "{array:?}");
        }
        if array.state != ArrayState::Failed {
            assert_eq!(count(array, MemberState::Working) as f64, works, "{array:?}");
            assert_eq!(f64::from(array.missing), wanted - works, "{array:?}");
        }
        assert_eq!(array.bytes.unwrap() as f64, 1024.0 * of("node_md_blocks", name, ""), "{array:?}");
    }
    let known: Vec<&str> = arrays.iter().map(|array| array.name.as_str()).collect();
    let all: Vec<&String> =
        truth.keys().filter(|(name, ..)| name == "node_md_blocks").map(|(_, name, _)| name).collect();
    // The one that is missing is a container of firmware RAID.
    assert_eq!(known.len() + 1, all.len());
    assert!(!known.contains(&"md219"));
}

proptest! {
    #[test]
    fn no_answer_makes_the_readers_panic(text in "(md[0-9] : (in)?active |raid[156]|[a-z0-9]{1,4}\\[[0-9]\\](\\(F\\))?| |\\[[0-9]/[0-9]\\]|\n|.){0,40}") {
        let _ = parse::arrays(&text, &BTreeMap::new());
    }
}
