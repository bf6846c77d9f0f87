//! Windows' Storage Spaces.
#![no_main]

use beforehand_agent::probes::arrays::spaces::{self, Space};

libfuzzer_sys::fuzz_target!(|disks: &[u8]| {
    if let Ok(disks) = serde_json::from_slice::<Vec<Space>>(disks) {
        let _ = spaces::arrays(&disks);
    }
});
