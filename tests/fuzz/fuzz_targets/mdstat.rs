//! Linux's `/proc/mdstat`.
#![no_main]

use beforehand_agent::probes::arrays::parse;
use std::collections::BTreeMap;

libfuzzer_sys::fuzz_target!(|mdstat: &str| {
    let _ = parse::arrays(mdstat, &BTreeMap::new());
});
