//! A folder that may hold less than its volume is watched as what it is.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use beforehand_e2e::{
    parts::{agent::Agent, place::Place, volume::Loop},
    tool::{output, tool},
};
use beforehand_shared::{observation::Observation, run::ProbeRun, volume::Volume};

const MIB: u64 = 1 << 20;

/// A subvolume of `volume` that may hold `limit` bytes.
fn limited(volume: &Loop, name: &str, limit: u64) -> String {
    let path = volume.mount.join(name);
    output(tool("btrfs").args(["subvolume", "create"]).arg(&path)).unwrap();
    output(tool("btrfs").args(["qgroup", "limit", &limit.to_string()]).arg(&path)).unwrap();
    path.display().to_string()
}

#[test]
fn what_quotas_of_btrfs_leave_is_told_beside_the_volume() {
    let place = Place::new("quota").unwrap();
    let volume = Loop::mount_btrfs(&place, "quotas", 256).unwrap();
    output(tool("btrfs").args(["quota", "enable"]).arg(&volume.mount)).unwrap();
    let full = limited(&volume, "full", 50 * MIB);
    // More than the volume itself has left.
    limited(&volume, "wide", 1024 * MIB);
    std::fs::write(volume.mount.join("full/file"), vec![7; 20 << 20]).unwrap();
    output(tool("btrfs").args(["filesystem", "sync"]).arg(&volume.mount)).unwrap();
    let mounted = place.path("mounted");
    std::fs::create_dir(&mounted).unwrap();
    output(tool("mount").args(["--bind", &full]).arg(&mounted)).unwrap();

    let agent = Agent::prepare(&place, "").unwrap();
    let runs = agent.command(&["once", "--probe", "disk_space"]).unwrap();
    let table = agent.command(&["once", "--print", "--probe", "disk_space"]).unwrap();
    output(tool("umount").arg("--lazy").arg(&mounted)).unwrap();

    let runs: Vec<ProbeRun> = serde_json::from_str(&runs).unwrap();
    let told: Vec<&Volume> = runs[0]
        .outcome
        .observations()
        .iter()
        .filter_map(|one| if let Observation::Volume(volume) = one { Some(volume) } else { None })
        .collect();
    let of =
        |name: &str| *told.iter().find(|told| told.mount == name).unwrap_or_else(|| panic!("no {name} in {told:#?}"));
    let whole = of(&volume.key());
    assert!(!whole.quota && whole.total_bytes > 100 * MIB, "{whole:#?}");
    let bound = of(&mounted.display().to_string());
    assert!(bound.quota && bound.total_bytes == 50 * MIB && bound.fs == "btrfs", "{bound:#?}");
    assert!((29 * MIB..=30 * MIB).contains(&bound.free_bytes), "{bound:#?}");
    let wide = of(&format!("{} (subvolume 257)", volume.key()));
    assert!(wide.quota && wide.free_bytes == whole.free_bytes, "no quota gives more than there is: {wide:#?}");
    assert!(table.contains("a quota of btrfs"), "{table}");
}
