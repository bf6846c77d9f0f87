//! What `smartctl --scan-open --json` says.
#![no_main]

use beforehand_agent::probes::drives::parse;

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let _ = parse::scan(answer);
});
