//! What `MegaCli` says of a controller.
#![no_main]

use beforehand_agent::probes::arrays::megacli;

libfuzzer_sys::fuzz_target!(|answer: &str| {
    let _ = megacli::arrays(answer);
});
