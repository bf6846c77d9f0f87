//! Reads what systems and controllers said of real arrays (kept beside the repository, where it is present) and
//! compares it with what is known of them.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[path = "support/data.rs"]
mod data;

use beforehand_agent::probes::arrays::{arcconf, lvm, megacli, parse, ssacli, storcli, thin, zfs};
use beforehand_shared::array::{Array, ArrayState, MemberState};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn count(array: &Array, state: MemberState) -> usize {
    array.members.iter().filter(|member| member.state == state).count()
}

/// Level, members, spares and how many more may fail, of an array that is whole as all of these are.
fn whole(array: &Array) -> (&str, usize, u32, Option<u32>) {
    assert_eq!((&array.state, array.missing), (&ArrayState::Healthy, 0), "{array:?}");
    assert!(array.bytes.is_some_and(|bytes| bytes > 50 << 30), "{array:?}");
    (array.level.as_deref().unwrap(), count(array, MemberState::Working), array.spares, array.tolerates)
}

/// By the answers themselves: every logical drive of these four says that its status is OK.
#[test]
fn every_smart_array_controller_reads_whole() {
    let Some(folder) = data::public_data("raid") else { return };
    let read = |name: &str| {
        let text = std::fs::read_to_string(folder.join(format!("netdata_raid__hpssa_ssacli-{name}.txt"))).unwrap();
        let (logical, arrays) = (text.matches("Logical Drive:").count(), ssacli::arrays(&text));
        assert_eq!(arrays.len(), logical, "{name}");
        arrays
    };
    let two = read("P212_P410i");
    assert_eq!(two[0].name, "logical drive 1 in slot 5");
    let seen: Vec<_> = two.iter().map(whole).collect();
    assert_eq!(seen, [("raid5", 6, 0, Some(1)), ("raid1", 2, 0, Some(1)), ("raid1+0", 4, 0, Some(1))]);
    let seen = read("P400ar");
    assert_eq!(whole(&seen[0]), ("raid1+0", 6, 0, Some(1)));
    assert_eq!(whole(&read("P400i-unassigned")[0]), ("raid1", 2, 0, Some(1)));
    assert_eq!(whole(&read("P408i-a")[0]), ("raid6", 4, 0, Some(2)));
}

#[test]
fn every_megaraid_controller_reads_whole() {
    let Some(folder) = data::public_data("raid") else { return };
    let bytes = |name: &str| std::fs::read(folder.join(format!("netdata_raid__{name}"))).unwrap();
    let megacli = |name: &str| megacli::arrays(&String::from_utf8_lossy(&bytes(&format!("megacli_mega-{name}.txt"))));
    let storcli = |name: &str| storcli::arrays(&bytes(&format!("storcli_{name}-info.json"))).unwrap();
    let old = megacli("phys-drives-info");
    assert_eq!(old.iter().map(whole).collect::<Vec<_>>(), [("raid1", 8, 0, Some(1))]);
    assert_eq!(old[0].members[0].serial.as_deref(), Some("S1YHNXAG804005"));
    let new = storcli("megaraid-controllers");
    assert_eq!(new.iter().map(whole).collect::<Vec<_>>(), [("raid6", 6, 0, Some(2))]);
    // A controller without arrays, one that only passes drives through, its drives, and the state of batteries.
    for none in [megacli("phys-drives-info-no-drives"), megacli("bbu-info-old"), megacli("bbu-info-recent")] {
        assert!(none.is_empty(), "{none:?}");
    }
    assert!(storcli("mpt3sas-controllers").is_empty() && storcli("megaraid-drives").is_empty());
}

proptest! {
    #[test]
    fn no_answer_makes_the_readers_panic(text in "(md[0-9] : (in)?active |raid[156]|[a-z0-9]{1,4}\\[[0-9]\\](\\(F\\))?| |\\[[0-9]/[0-9]\\]|\n|.){0,40}") {
        let _ = parse::arrays(&text, &BTreeMap::new());
        let _ = (ssacli::arrays(&text), megacli::arrays(&text), storcli::arrays(text.as_bytes()));
        let _ = (arcconf::arrays(&text, 1), arcconf::controllers(&text), thin::pools(text.as_bytes()));
        let _ = (zfs::arrays(&text, &text, &BTreeMap::new()), lvm::arrays(text.as_bytes(), &BTreeMap::new()));
    }
}
