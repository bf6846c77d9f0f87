//! Linux's `/proc/self/mountinfo`, and what is chosen of it.
#![no_main]

use beforehand_agent::{config::DiskSpace, probes::disk_space::parse};
use std::collections::BTreeSet;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let mut mounts = parse::mounts(text);
    parse::mark_turned_read_only(&mut mounts, text, &BTreeSet::new());
    let _ = parse::selected(mounts, &DiskSpace::default(), |_| false);
});
