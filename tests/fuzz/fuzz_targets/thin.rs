//! What `lvs` says of thin pools.
#![no_main]

use beforehand_agent::probes::arrays::thin;

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let _ = thin::pools(answer);
});
