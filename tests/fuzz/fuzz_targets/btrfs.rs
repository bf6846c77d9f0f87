//! The files of a btrfs in sysfs.
#![no_main]

use beforehand_agent::probes::arrays::btrfs;

libfuzzer_sys::fuzz_target!(|files: &[u8]| {
    if let Ok(files) = serde_json::from_slice(files) {
        let _ = btrfs::array(&files);
    }
});
