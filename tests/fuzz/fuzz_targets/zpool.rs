//! What `zpool status` and, after an empty line at its end, `zpool list` say.
#![no_main]

use beforehand_agent::probes::arrays::zfs;
use std::collections::BTreeMap;

libfuzzer_sys::fuzz_target!(|answers: &str| {
    let (status, list) = answers.rsplit_once("\n\n").unwrap_or((answers, ""));
    let _ = zfs::arrays(status, list, &BTreeMap::new());
});
