//! What the kernel says of routes, interfaces, radios and neighbours.
#![no_main]

use beforehand_agent::{probes::interfaces::parse, route};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = route::default(text);
    let _ = parse::is_known(text, [192, 0, 2, 1].into(), "eth1");
    let files = toml::from_str(text).unwrap_or_default();
    let _ = parse::state("eth1", &files, text);
});
