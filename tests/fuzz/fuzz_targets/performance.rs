//! Windows' counters of a disk.
#![no_main]

use beforehand_agent::probes::disk_io::performance;

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let _ = performance::counters(answer);
});
