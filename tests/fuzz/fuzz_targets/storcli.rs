//! What `storcli` says as JSON.
#![no_main]

use beforehand_agent::probes::arrays::storcli;

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let _ = storcli::arrays(answer);
});
