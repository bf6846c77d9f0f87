//! What `ssacli` says of a controller.
#![no_main]

use beforehand_agent::probes::arrays::ssacli;

libfuzzer_sys::fuzz_target!(|answer: &str| {
    let _ = ssacli::arrays(answer);
});
