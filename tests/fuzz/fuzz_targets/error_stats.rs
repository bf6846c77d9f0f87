//! The errors that btrfs counts.
#![no_main]

use beforehand_agent::probes::disk_space::parse;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = parse::error_stats(text);
});
