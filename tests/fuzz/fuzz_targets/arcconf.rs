//! What `arcconf` says of a controller.
#![no_main]

use beforehand_agent::probes::arrays::arcconf;

libfuzzer_sys::fuzz_target!(|answer: &str| {
    let _ = arcconf::controllers(answer);
    let _ = arcconf::arrays(answer, 1);
});
