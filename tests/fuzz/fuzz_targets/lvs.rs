//! What `lvs --reportformat json` says.
#![no_main]

use beforehand_agent::probes::arrays::lvm;
use std::collections::BTreeMap;

libfuzzer_sys::fuzz_target!(|answer: &[u8]| {
    let _ = lvm::arrays(answer, &BTreeMap::new());
});
