//! Linux's `/proc/diskstats`, read twice.
#![no_main]

use beforehand_agent::probes::disk_io::parse;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let (before, after) = text.split_once("\n\n").unwrap_or((text, text));
    let (before, after) = (parse::diskstats(before), parse::diskstats(after));
    for (device, counters) in before {
        let seen: Vec<_> = std::iter::once(counters).chain(after.get(&device).copied()).collect();
        let _ = parse::summary(device, &seen, 10_000);
    }
});
